"""What decides where a ticket goes: routes by component and kind, words that mean danger, who is on duty."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import one_line
from progress.components.models import Component
from progress.models import Assignment, Development
from progress.touchpoints.models import Touchpoint

from .tickets import Ticket


class Route(models.Model):
    """The most specific one decides: of the component, of what it is part of, of none; of the kind, of any."""

    kind = models.CharField(_("kind"), max_length=12, choices=Ticket.Kind, blank=True, help_text=_("Empty: all kinds."))
    component = models.ForeignKey(
        Component, on_delete=models.CASCADE, null=True, blank=True, related_name="routes", verbose_name=_("component")
    )
    touchpoint = models.ForeignKey(Touchpoint, on_delete=models.PROTECT, related_name="+", verbose_name=_("touchpoint"))
    team = models.CharField(_("team"), max_length=20, choices=Assignment.Role)
    priority = models.CharField(
        _("priority"),
        max_length=10,
        choices=Ticket.Priority,
        blank=True,
        help_text=_("Empty: as the touchpoint's sensitivity has it."),
    )

    class Meta:
        ordering = ["kind", "component"]
        verbose_name = _("route")
        verbose_name_plural = _("routes")
        constraints = [
            models.UniqueConstraint(fields=["kind", "component"], name="route_once"),
            models.UniqueConstraint(fields=["kind"], condition=Q(component=None), name="route_of_kind_once"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.component or ''}".strip()


class EmergencyWord(models.Model):
    """A word that makes a ticket an emergency: in English as a whole word, in Chinese wherever it stands."""

    word = models.CharField(_("word"), max_length=40, unique=True, validators=[one_line])

    class Meta:
        ordering = ["word"]
        verbose_name = _("word that means an emergency")
        verbose_name_plural = _("words that mean an emergency")

    def __str__(self):
        return self.word


class Duty(models.Model):
    """Who hears of emergencies, from when until when; at one development or, without one, at all."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="duties", verbose_name=_("who")
    )
    development = models.ForeignKey(
        Development, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("development")
    )
    starts = models.DateTimeField(_("from"))
    ends = models.DateTimeField(_("until"))

    class Meta:
        ordering = ["starts", "pk"]
        verbose_name = _("duty")
        verbose_name_plural = _("duties")
        constraints = [models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="duty_ends_after_it_begins")]

    def __str__(self):
        return f"{self.user}"
