"""Mail that came in: what it was, what became of it, and why."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.files.models import PrivateFile
from accounts.models import Owner
from portal.tickets.models import Ticket
from progress import scope
from progress.models import Home

LONGEST_LINE = 250
MOST_CLAIMS = 3


class IncomingMailQuerySet(models.QuerySet):
    def for_user(self, user):
        """For staff alone: mail of customers in their developments, and what nobody knows the sender of."""
        known = scope.of_assigned(user, self.model, "owner__ownerships__home__development")
        if known is scope.NOTHING or known is scope.EVERYTHING:
            return self.filter(known)
        rows = self.model._default_manager.filter(known | Q(owner=None, ticket=None)).order_by()
        about = scope.of_assigned(user, self.model, "ticket__development")
        return self.filter(Q(pk__in=rows.values("pk")) | about)

    def due(self, *, at):
        """Received, and in no worker's hands."""
        return self.filter(Q(leased_until=None) | Q(leased_until__lte=at), state=IncomingMail.State.RECEIVED)

    def to_sort(self):
        """What staff must look at before it becomes anything."""
        return self.filter(state=IncomingMail.State.TO_SORT)

    def held(self):
        return self.filter(state=IncomingMail.State.HELD)


class IncomingMail(models.Model):
    """One message to one of our addresses, under the name its sender gave it: brought again, it is the same row."""

    class State(models.TextChoices):
        RECEIVED = "received", pgettext_lazy("a mail", "received")
        TO_SORT = "to-sort", pgettext_lazy("a mail", "to be sorted")
        HELD = "held", pgettext_lazy("a mail", "held back")
        TAKEN = "taken", pgettext_lazy("a mail", "taken in")
        STOPPED = "stopped", pgettext_lazy("a mail", "stopped")
        DISCARDED = "discarded", pgettext_lazy("a mail", "thrown away")

    class Why(models.TextChoices):
        AUTOMATIC = "automatic", _("a machine's answer")
        BULK = "bulk", _("sent to many")
        RETURNED = "returned", _("a message that came back")
        OURS = "ours", _("our own message")
        SPAM = "spam", _("marked as unwanted by the mail provider")
        FLOOD = "flood", _("too many messages from this address")
        UNKNOWN = "unknown", _("nobody we know writes from this address")
        SEVERAL = "several", _("several customers have this address")
        UNPROVED = "unproved", _("nobody has proved that this address is theirs")
        HOMES = "homes", _("it does not say which home it is about")
        FORGED = "forged", _("the sender may be forged")
        ELSEWHERE = "elsewhere", _("came from another address")
        REFUSED = "refused", _("it could not be added")
        BROKEN = "broken", _("it could not be read")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    message_id = models.CharField(max_length=LONGEST_LINE, editable=False)
    recipient = models.CharField(_("to"), max_length=LONGEST_LINE, editable=False)
    sender = models.CharField(_("from"), max_length=254, blank=True, editable=False)
    sender_name = models.CharField(_("name"), max_length=150, blank=True, editable=False)
    subject = models.CharField(_("subject"), max_length=LONGEST_LINE, blank=True, editable=False)
    stripped = models.TextField(blank=True, editable=False)  # what the provider took for the text without its quotes
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.RECEIVED)
    why = models.CharField(_("because"), max_length=12, choices=Why, blank=True)
    detail = models.CharField(_("in words"), max_length=300, blank=True)
    raw = models.ForeignKey(PrivateFile, on_delete=models.PROTECT, null=True, related_name="+")
    owner = models.ForeignKey(
        Owner, on_delete=models.PROTECT, null=True, related_name="incoming_mail", verbose_name=_("owner")
    )
    home = models.ForeignKey(Home, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("home"))
    ticket = models.ForeignKey(
        Ticket, on_delete=models.PROTECT, null=True, related_name="incoming_mail", verbose_name=_("ticket")
    )
    received_at = models.DateTimeField(_("received"))
    claims = models.PositiveSmallIntegerField(default=0, editable=False)
    lease = models.UUIDField(null=True, editable=False)
    leased_until = models.DateTimeField(null=True, editable=False)
    handled_at = models.DateTimeField(_("handled"), null=True)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("handled by")
    )

    objects = IncomingMailQuerySet.as_manager()

    class Meta:
        ordering = ["-received_at", "id"]
        verbose_name = _("mail")
        verbose_name_plural = _("mail")
        constraints = [
            models.UniqueConstraint(fields=["message_id", "recipient"], name="mail_once_a_recipient"),
            models.CheckConstraint(
                condition=Q(state__in=["received", "to-sort", "held", "taken", "stopped", "discarded"]),
                name="mail_state_known",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["to-sort", "held", "stopped"]) | ~Q(why=""), name="mail_waits_for_a_reason"
            ),
            models.CheckConstraint(
                condition=~Q(state="taken") | Q(ticket__isnull=False), name="mail_taken_is_a_ticket"
            ),
        ]
        indexes = [
            models.Index(fields=["sender", "received_at"], name="mail_of_sender"),
            models.Index(
                fields=["received_at"], condition=Q(state__in=["received", "to-sort", "held"]), name="mail_waits"
            ),
        ]

    def __str__(self):
        return self.subject or self.sender

    @property
    def waits_for_staff(self):
        return self.state in {self.State.TO_SORT, self.State.HELD}
