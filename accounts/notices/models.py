"""The outbox: one row a person, a kind, a subject and a channel; and the worker's heartbeat."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Channel, Invitation, Owner

from .reasons import explained


class NoticeQuerySet(models.QuerySet):
    def for_user(self, user):
        """Messages to this person, as a login or as the customer record behind it."""
        if not user.is_authenticated:
            return self.none()
        owner = getattr(user, "owner", None)
        if owner is None or owner.erased_at:
            return self.filter(user=user)
        # Two known ids, neither join nor subquery: only so do both databases look into both columns' indexes.
        return self.filter(models.Q(user=user) | models.Q(owner=owner))

    def inbox(self):
        """What stands in the portal's inbox, newest first. After 180 days the text is gone, and the row with it."""
        inbox = self.filter(channel=Channel.INBOX, state=Notice.State.SENT)
        return inbox.exclude(title="").order_by("-sent_at", "-id")

    def unread(self):
        return self.filter(read_at__isnull=True)

    def due(self, *, at):
        """What waits to be delivered and is in no worker's hands; the longest waiting first."""
        free = models.Q(lease__isnull=True) | models.Q(leased_until__lte=at)
        return self.filter(free, state=Notice.State.QUEUED, next_try_at__lte=at).order_by("next_try_at", "pk")

    def leased(self, lease):
        """What a worker holds under the token `lease` and has not finished."""
        return self.filter(lease=lease, state=Notice.State.QUEUED)

    def undelivered(self):
        """What failed and staff should look at: refused, given up, dead letters."""
        return self.filter(state=Notice.State.FAILED).order_by("-next_try_at")

    def forget(self):
        """Blank what was said. The rows stay, so that nothing is ever said twice."""
        return self.exclude(title="", text="").update(title="", text="", url="")

    def perhaps_repeated(self):
        """Sent after an attempt that died without a result: the server may have had the same message before."""
        return self.filter(state=Notice.State.SENT, claims__gt=1)


class Notice(models.Model):
    """One message to one person on one channel."""

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed")
        SUPPRESSED = "suppressed", _("suppressed")
        EXPIRED = "expired", _("expired")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(_("kind"), max_length=60)
    subject_kind = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=36)
    owner = models.ForeignKey(Owner, on_delete=models.CASCADE, null=True, blank=True, related_name="notices")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="notices"
    )
    invitation = models.ForeignKey(Invitation, on_delete=models.CASCADE, null=True, blank=True, related_name="notices")
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    due_at = models.DateTimeField(_("due"), default=timezone.now)
    next_try_at = models.DateTimeField(_("next attempt"), default=timezone.now)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.QUEUED)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    claims = models.PositiveSmallIntegerField(default=0)  # attempts without a result, the present one included
    failures = models.PositiveSmallIntegerField(default=0)  # attempts that ended in "try later"
    lease = models.UUIDField(null=True, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    message_id = models.CharField(max_length=120, blank=True)
    title = models.CharField(_("title"), max_length=250, blank=True)
    text = models.TextField(_("text"), blank=True)
    url = models.CharField(max_length=250, blank=True)
    language = models.CharField(max_length=10, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    read_at = models.DateTimeField(_("read"), null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(owner__isnull=False, user__isnull=True, invitation__isnull=True)
                | models.Q(owner__isnull=True, user__isnull=False, invitation__isnull=True)
                | models.Q(owner__isnull=True, user__isnull=True, invitation__isnull=False),
                name="notice_to_one_person",
            ),
            models.CheckConstraint(
                condition=models.Q(state="sent", sent_at__isnull=False) | ~models.Q(state="sent"),
                name="notice_sent_has_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["queued", "sent", "failed", "suppressed", "expired"]),
                name="notice_state_known",
            ),
        ]
        indexes = [
            models.Index(fields=["next_try_at"], condition=models.Q(state="queued"), name="notice_due"),
            models.Index(fields=["-created_at"], condition=models.Q(state="failed"), name="notice_failed"),
            models.Index(fields=["owner", "-sent_at"], condition=models.Q(channel="inbox"), name="notice_inbox_owner"),
            models.Index(fields=["user", "-sent_at"], condition=models.Q(channel="inbox"), name="notice_inbox_user"),
        ]

    def __str__(self):
        return self.key

    @property
    def person(self):
        """The Owner or User it is for, or the Invitation that goes to somebody who is neither yet."""
        return self.owner or self.user or self.invitation

    @property
    def explanation(self):
        """Why it was not sent, in the active language."""
        return explained(self.reason)


class HeartbeatManager(models.Manager):
    def beat(self, job, *, at):
        """Note that `job` came through at `at`."""
        self.update_or_create(job=job, defaults={"at": at})


class Heartbeat(models.Model):
    """When each recurring job last ran; `/health/ready` reads the worker's."""

    job = models.CharField(primary_key=True, max_length=60)
    at = models.DateTimeField()

    objects = HeartbeatManager()

    def __str__(self):
        return f"{self.job} {self.at:%Y-%m-%d %H:%M}"
