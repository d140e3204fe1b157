"""The worker's tasks with workbooks: an import from the upload to the result, an export from the wish to the file."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

KEPT = timedelta(days=7)  # the workbook, and what was shown of it
WRITING = 50  # per cent, from which an import plans and writes in one transaction
QUIET = timedelta(minutes=15)  # a worker that has not been heard of for so long is gone


class RunQuerySet(models.QuerySet):
    """Rows that a worker takes up: `model.BUSY` are the states in which one waits for it."""

    def not_taken_up(self, *, before):
        """Those whose task was lost: nobody has begun."""
        return self.filter(state__in=self.model.BUSY, claimed_at=None, heard_at__lt=before)

    def silent(self, *, before):
        """Those whose worker has gone in the middle."""
        return self.filter(state__in=self.model.BUSY, claimed_at__isnull=False, heard_at__lt=before)


class ImportRunQuerySet(RunQuerySet):
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

    BUSY = (State.UPLOADED, State.RUNNING)

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
        return self.state in self.BUSY

    @property
    def is_writing(self):
        """Whether everything is being written in one go. A database with one writer can't say how far it is."""
        return self.state == self.State.RUNNING and self.progress == WRITING

    @property
    def changed_nothing(self):
        """Whether everything that the workbook says was there already."""
        counted = self.result.get("sheets", [])
        return self.state == self.State.DONE and not any(sheet["created"] + sheet["changed"] for sheet in counted)


class ExportRunQuerySet(RunQuerySet):
    def for_user(self, user):
        """What this person took out; nobody else's, whatever they may see."""
        return self.filter(requester=user) if user.is_authenticated else self.none()

    def to_forget(self, *, at):
        return self.filter(created_at__lt=at - KEPT, file__isnull=False)


class ExportRun(models.Model):
    """What somebody took out: a sheet, or the whole workbook, of what they may see."""

    class State(models.TextChoices):
        WAITING = "waiting", _("being written")
        DONE = "done", _("ready")
        FAILED = "failed", _("not written")

    BUSY = (State.WAITING,)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    requester = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("asked by")
    )
    sheet_codes = models.JSONField(default=list)  # what stands in it
    places = models.JSONField(null=True)  # ids of the developments whose rows may stand in it; null: all
    kind = models.CharField(max_length=4, choices=[("csv", "CSV"), ("xlsx", "XLSX")])
    file = models.ForeignKey("files.PrivateFile", on_delete=models.PROTECT, null=True, editable=False, related_name="+")
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    progress = models.PositiveSmallIntegerField(default=0)  # per cent
    created_at = models.DateTimeField(_("asked for"), auto_now_add=True)
    claimed_at = models.DateTimeField(null=True)
    heard_at = models.DateTimeField()
    finished_at = models.DateTimeField(_("finished"), null=True)

    objects = ExportRunQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "done", "failed"]), name="export_state_known"
            ),
        ]

    def __str__(self):
        return f"{self.stem}.{self.kind}"

    @property
    def stem(self):
        """What the file is saved as, without its ending: an import knows the sheet by it."""
        return self.sheet_codes[0] if len(self.sheet_codes) == 1 else "estate"

    @property
    def is_busy(self):
        return self.state in self.BUSY

    @property
    def gone_at(self):
        """When the file is thrown away."""
        return self.created_at + KEPT
