"""The outbox: one row a person, a kind, a subject and a channel; and the worker's heartbeat."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Channel, Invitation, Owner

from .guests import Guest, to_one_of
from .reasons import ADDRESS_SUPPRESSED, NO_ADDRESS, NO_SMS, explained
from .topics import Mode


def _unreached():
    """Suppressed for want of an address, not because nobody wants it."""
    return models.Q(state=Notice.State.SUPPRESSED, reason__in=[NO_ADDRESS, ADDRESS_SUPPRESSED, NO_SMS])


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
        due = self.filter(free, state=Notice.State.QUEUED, next_try_at__lte=at, mode=Mode.NOW)
        return due.order_by("next_try_at", "pk")

    def for_digest(self):
        """What waits to go out with others, in one message."""
        return self.filter(state=Notice.State.QUEUED, mode__in=[Mode.DAILY, Mode.WEEKLY])

    def leased(self, lease):
        """What a worker holds under the token `lease` and has not finished."""
        return self.filter(lease=lease, state=Notice.State.QUEUED)

    def undelivered(self):
        """What staff should look at: refused, given up, dead letters, returned. A digest stands for all in it."""
        lost = models.Q(state=Notice.State.FAILED) | models.Q(returned_at__isnull=False)
        return self.filter(lost, digest=None).order_by("-next_try_at")

    def to_try_again(self):
        """What reached nobody, for want of a good address or a server that takes it."""
        lost = models.Q(state=Notice.State.FAILED) | models.Q(state=Notice.State.SENT, returned_at__isnull=False)
        return self.filter(lost | _unreached(), digest=None)

    def ended_with_their_digest(self):
        """Of what stands in a digest: what goes along when that is tried again, whatever had come of it."""
        return self.filter(models.Q(state__in=[Notice.State.FAILED, Notice.State.SENT]) | _unreached())

    def told_to(self, owner):
        """All that a customer was told: on their record, as a login, by invitation. What staff are told is not theirs.

        By known ids alone, so that both databases look into the three columns' indexes.
        """
        theirs = models.Q(owner=owner) | models.Q(invitation__in=list(owner.invitations.values_list("pk", flat=True)))
        if owner.user_id and not owner.user.is_staff:
            theirs |= models.Q(user=owner.user_id)
        return self.filter(theirs)

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
    guest = models.ForeignKey(Guest, on_delete=models.CASCADE, null=True, blank=True, related_name="notices")
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    due_at = models.DateTimeField(_("due"), default=timezone.now)
    next_try_at = models.DateTimeField(_("next attempt"), default=timezone.now)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.QUEUED)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    mode = models.CharField(max_length=8, choices=Mode, default=Mode.NOW)  # other than NOW: it waits for a digest
    digest = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="gathered")
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
    provider_id = models.CharField(max_length=120, blank=True)  # what the mail or SMS provider calls it
    returned_at = models.DateTimeField(_("returned"), null=True, blank=True)
    returned_reason = models.CharField(_("why it was returned"), max_length=200, blank=True)
    heard_at = models.DateTimeField(null=True, blank=True)  # by the provider's clock: its last word on this notice

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        constraints = [
            models.CheckConstraint(
                condition=to_one_of("owner", "user", "invitation", "guest"), name="notice_to_one_person"
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
            models.Index(fields=["next_try_at", "id"], condition=models.Q(state="queued"), name="notice_due"),
            models.Index(
                fields=["next_try_at"],
                condition=models.Q(state="queued", mode__in=["daily", "weekly"]),
                name="notice_for_digest",
            ),
            models.Index(fields=["-created_at"], condition=models.Q(state="failed"), name="notice_failed"),
            models.Index(fields=["-created_at"], condition=models.Q(returned_at__isnull=False), name="notice_returned"),
            models.Index(fields=["provider_id"], condition=~models.Q(provider_id=""), name="notice_provider"),
            models.Index(fields=["owner", "-sent_at"], condition=models.Q(channel="inbox"), name="notice_inbox_owner"),
            models.Index(fields=["user", "-sent_at"], condition=models.Q(channel="inbox"), name="notice_inbox_user"),
        ]

    def __str__(self):
        return self.key

    @property
    def person(self):
        """The Owner or User it is for, or the Invitation or Guest that stands for somebody who is neither."""
        return self.owner or self.user or self.invitation or self.guest

    @property
    def is_passing(self):
        """Whether it goes to one address that belongs to no record of ours."""
        return self.invitation_id is not None or self.guest_id is not None

    @property
    def explanation(self):
        """Why it was not sent, or came back, in the active language."""
        return explained(self.returned_reason or self.reason)


class Preference(models.Model):
    """How one person wants to hear of one topic on one channel. Without a row: at once.

    The version stands in links that unsubscribe: whoever switches something on again, logged in, makes older ones void.
    """

    owner = models.ForeignKey(Owner, on_delete=models.CASCADE, null=True, blank=True, related_name="preferences")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="preferences"
    )
    topic = models.CharField(_("topic"), max_length=30)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    mode = models.CharField(_("how"), max_length=8, choices=Mode)
    version = models.PositiveSmallIntegerField(default=1)

    class Meta:
        verbose_name = _("preference")
        verbose_name_plural = _("preferences")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(owner__isnull=False, user__isnull=True)
                | models.Q(owner__isnull=True, user__isnull=False),
                name="preference_of_one_person",
            ),
            models.CheckConstraint(
                condition=models.Q(mode__in=["now", "daily", "weekly", "off"]), name="preference_mode_known"
            ),
            models.CheckConstraint(condition=~models.Q(channel="inbox"), name="preference_never_of_the_inbox"),
            models.CheckConstraint(
                condition=~models.Q(channel="sms", mode__in=["daily", "weekly"]), name="preference_no_digest_by_text"
            ),
            models.UniqueConstraint(fields=["owner", "topic", "channel"], name="preference_once_an_owner"),
            models.UniqueConstraint(fields=["user", "topic", "channel"], name="preference_once_a_user"),
        ]

    def __str__(self):
        return f"{self.topic}, {self.channel}: {self.mode}"


class CircularQuerySet(models.QuerySet):
    def about(self, subject):
        return self.filter(subject_kind=subject._meta.label_lower, subject_id=str(subject.pk))

    def due(self, *, at):
        """What is still to be written and is in no worker's hands; the oldest first."""
        free = models.Q(lease__isnull=True) | models.Q(leased_until__lte=at)
        return self.filter(free, state=Circular.State.WRITING).order_by("at", "pk")

    def stopped(self):
        """What three workers did not survive: staff should look at it."""
        return self.filter(state=Circular.State.STOPPED)


class Circular(models.Model):
    """One occasion told to many: their notices are written by the worker, some at a time, in the order of their ids."""

    class State(models.TextChoices):
        WRITING = "writing", _("being told")
        DONE = "done", _("told")
        STOPPED = "stopped", _("stopped")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(_("kind"), max_length=60)
    subject_kind = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=36)
    step = models.CharField(max_length=60, blank=True)
    at = models.DateTimeField()  # when it happened
    expires_at = models.DateTimeField(null=True, blank=True)
    people = models.PositiveIntegerField()  # as many as it concerned then
    told = models.PositiveIntegerField(default=0)
    reached = models.UUIDField(null=True, blank=True)  # the last who was told
    state = models.CharField(max_length=10, choices=State, default=State.WRITING)
    claims = models.PositiveSmallIntegerField(default=0)  # attempts without a result, the present one included
    lease = models.UUIDField(null=True, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)

    objects = CircularQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["writing", "done", "stopped"]), name="circular_state_known"
            ),
        ]
        indexes = [
            models.Index(fields=["at"], condition=models.Q(state="writing"), name="circular_due"),
            models.Index(fields=["subject_kind", "subject_id"], name="circular_subject"),
        ]

    def __str__(self):
        return self.key


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
