"""Whether the warranty covers what a ticket reports: each judgement is kept, with its reason and its clause."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.languages import LocalizedText
from portal.tickets.models import Ticket
from progress.components.models import Component
from progress.warranties.covering import Covered
from progress.warranties.models import Term

from .scoped import OfTicket


class WarrantyDecisionQuerySet(OfTicket):
    def newest_first(self):
        return self.order_by("-number")


class WarrantyDecision(models.Model):
    """One judgement, never changed; the one with the highest number counts. `by` None: the portal, by the terms."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    ticket = models.ForeignKey(
        Ticket, on_delete=models.CASCADE, related_name="warranty_decisions", verbose_name=_("ticket")
    )
    number = models.PositiveSmallIntegerField()
    covered = models.CharField(_("warranty"), max_length=10, choices=Covered)
    component = models.ForeignKey(
        Component, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("component")
    )
    reported_on = models.DateField(_("reported on"))
    starts = models.DateField(_("warranty from"), null=True)
    ends = models.DateField(_("warranty until"), null=True)
    term = models.ForeignKey(Term, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("term"))
    reason_en = models.CharField(_("reason in English"), max_length=500, blank=True)
    reason_zh = models.CharField(_("reason in Chinese"), max_length=500, blank=True)
    clause_en = models.TextField(_("clause in English"), max_length=1000, blank=True)
    clause_zh = models.TextField(_("clause in Chinese"), max_length=1000, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("decided by")
    )
    overruled = models.BooleanField(_("decided by staff against or without the terms"), default=False)
    at = models.DateTimeField(_("decided"))

    objects = WarrantyDecisionQuerySet.as_manager()

    class Meta:
        ordering = ["ticket", "number"]
        verbose_name = _("decision about the warranty")
        verbose_name_plural = _("decisions about the warranty")
        constraints = [
            models.UniqueConstraint(fields=["ticket", "number"], name="warranty_decision_number_once"),
            models.CheckConstraint(condition=Q(covered__in=Covered.values), name="warranty_decision_known"),
            models.CheckConstraint(
                condition=~Q(reason_en="") | ~Q(reason_zh=""), name="warranty_decision_has_a_reason"
            ),
            models.CheckConstraint(condition=Q(overruled=False) | Q(by__isnull=False), name="overruled_by_somebody"),
        ]

    def __str__(self):
        return f"{self.ticket_id}: {self.get_covered_display()}"

    @property
    def reason(self):
        return LocalizedText.of(self, "reason")

    @property
    def clause(self):
        return LocalizedText.of(self, "clause")
