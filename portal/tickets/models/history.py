"""What happened to a ticket, step by step. Clocks are computed from it, so that nothing of it is ever changed."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.languages import LocalizedText
from accounts.models import one_line

from .tickets import Ticket


class Step(models.Model):
    """One step. `data` holds ids, codes and moments, never words of people."""

    class What(models.TextChoices):
        REPORTED = "reported", pgettext_lazy("a ticket", "reported")
        ROUTED = "routed", pgettext_lazy("a ticket", "sorted anew")
        ASSIGNED = "assigned", pgettext_lazy("a ticket", "given to somebody")
        WROTE = "wrote", pgettext_lazy("a ticket", "the owner wrote")
        REPLIED = "replied", pgettext_lazy("a ticket", "we answered")
        NOTED = "noted", pgettext_lazy("a ticket", "noted among staff")
        PAUSED = "paused", pgettext_lazy("a ticket", "clock paused")
        RESUMED = "resumed", pgettext_lazy("a ticket", "clock goes on")
        POSTPONED = "postponed", pgettext_lazy("a ticket", "new date")
        RESOLVED = "resolved", pgettext_lazy("a ticket", "done, as we see it")
        CONFIRMED = "confirmed", pgettext_lazy("a ticket", "confirmed by the owner")
        LAPSED = "lapsed", pgettext_lazy("a ticket", "closed without an answer")
        REOPENED = "reopened", pgettext_lazy("a ticket", "opened again")
        WITHDRAWN = "withdrawn", pgettext_lazy("a ticket", "withdrawn")
        MERGED = "merged", pgettext_lazy("a ticket", "became part of another one")
        UNMERGED = "unmerged", pgettext_lazy("a ticket", "on its own again")
        CALLED = "called", pgettext_lazy("a ticket", "called afterwards")
        SHARED = "shared", pgettext_lazy("a ticket", "shown to others or not")

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="steps")
    seq = models.PositiveIntegerField()
    at = models.DateTimeField()
    what = models.CharField(max_length=12, choices=What)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    reason_en = models.CharField(_("reason in English"), max_length=300, blank=True, validators=[one_line])
    reason_zh = models.CharField(_("reason in Chinese"), max_length=300, blank=True, validators=[one_line])
    data = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["ticket", "seq"]
        verbose_name = _("step of a ticket")
        verbose_name_plural = _("steps of tickets")
        constraints = [models.UniqueConstraint(fields=["ticket", "seq"], name="step_in_order")]

    def __str__(self):
        return self.get_what_display()

    @property
    def reason(self):
        return LocalizedText.of(self, "reason")
