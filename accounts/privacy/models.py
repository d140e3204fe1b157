"""What people ask for about the data that we hold: a copy of it, and its end."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.files.models import PrivateFile
from accounts.merges.models import OwnerMerge
from accounts.models import Owner

KEPT = timedelta(days=7)  # a download that is ready
WAIT = timedelta(days=30)  # between asking for erasure and erasing
MAX_CLAIMS = 3


def end_of_day(moment):
    """The last second of its day in the portal's zone: what is due then happens in the night after that day."""
    return timezone.localtime(moment).replace(hour=23, minute=59, second=59, microsecond=0)


class DownloadQuerySet(models.QuerySet):
    def for_user(self, user):
        """Their own. Nobody else ever sees one, staff neither."""
        return self.filter(user=user) if user.is_authenticated else self.none()

    def current(self):
        """Being made, or ready."""
        return self.filter(state__in=[Download.State.WAITING, Download.State.READY])

    def waiting(self):
        return self.filter(state=Download.State.WAITING)

    def to_begin(self, *, at):
        """Asked for, and in no worker's hands."""
        return self.waiting().filter(Q(lease=None) | Q(leased_until__lte=at)).order_by("asked_at")

    def stale(self):
        """Those of a record that became another one since: merged, taken apart, erased, or without this login."""
        changed = OwnerMerge.objects.filter(Q(kept=OuterRef("record_id")) | Q(gone=OuterRef("record_id")))
        merged = changed.filter(Q(at__gte=OuterRef("asked_at")) | Q(undone_at__gte=OuterRef("asked_at")))
        theirs = Owner.objects.filter(user=OuterRef("user"))
        other = Q(record_id=None) & Exists(theirs) | Q(record_id__isnull=False) & ~Exists(
            theirs.filter(pk=OuterRef("record_id"), erased_at=None)
        )
        return self.current().filter(Exists(merged) | other | Q(user__is_active=False))

    def to_be_fetched(self, *, at):
        """Ready, still in time, and still of the person who asked."""
        ready = self.filter(state=Download.State.READY, ready_at__gt=at - KEPT)
        return ready.exclude(pk__in=ready.stale().values("pk"))


class Download(models.Model):
    """A copy of everything held on one login and its customer record, made by the worker and kept for a week."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("a download", "being made")
        READY = "ready", pgettext_lazy("a download", "ready")
        FAILED = "failed", pgettext_lazy("a download", "could not be made")
        GONE = "gone", pgettext_lazy("a download", "thrown away")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="downloads")
    record_id = models.UUIDField(null=True)  # of the Owner it was asked for; no key, since it must not go elsewhere
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    asked_at = models.DateTimeField()
    claims = models.PositiveSmallIntegerField(default=0)  # counted before the attempt, so that it survives the worker
    lease = models.UUIDField(null=True)
    leased_until = models.DateTimeField(null=True)
    progress = models.PositiveSmallIntegerField(default=0)  # per cent
    ready_at = models.DateTimeField(null=True)
    file = models.ForeignKey(PrivateFile, on_delete=models.PROTECT, null=True, related_name="+")

    objects = DownloadQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at"]
        verbose_name = _("download of one's data")
        verbose_name_plural = _("downloads of one's data")
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(state__in=["waiting", "ready"]), name="one_current_download_a_login"
            ),
            models.CheckConstraint(
                condition=Q(state="ready", file__isnull=False, ready_at__isnull=False)
                | (Q(state__in=["waiting", "failed", "gone"]) & Q(file__isnull=True)),
                name="download_ready_has_a_file",
            ),
        ]

    def __str__(self):
        return f"{self.get_state_display()} {self.asked_at:%Y-%m-%d %H:%M}"

    @property
    def is_waiting(self):
        return self.state == self.State.WAITING

    @property
    def kept_until(self):
        return self.ready_at and self.ready_at + KEPT


class ErasureRequestQuerySet(models.QuerySet):
    def for_user(self, user):
        """The person's own."""
        return self.filter(owner__user=user) if user.is_authenticated else self.none()

    def open(self):
        return self.filter(state__in=[ErasureRequest.State.WAITING, ErasureRequest.State.APPROVED])

    def undecided(self):
        return self.filter(state=ErasureRequest.State.WAITING)

    def overdue(self, *, at):
        """Nobody of the staff has answered, and the waiting time is over."""
        return self.undecided().filter(due_at__lte=at)

    def due(self, *, at):
        return self.filter(state=ErasureRequest.State.APPROVED, due_at__lte=at).order_by("due_at", "pk")


class ErasureRequest(models.Model):
    """A customer wants their record erased. Staff agree or refuse; it is carried out after the waiting time."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("an erasure", "to be decided")
        APPROVED = "approved", pgettext_lazy("an erasure", "agreed")
        REFUSED = "refused", pgettext_lazy("an erasure", "refused")
        TAKEN_BACK = "taken-back", pgettext_lazy("an erasure", "taken back")
        DONE = "done", pgettext_lazy("an erasure", "carried out")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        Owner, on_delete=models.PROTECT, related_name="erasure_requests", verbose_name=_("customer")
    )
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.WAITING, editable=False)
    asked_at = models.DateTimeField(pgettext_lazy("an erasure", "asked"))
    due_at = models.DateTimeField(_("to be carried out"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided"), null=True)
    reason = models.CharField(_("reason"), max_length=1000, blank=True)  # of a refusal, which the customer reads
    done_at = models.DateTimeField(_("carried out"), null=True)

    objects = ErasureRequestQuerySet.as_manager()

    class Meta:
        ordering = ["due_at"]
        verbose_name = _("wish to be erased")
        verbose_name_plural = _("wishes to be erased")
        constraints = [
            models.UniqueConstraint(
                fields=["owner"], condition=Q(state__in=["waiting", "approved"]), name="one_open_erasure_an_owner"
            ),
            models.CheckConstraint(
                condition=Q(state="refused") & ~Q(reason="") | ~Q(state="refused") & Q(reason=""),
                name="erasure_refused_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(state="done", done_at__isnull=False) | ~Q(state="done") & Q(done_at__isnull=True),
                name="erasure_done_has_a_time",
            ),
        ]

    def __str__(self):
        return str(self.owner)

    @property
    def is_open(self):
        return self.state in {self.State.WAITING, self.State.APPROVED}

    @property
    def is_undecided(self):
        return self.state == self.State.WAITING

    @property
    def last_day(self):
        """When the night comes that carries it out: staff may have agreed after the waiting time."""
        return max(self.due_at, self.decided_at or self.due_at)
