"""One import of one workbook: from the upload through the preview to the result."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

KEPT = timedelta(days=7)  # the workbook, and what was shown of it
QUIET = timedelta(minutes=15)  # a worker that has not been heard of for so long is gone


class ImportRunQuerySet(models.QuerySet):
    def not_taken_up(self, *, before):
        """Those whose task was lost: to be read or written, and nobody has begun."""
        waiting = models.Q(state=ImportRun.State.UPLOADED) | models.Q(state=ImportRun.State.RUNNING)
        return self.filter(waiting, claimed_at=None, heard_at__lt=before)

    def silent(self, *, before):
        """Those whose worker has gone in the middle."""
        busy = models.Q(state__in=[ImportRun.State.UPLOADED, ImportRun.State.RUNNING], claimed_at__isnull=False)
        return self.filter(busy, heard_at__lt=before)

    def to_forget(self, *, at):
        return self.filter(created_at__lt=at - KEPT, file__isnull=False).exclude(state=ImportRun.State.RUNNING)


class ImportRun(models.Model):
    class State(models.TextChoices):
        UPLOADED = "uploaded", _("being read")
        REFUSED = "refused", _("has errors")
        PREVIEWED = "previewed", _("waits for your word")
        RUNNING = "running", _("being imported")
        DONE = "done", pgettext_lazy("an import", "imported")
        FAILED = "failed", _("not imported")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    uploader = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("uploaded by")
    )
    file = models.ForeignKey("files.PrivateFile", on_delete=models.PROTECT, null=True, editable=False, related_name="+")
    name = models.CharField(_("file"), max_length=100)
    sheet_code = models.CharField(max_length=40, blank=True)  # of a CSV file
    sha256 = models.CharField(max_length=64)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.UPLOADED)
    fingerprint = models.CharField(max_length=64, blank=True)  # of what the preview says will be done
    progress = models.PositiveSmallIntegerField(default=0)  # per cent
    problem_count = models.PositiveIntegerField(default=0)
    problems = models.JSONField(default=list)  # [sheet, row or null, column, reason]
    result = models.JSONField(default=dict)  # {"sheets": [{"code", "created", "changed", "left", "samples"}], …}
    message = models.CharField(max_length=400, blank=True)  # why it was not imported
    created_at = models.DateTimeField(_("uploaded"), auto_now_add=True)
    claimed_at = models.DateTimeField(null=True)
    heard_at = models.DateTimeField()
    finished_at = models.DateTimeField(_("finished"), null=True)

    objects = ImportRunQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        constraints = [
            models.UniqueConstraint(fields=["state"], condition=models.Q(state="running"), name="import_one_at_a_time"),
            models.CheckConstraint(
                condition=models.Q(state__in=["uploaded", "refused", "previewed", "running", "done", "failed"]),
                name="import_state_known",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def is_busy(self):
        """Whether the page should ask again by itself."""
        return self.state in {self.State.UPLOADED, self.State.RUNNING}
