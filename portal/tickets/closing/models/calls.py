"""Calls to owners: after each repair, and after somebody said that they are not content. Owners do not see them."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import one_line
from portal.tickets.models import Ticket

from .scoped import OfDesk

LONGEST_NOTE = 500


class CallQuerySet(OfDesk):
    def due(self):
        return self.filter(state=Call.State.DUE)

    def after_repairs(self):
        return self.filter(why=Call.Why.REPAIR)

    def tally(self, *by):
        """By `by` (as "ticket__development"): how many calls were owed, done, done in time, and are past their time
        or were given up. One that no longer applies counts nowhere. One query."""
        counted = self.exclude(state=Call.State.VOID).values(*by)
        done = Q(state=Call.State.DONE)
        counted = counted.annotate(
            owed=Count("pk"),
            done=Count("pk", filter=done),
            in_time=Count("pk", filter=done & Q(settled_at__lte=models.F("due_at"))),
            unreached=Count("pk", filter=Q(state=Call.State.UNREACHED)),
        )
        return counted.order_by(*by)

    def share_done(self, *, at):
        """Of the calls that are done or should be by `at`, how many per cent are done; None where there is none.

        What is still in its time counts neither way.
        """
        owed = self.exclude(state=Call.State.VOID).exclude(state=Call.State.DUE, due_at__gt=at)
        counted = owed.aggregate(owed=Count("pk"), done=Count("pk", filter=Q(state=Call.State.DONE)))
        return round(100 * counted["done"] / counted["owed"]) if counted["owed"] else None


class Call(models.Model):
    """One call that is owed, until somebody was reached or three tries have failed."""

    class Why(models.TextChoices):
        REPAIR = "repair", pgettext_lazy("a call", "after a repair")
        SCORE = "score", pgettext_lazy("a call", "because somebody is not content")

    class State(models.TextChoices):
        DUE = "due", pgettext_lazy("a call", "to be made")
        DONE = "done", pgettext_lazy("a call", "made")
        UNREACHED = "unreached", pgettext_lazy("a call", "given up: nobody was reached")
        VOID = "void", pgettext_lazy("a call", "no longer needed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="calls", verbose_name=_("ticket"))
    why = models.CharField(_("why"), max_length=10, choices=Why)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DUE)
    due_at = models.DateTimeField(_("due"))
    settled_at = models.DateTimeField(_("settled"), null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("called by")
    )
    opened_at = models.DateTimeField(editable=False)

    objects = CallQuerySet.as_manager()

    class Meta:
        ordering = ["due_at", "pk"]
        verbose_name = _("call to an owner")
        verbose_name_plural = _("calls to owners")
        constraints = [
            models.UniqueConstraint(
                fields=["ticket", "why"], condition=Q(state="due"), name="one_call_due_a_ticket_and_reason"
            ),
            models.CheckConstraint(
                condition=Q(state="due", settled_at__isnull=True) | (~Q(state="due") & Q(settled_at__isnull=False)),
                name="call_settled_has_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(settled_by__isnull=False), name="call_made_by_somebody"
            ),
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(state="due"), name="call_due")]

    def __str__(self):
        return f"{self.ticket_id}: {self.get_why_display()}"

    @property
    def is_due(self):
        return self.state == self.State.DUE


class CallTryQuerySet(OfDesk):
    path = "call__ticket__development"


class CallTry(models.Model):
    """Somebody rang. Never changed."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="tries")
    reached = models.BooleanField(_("reached"))
    note = models.CharField(_("note"), max_length=LONGEST_NOTE, blank=True, validators=[one_line])
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("when"))

    objects = CallTryQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("try to reach an owner")
        verbose_name_plural = _("tries to reach owners")

    def __str__(self):
        return f"{self.call_id} {self.at:%Y-%m-%d %H:%M}"
