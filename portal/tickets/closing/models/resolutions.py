"""An answer to a ticket that waits for its owner's word: what came of it, and how long we wait."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.languages import LocalizedText
from portal.tickets.models import Ticket

from .scoped import OfTicket

LONGEST = 4000


class ResolutionQuerySet(OfTicket):
    def open(self):
        """Nobody has said yet whether that is the end of it."""
        return self.filter(how="")

    def to_advance(self, *, at):
        """Those whose owner has to be reminded by now, or whose time is over."""
        return self.open().filter(next_at__lte=at).order_by("next_at", "pk")


class Resolution(models.Model):
    """One attempt to bring a ticket to its end. Its owner confirms it, refuses it, or lets it lapse.

    `quiet_since`: since when nothing was said on either side; `next_at`: when the next reminder or the end comes,
    None while the owner waits for an answer of ours.
    """

    class Outcome(models.TextChoices):
        FIXED = "fixed", pgettext_lazy("outcome of a ticket", "fixed")
        ANSWERED = "answered", pgettext_lazy("outcome of a ticket", "answered")
        NOT_COVERED = "not_covered", pgettext_lazy("outcome of a ticket", "not covered by the warranty")
        UNFIXED = "unfixed", pgettext_lazy("outcome of a ticket", "closed without being fixed")
        DUPLICATE = "duplicate", pgettext_lazy("outcome of a ticket", "reported twice")

    class How(models.TextChoices):
        CONFIRMED = "confirmed", pgettext_lazy("end of a ticket", "the owner confirmed it")
        LAPSED = "lapsed", pgettext_lazy("end of a ticket", "closed after seven days without a word")
        REFUSED = "refused", pgettext_lazy("end of a ticket", "the owner says it is not done")
        LEFT = "left", pgettext_lazy("end of a ticket", "went another way")  # withdrawn, merged, opened by staff

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    ticket = models.ForeignKey(
        Ticket, on_delete=models.CASCADE, related_name="resolutions", verbose_name=_("ticket"), editable=False
    )
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome)
    text = models.TextField(_("what we told the owner"), max_length=LONGEST, blank=True)
    clause_en = models.TextField(_("clause in English"), max_length=1000, blank=True)
    clause_zh = models.TextField(_("clause in Chinese"), max_length=1000, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("resolved by")
    )
    at = models.DateTimeField(_("resolved"))
    quiet_since = models.DateTimeField(editable=False)
    reminders = models.PositiveSmallIntegerField(_("reminders"), default=0, editable=False)
    next_at = models.DateTimeField(null=True, editable=False)
    how = models.CharField(_("how it ended"), max_length=10, choices=How, blank=True, editable=False)
    ended_at = models.DateTimeField(_("ended"), null=True, editable=False)
    on_telephone = models.BooleanField(default=False, editable=False)  # staff wrote down what the owner said

    objects = ResolutionQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("outcome of a ticket")
        verbose_name_plural = _("outcomes of tickets")
        constraints = [
            models.UniqueConstraint(fields=["ticket"], condition=Q(how=""), name="one_open_resolution_a_ticket"),
            models.CheckConstraint(
                condition=Q(how="", ended_at__isnull=True)
                | (~Q(how="") & Q(ended_at__isnull=False, next_at__isnull=True)),
                name="resolution_ended_has_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="not_covered") | ~Q(clause_en="") | ~Q(clause_zh=""),
                name="resolution_not_covered_has_a_clause",
            ),
        ]
        indexes = [models.Index(fields=["next_at"], condition=Q(next_at__isnull=False), name="resolution_to_advance")]

    def __str__(self):
        return f"{self.ticket_id}: {self.get_outcome_display()}"

    @property
    def is_open(self):
        return not self.how

    @property
    def clause(self):
        return LocalizedText.of(self, "clause")
