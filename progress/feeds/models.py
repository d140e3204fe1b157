"""The address at which somebody's calendar fetches their dates, and what their calendars have been told."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.links import make_mac
from accounts.models import Owner

LIFE = timedelta(days=396)  # since the person last signed in
FAREWELL = timedelta(days=30)  # how long calendars are told that a date is called off


class FeedQuerySet(models.QuerySet):
    def for_user(self, user):
        """One's own. Staff see nobody's: there is nothing in it that they don't see elsewhere."""
        mine = Q(owner__user=user if user.is_authenticated else None, owner__user__isnull=False)
        return self.filter(mine, owner__erased_at=None)

    def alive(self):
        """Neither switched off nor ended with the last home."""
        return self.filter(revoked_at=None, ended_at=None)


class Feed(models.Model):
    """One customer's calendar address. Whoever has it reads their dates, without a login, until it is over."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(Owner, on_delete=models.CASCADE, related_name="feeds")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField(_("made at"))
    last_fetched_at = models.DateTimeField(_("last fetched"), null=True)
    revoked_at = models.DateTimeField(_("switched off"), null=True)
    ended_at = models.DateTimeField(_("ended"), null=True)

    objects = FeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")
        constraints = [models.UniqueConstraint(fields=["owner"], name="one_feed_an_owner")]

    def __str__(self):
        return str(self.pk)

    @property
    def path(self):
        """What a calendar fetches. Whoever has it needs no login."""
        return reverse("feed", args=[self.pk, make_mac("feed", self.pk, self.version)])

    @property
    def good_until(self):
        """Signing in prolongs it: nothing is written for that."""
        signed_in = self.owner.user.last_login if self.owner.user else None
        return max(filter(None, [self.made_at, signed_in])) + LIFE

    @property
    def is_alive(self):
        return self.revoked_at is None and self.ended_at is None

    def opens(self, *, at):
        """Whether it is answered: to the login that made it, and to none that came after it."""
        user = self.owner.user
        if self.revoked_at or self.owner.erased_at or user is None or not user.is_active or user.pk != self.made_by_id:
            return False
        return at < self.good_until and (self.ended_at is None or at < self.ended_at + FAREWELL)


class FeedEntry(models.Model):
    """One date as somebody's calendars were last told it. The primary key is the UID there, so it never changes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(Owner, on_delete=models.CASCADE, related_name="feed_entries")
    key = models.CharField(max_length=120)
    content = models.JSONField(_("what it says"))
    sequence = models.PositiveIntegerField(_("revision"), default=0)
    changed_at = models.DateTimeField(_("last changed"))
    cancelled_at = models.DateTimeField(_("called off"), null=True)

    class Meta:
        verbose_name = _("date in a calendar")
        verbose_name_plural = _("dates in calendars")
        constraints = [models.UniqueConstraint(fields=["owner", "key"], name="feed_entry_once_an_owner")]

    def __str__(self):
        return self.key
