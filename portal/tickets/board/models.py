"""What stands on the complaints board: a complaint and its answer, in words that their owner agreed to."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.languages import LocalizedText
from accounts.models import one_line
from portal.tickets.models import Ticket
from progress import scope

LONGEST = 2000
TEXTS = ("title", "complaint", "answer")


class EntryQuerySet(models.QuerySet):
    def for_user(self, user):
        """That of one's own tickets; for staff, of the developments assigned."""
        own = Q(pk__in=[])
        if user.is_authenticated and user.is_active:
            own = Q(Exists(Ticket.objects.for_user(user).filter(pk=OuterRef("ticket"), owner__user=user)))
        return self.filter(own | scope.of_assigned(user, self.model, "ticket__development"))

    def published(self):
        return self.filter(state=Entry.State.PUBLISHED)


class Entry(models.Model):
    """One a ticket. `version` is that of its words; consent is to one version, and new words ask for it anew."""

    class State(models.TextChoices):
        ASKED = "asked", pgettext_lazy("on the board", "the owner is asked")
        AGREED = "agreed", pgettext_lazy("on the board", "the owner agreed")
        PUBLISHED = "published", pgettext_lazy("on the board", "published")
        DECLINED = "declined", pgettext_lazy("on the board", "the owner would rather not")
        WITHDRAWN = "withdrawn", pgettext_lazy("on the board", "taken down")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    ticket = models.OneToOneField(Ticket, on_delete=models.PROTECT, related_name="board_entry", editable=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.ASKED, editable=False)
    title_en = models.CharField(_("title in English"), max_length=100, blank=True, validators=[one_line])
    title_zh = models.CharField(_("title in Chinese"), max_length=100, blank=True, validators=[one_line])
    complaint_en = models.TextField(_("complaint in English"), max_length=LONGEST, blank=True)
    complaint_zh = models.TextField(_("complaint in Chinese"), max_length=LONGEST, blank=True)
    answer_en = models.TextField(_("answer in English"), max_length=LONGEST, blank=True)
    answer_zh = models.TextField(_("answer in Chinese"), max_length=LONGEST, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    asked_at = models.DateTimeField(_("asked"), editable=False)
    agreed_at = models.DateTimeField(_("agreed"), null=True, editable=False)
    agreed_version = models.PositiveIntegerField(null=True, editable=False)
    published_at = models.DateTimeField(_("published"), null=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    ended_at = models.DateTimeField(_("taken down"), null=True, editable=False)

    objects = EntryQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "pk"]
        verbose_name = _("entry on the complaints board")
        verbose_name_plural = _("entries on the complaints board")
        permissions = [("publish_entry", "Can publish entry")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["agreed", "published"])
                | Q(agreed_at__isnull=False, agreed_version=models.F("version")),
                name="board_shows_what_was_agreed",
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(published_at__isnull=False, published_by__isnull=False),
                name="board_published_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["-published_at"], condition=Q(state="published"), name="board_published")]

    def __str__(self):
        return str(self.title)

    @property
    def title(self):
        return LocalizedText.of(self, "title")

    @property
    def complaint(self):
        return LocalizedText.of(self, "complaint")

    @property
    def answer(self):
        return LocalizedText.of(self, "answer")

    @property
    def is_public(self):
        return self.state == self.State.PUBLISHED
