"""Rooms and what is in them: a tree of two levels, such as kitchen → tap."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.languages import LocalizedText
from accounts.models import one_line


class System(models.TextChoices):
    """What a component belongs to. Warranties and patterns go by it."""

    WATER = "water", pgettext_lazy("part of a home", "water pipes")
    WATERPROOFING = "waterproofing", pgettext_lazy("part of a home", "waterproofing")
    DRAINAGE = "drainage", pgettext_lazy("part of a home", "drainage")
    HEATING = "heating", pgettext_lazy("part of a home", "heating")
    ELECTRICAL = "electrical", pgettext_lazy("part of a home", "electrical")
    GAS = "gas", pgettext_lazy("part of a home", "gas")
    WINDOWS = "windows", pgettext_lazy("part of a home", "windows")
    DOORS = "doors", pgettext_lazy("part of a home", "doors")
    WALLS = "walls", pgettext_lazy("part of a home", "walls")
    FLOOR = "floor", pgettext_lazy("part of a home", "floor")
    CEILING = "ceiling", pgettext_lazy("part of a home", "ceiling")
    FITTINGS = "fittings", pgettext_lazy("part of a home", "fittings and hardware")
    APPLIANCES = "appliances", pgettext_lazy("part of a home", "appliances")
    SHARED = "shared", pgettext_lazy("part of a home", "shared areas")
    OTHER = "other", pgettext_lazy("part of a home", "other")


class ComponentQuerySet(models.QuerySet):
    def in_use(self):
        """Those that are offered; the others stay with the tickets that name them."""
        return self.filter(in_use=True)

    def rooms(self):
        return self.filter(parent=None)


class Component(models.Model):
    """A room (no parent), or something in one."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.SlugField(_("code"), max_length=40, unique=True)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="parts", verbose_name=_("room")
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    name_en = models.CharField(_("name in English"), max_length=60, blank=True, validators=[one_line])
    name_zh = models.CharField(_("name in Chinese"), max_length=60, blank=True, validators=[one_line])
    words = models.CharField(
        _("other words for it"),
        max_length=200,
        blank=True,
        validators=[one_line],
        help_text=_("In both languages, with spaces between."),
    )
    system = models.CharField(_("belongs to"), max_length=20, choices=System, default=System.OTHER)
    in_use = models.BooleanField(_("in use"), default=True)

    objects = ComponentQuerySet.as_manager()

    class Meta:
        ordering = ["order", "code"]
        verbose_name = _("component")
        verbose_name_plural = _("rooms and components")
        constraints = [
            models.CheckConstraint(condition=~Q(name_en="") | ~Q(name_zh=""), name="component_has_a_name"),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=models.F("id")), name="component_not_part_of_itself"
            ),
        ]

    def __str__(self):
        return str(self.path)

    @property
    def name(self):
        return LocalizedText.of(self, "name")

    @property
    def path(self):
        """The room and what is in it, as people say it."""
        return f"{self.parent.name} · {self.name}" if self.parent else str(self.name)
