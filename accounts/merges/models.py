"""Two customer records of one person, made one; taken apart again within 30 days."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Owner

REVERSIBLE = timedelta(days=30)


class OwnerMerge(models.Model):
    """What moved from the record that goes to the one that stays, by id, so that undoing moves exactly this back."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kept = models.ForeignKey(Owner, on_delete=models.PROTECT, related_name="+", verbose_name=_("record that stays"))
    gone = models.ForeignKey(Owner, on_delete=models.PROTECT, related_name="+", verbose_name=_("record that went"))
    moved = models.JSONField(editable=False)
    at = models.DateTimeField(_("when"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )
    undone_at = models.DateTimeField(_("taken apart"), null=True, editable=False)

    class Meta:
        ordering = ["-at"]
        verbose_name = _("merge of two customers")
        verbose_name_plural = _("merges of customers")
        constraints = [
            models.CheckConstraint(condition=~models.Q(kept=models.F("gone")), name="merge_of_two_records"),
            models.UniqueConstraint(
                fields=["gone"], condition=models.Q(undone_at__isnull=True), name="one_merge_a_record_that_went"
            ),
        ]

    def __str__(self):
        return f"{self.gone.customer_no} → {self.kept.customer_no}"

    def can_be_undone(self, *, at):
        return self.undone_at is None and at < self.at + REVERSIBLE
