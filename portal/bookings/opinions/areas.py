"""The parts of a home and its site that opinions are about."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Area(TextChoices):
    KITCHEN = "kitchen", _("kitchen")
    BATHROOMS = "bathrooms", _("bathrooms")
    LIVING_ROOM = "living-room", _("living room")
    BEDROOMS = "bedrooms", _("bedrooms")
    BALCONY = "balcony", _("balcony")
    WINDOWS = "windows", _("windows and doors")
    SHARED = "shared", _("entrance, stairs and lifts")
    OUTSIDE = "outside", _("paths, green and parking")
    SITE = "site", _("the site and how it is run")
    VISIT = "visit", _("the visit itself")


class Verdict(TextChoices):
    GOOD = "good", pgettext_lazy("an opinion", "I like it")
    MIXED = "mixed", pgettext_lazy("an opinion", "could be better")
    BAD = "bad", pgettext_lazy("an opinion", "I don't like it")
