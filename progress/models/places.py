"""Places: developments, their buildings and house types, homes."""

import uuid
from zoneinfo import available_timezones

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from accounts.languages import LocalizedText, half_of
from accounts.models import one_line
from progress import scope
from progress.calendar.holidays import known_calendar

from .roles import FOLLOWS_PROGRESS, HOSTS


def known_zone(value):
    """A validator: the name of a time zone, such as Asia/Shanghai."""
    if value not in available_timezones():
        raise ValidationError(_("This time zone is not known. An example: Asia/Shanghai."))


class DevelopmentQuerySet(models.QuerySet):
    def for_user(self, user):
        """Developments in which this person has a home, or which are assigned to them as staff."""
        return self.filter(
            scope.of_own_homes(user, "pk", "home__development") | scope.of_assigned(user, self.model, "pk")
        )


class Development(models.Model):
    """A site: an estate, or a renovation programme."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name_en = models.CharField(_("name in English"), max_length=120, blank=True, validators=[one_line])
    name_zh = models.CharField(_("name in Chinese"), max_length=120, blank=True, validators=[one_line])
    time_zone = models.CharField(_("time zone"), max_length=40, default=settings.TIME_ZONE, validators=[known_zone])
    calendar = models.CharField(
        _("calendar"),
        max_length=12,
        default=settings.WORK_CALENDAR,
        validators=[known_calendar],
        help_text=_("The country whose public holidays count, such as CN or GB-ENG."),
    )

    objects = DevelopmentQuerySet.as_manager()

    class Meta:
        ordering = ["name_en", "name_zh"]
        verbose_name = _("development")
        verbose_name_plural = _("developments")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(name_en="") | ~models.Q(name_zh=""), name="development_has_a_name"
            ),
        ]

    def __str__(self):
        return str(self.name)

    @property
    def name(self):
        return LocalizedText.of(self, "name")

    def clean(self):
        if not (self.name_en or self.name_zh):
            raise ValidationError(_("Please give a name in at least one language."))


class PlaceQuerySet(models.QuerySet):
    """Rows that stand in one development: buildings, house types."""

    def for_user(self, user):
        return self.filter(
            scope.of_own_homes(user, "pk", self.model.path_from_ownership)
            | scope.of_assigned(user, self.model, "development")
        )


class Building(models.Model):
    path_from_ownership = "home__building"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    development = models.ForeignKey(
        Development, on_delete=models.PROTECT, related_name="buildings", verbose_name=_("development")
    )
    name = models.CharField(pgettext_lazy("a place", "name"), max_length=80, validators=[one_line])

    objects = PlaceQuerySet.as_manager()

    class Meta:
        ordering = ["development", "name"]
        verbose_name = _("building")
        verbose_name_plural = _("buildings")
        constraints = [
            models.UniqueConstraint(fields=["development", "name"], name="building_name_once_a_development"),
        ]

    def __str__(self):
        place = {"development": self.development, "building": self.title}
        return pgettext("a place", "%(development)s, %(building)s") % place

    @property
    def title(self):
        """The name as the reader calls it: of “Building 3 · 3号楼” the half in their language."""
        return half_of(self.name)


class HouseType(models.Model):
    path_from_ownership = "home__house_type"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    development = models.ForeignKey(
        Development, on_delete=models.PROTECT, related_name="house_types", verbose_name=_("development")
    )
    name = models.CharField(pgettext_lazy("a place", "name"), max_length=80, validators=[one_line])
    plan = models.ForeignKey("files.PrivateFile", on_delete=models.PROTECT, null=True, blank=True, editable=False)
    area = models.DecimalField(_("area in m²"), max_digits=8, decimal_places=2, null=True, blank=True)

    objects = PlaceQuerySet.as_manager()

    class Meta:
        ordering = ["development", "name"]
        verbose_name = _("house type")
        verbose_name_plural = _("house types")
        constraints = [
            models.UniqueConstraint(fields=["development", "name"], name="house_type_name_once_a_development"),
        ]

    def __str__(self):
        return self.name


class HomeQuerySet(models.QuerySet):
    def for_user(self, user):
        """The person's own homes, in any live role; for staff, those of the developments assigned to them."""
        return self.filter(scope.of_own_homes(user, "pk", "home") | scope.of_assigned(user, self.model, "development"))

    def lived_in_by(self, user):
        """The person's own homes, in any live role, whatever else they may see as staff.

        Each knows `is_followed`: whether the person follows its progress, which a tenant does not;
        and `is_hosted`: whether they decide who belongs to the household, as owner or co-owner.
        """
        followed = scope.of_own_homes(user, "pk", "home", roles=FOLLOWS_PROGRESS)
        hosted = scope.of_own_homes(user, "pk", "home", roles=HOSTS)
        return self.filter(scope.of_own_homes(user, "pk", "home")).annotate(
            is_followed=models.Case(models.When(followed, then=True), default=False),
            is_hosted=models.Case(models.When(hosted, then=True), default=False),
        )

    def with_place(self):
        return self.select_related("development", "building", "house_type")

    def without_owner(self):
        """Homes that belong to nobody, today or from a day that is known: those left to buy."""
        return self.exclude(ownerships__state__in=("pending", "live"))

    def left_empty_by(self, owner):
        """Homes of this person, also former ones, whose progress nobody else follows, today or from a day on."""
        rights = apps.get_model("progress", "Ownership").objects.filter(home=models.OuterRef("pk"))
        others = rights.filter(role__in=FOLLOWS_PROGRESS, state__in=("pending", "live")).exclude(owner=owner)
        return self.filter(models.Exists(rights.filter(owner=owner)), ~models.Exists(others))


class Home(models.Model):
    """One plot, flat or job."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    development = models.ForeignKey(
        Development, on_delete=models.PROTECT, related_name="homes", verbose_name=_("development")
    )
    building = models.ForeignKey(
        Building, on_delete=models.PROTECT, null=True, blank=True, related_name="homes", verbose_name=_("building")
    )
    house_type = models.ForeignKey(
        HouseType, on_delete=models.PROTECT, null=True, blank=True, related_name="homes", verbose_name=_("house type")
    )
    number = models.CharField(_("number"), max_length=40, validators=[one_line])
    area = models.DecimalField(_("area in m²"), max_digits=8, decimal_places=2, null=True, blank=True)

    objects = HomeQuerySet.as_manager()

    class Meta:
        ordering = ["development", "building", "number"]
        verbose_name = _("home")
        verbose_name_plural = _("homes")
        constraints = [
            models.UniqueConstraint(fields=["building", "number"], name="home_number_once_a_building"),
            models.UniqueConstraint(
                fields=["development", "number"],
                condition=models.Q(building__isnull=True),
                name="home_number_once_a_development",
            ),
        ]

    def __str__(self):
        return f"{self.development} {self.number}"

    def clean(self):
        for place in (self.building, self.house_type):
            if place and place.development_id != self.development_id:
                raise ValidationError(_("%(place)s belongs to another development.") % {"place": place})
