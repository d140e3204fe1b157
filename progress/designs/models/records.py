"""The record of a design change on paper: who answered what, when, and to which text."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.files.models import PrivateFile
from progress import scope

KEPT = timedelta(days=30)


class DesignRecordQuerySet(models.QuerySet):
    def for_user(self, user):
        return self.filter(scope.of_assigned(user, self.model, "change__development"))

    def waiting(self):
        return self.filter(state=DesignRecord.State.WAITING)

    def to_forget(self, *, at):
        return self.filter(asked_at__lt=at - KEPT, file__isnull=False)


class DesignRecord(models.Model):
    """A PDF of how things stood when it was made. Made by the worker; the file goes after 30 days."""

    class State(models.TextChoices):
        WAITING = "waiting", _("being made")
        DONE = "done", _("ready")
        FAILED = "failed", _("not made")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    change = models.ForeignKey("designs.DesignChange", on_delete=models.PROTECT, related_name="records")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("asked by")
    )
    language = models.CharField(max_length=10, choices=settings.LANGUAGES)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    file = models.ForeignKey(PrivateFile, on_delete=models.PROTECT, null=True, editable=False, related_name="+")
    asked_at = models.DateTimeField(_("asked for"))
    heard_at = models.DateTimeField()
    claims = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField(_("made"), null=True)

    objects = DesignRecordQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "pk"]
        verbose_name = _("record of a design change")
        verbose_name_plural = _("records of design changes")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="done", made_at__isnull=False)
                | Q(state__in=["waiting", "failed"], made_at__isnull=True, file__isnull=True),
                name="design_record_done_has_a_time",
            ),
        ]

    def __str__(self):
        return f"{self.change}, {self.asked_at:%Y-%m-%d}"

    @property
    def is_waiting(self):
        return self.state == self.State.WAITING

    @property
    def kept_until(self):
        return self.asked_at + KEPT
