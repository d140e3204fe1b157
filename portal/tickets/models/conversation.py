"""What is said about a ticket, in public to its owner or among staff, and the files that go with it."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.files.models import PrivateFile
from accounts.models import Owner
from progress import scope

from .tickets import LONGEST, Ticket


def _seen(user, model, path):
    """Through the ticket: owners never what staff wrote among themselves."""
    people = Q(**{f"{path}__in": Ticket.objects.of_people(user), "internal": False})
    return people | scope.of_assigned(user, Ticket, f"{path}__development")


class MessageQuerySet(models.QuerySet):
    def for_user(self, user):
        return self.filter(_seen(user, self.model, "ticket"))

    def public(self):
        return self.filter(internal=False)


class Message(models.Model):
    """One contribution. `quoted` is what a mail repeats of earlier ones, folded away."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="messages")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    owner = models.ForeignKey(Owner, on_delete=models.PROTECT, null=True, related_name="+")
    by_staff = models.BooleanField(default=False)
    by_contractor = models.BooleanField(default=False)
    internal = models.BooleanField(_("internal note"), default=False)
    text = models.TextField(_("message"), max_length=LONGEST, blank=True)
    quoted = models.TextField(blank=True)
    channel = models.CharField(_("channel"), max_length=10, choices=Ticket.Channel, default=Ticket.Channel.PORTAL)
    at = models.DateTimeField(_("written"))

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints = [
            models.CheckConstraint(condition=Q(internal=False) | Q(owner__isnull=True), name="message_note_of_staff"),
            models.CheckConstraint(
                condition=~Q(by_staff=True) | Q(author__isnull=False), name="message_of_staff_has_an_author"
            ),
        ]
        indexes = [models.Index(fields=["ticket", "at"], name="message_of_ticket")]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M}"


class AttachmentQuerySet(models.QuerySet):
    def for_user(self, user):
        return self.filter(_seen(user, self.model, "ticket"))

    def public(self):
        return self.filter(internal=False)


class Attachment(models.Model):
    """A photo, a short video or a document, sent with the ticket itself (`message` empty) or with a message."""

    class Kind(models.TextChoices):
        PHOTO = "photo", pgettext_lazy("a file", "photo")
        VIDEO = "video", pgettext_lazy("a file", "video")
        DOCUMENT = "document", pgettext_lazy("a file", "document")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="attachments")
    message = models.ForeignKey(Message, on_delete=models.CASCADE, null=True, related_name="attachments")
    file = models.ForeignKey(PrivateFile, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    name = models.CharField(max_length=120, blank=True)
    order = models.PositiveSmallIntegerField(default=0)
    internal = models.BooleanField(default=False)
    by_staff = models.BooleanField(default=False)
    at = models.DateTimeField()

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        ordering = ["at", "order", "pk"]
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        indexes = [models.Index(fields=["ticket", "at"], name="attachment_of_ticket")]

    def __str__(self):
        return self.get_kind_display()
