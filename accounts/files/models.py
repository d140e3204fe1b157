"""Private files: bytes that only their holder's scope may show. The row and the bytes exist together or not at all."""

import uuid
from datetime import timedelta
from typing import NamedTuple

from django.conf import settings
from django.core.files.storage import storages
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

# How long a file waits for its variants before they are queued again, by how often they were begun.
PAUSES = (timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6))
MAX_CLAIMS = len(PAUSES)


def private_storage():
    return storages["private"]


class Stored(NamedTuple):
    """One file in the storage: the photo itself (variant "") or a smaller one made of it."""

    name: str
    size: int
    variant: str


class PrivateFileQuerySet(models.QuerySet):
    """There is no `for_user`: a file is reached through the row that holds it, and that row is scoped."""

    def kept(self):
        return self.filter(deleted_at=None)

    def waiting(self):
        """Received, and not yet cleaned: nobody may see them."""
        return self.kept().filter(state=PrivateFile.State.WAITING)

    def lacking_variants(self):
        return self.kept().filter(state=PrivateFile.State.CLEAN, variant_state=PrivateFile.VariantState.DUE)

    def overdue(self, *, at):
        """Those that should be clean, or have their variants, by now: the task was lost, failed, or killed its
        worker."""
        waited = Q(variants_due_at__lte=at) | Q(variants_due_at=None, created_at__lte=at - PAUSES[0])
        return self.kept().filter(waited, variant_state=PrivateFile.VariantState.DUE)

    def discarded_with_bytes(self):
        return self.filter(deleted_at__isnull=False).exclude(file="")

    def with_spent_originals(self):
        """Those whose bytes as they were received are needed no more."""
        return self.exclude(raw="").exclude(state=PrivateFile.State.WAITING, deleted_at=None)


class PrivateFile(models.Model):
    """One stored photo, video or document. It has no URL: the view of whoever holds it scopes, then calls `deliver`.

    `file` names nothing but what is clean. What was received and waits for the worker lies under `raw`, which nothing
    delivers.
    """

    class State(models.TextChoices):
        CLEAN = "clean", _("ready")
        WAITING = "waiting", _("being prepared")
        REFUSED = "refused", _("could not be used")

    class Refusal(models.TextChoices):
        """Why the worker threw it away, in words for whoever sent it."""

        DAMAGED = "damaged", _("This file is damaged or incomplete. Please send it again.")
        TOO_LONG = "too-long", _("This video is longer than a minute. Please send a shorter one, or several.")
        TOO_BIG = "too-big", _("The picture of this video is larger than 4K. Please record it smaller.")
        UNKNOWN = "unknown", _("This video is of a kind that we cannot show. Please send it as MP4.")
        GIVEN_UP = "given-up", _("We could not prepare this file. Please send it again.")

    class VariantState(models.TextChoices):
        DUE = "due", _("due")
        MADE = "made", _("made")
        GIVEN_UP = "given-up", _("given up")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    file = models.FileField(storage=private_storage, max_length=200, editable=False, db_index=True)
    state = models.CharField(max_length=10, choices=State, default=State.CLEAN, editable=False)
    refused_for = models.CharField(max_length=10, choices=Refusal, blank=True, default="", editable=False)
    raw = models.CharField(max_length=200, blank=True, default="", editable=False)  # the bytes as they were received
    sha256 = models.CharField(max_length=64, editable=False)
    content_type = models.CharField(max_length=100, editable=False)
    size = models.PositiveBigIntegerField(_("bytes"), editable=False)
    width = models.PositiveIntegerField(null=True, editable=False)
    height = models.PositiveIntegerField(null=True, editable=False)
    pages = models.PositiveIntegerField(_("pages"), null=True, editable=False)  # of a PDF
    seconds = models.DecimalField(max_digits=5, decimal_places=1, null=True, editable=False)  # of a video
    # {"thumb": {"name": …, "size": bytes, "width": …, "height": …}, "large": …} once they are made
    variants = models.JSONField(default=dict, blank=True, editable=False)
    variant_state = models.CharField(max_length=10, choices=VariantState, default=VariantState.DUE, editable=False)
    variant_claims = models.PositiveSmallIntegerField(default=0, editable=False)
    variants_due_at = models.DateTimeField(null=True, editable=False)
    uploader = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("uploaded by")
    )
    created_at = models.DateTimeField(auto_now_add=True)
    taken_at = models.DateTimeField(_("taken"), null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = PrivateFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("private file")
        verbose_name_plural = _("private files")
        constraints = [
            models.CheckConstraint(
                condition=Q(variant_state__in=["due", "made", "given-up"]), name="private_file_variant_state_known"
            ),
            models.CheckConstraint(
                condition=Q(deleted_at__isnull=False) | ~Q(state="clean") | ~Q(file=""),
                name="private_file_has_bytes_until_deleted",
            ),
            models.CheckConstraint(
                condition=Q(state="clean", refused_for="")
                | (Q(state="waiting", refused_for="") & (Q(deleted_at__isnull=False) | ~Q(raw="")))
                | (Q(state="refused") & ~Q(refused_for="")),
                name="private_file_state_known",
            ),
            models.CheckConstraint(
                condition=Q(state="clean") | Q(file="", variants={}, seconds=None),
                name="private_file_shows_only_what_is_clean",
            ),
        ]
        indexes = [
            models.Index(fields=["variants_due_at"], condition=Q(variant_state="due"), name="private_file_due"),
            models.Index(fields=["raw"], condition=~Q(raw=""), name="private_file_raw"),
            models.Index(fields=["deleted_at"], condition=Q(deleted_at__isnull=False), name="private_file_deleted"),
        ]

    def __str__(self):
        return f"{self.content_type} {self.pk}"

    @property
    def is_clean(self):
        """Whether it may be shown; until then pages say `get_state_display`, and afterwards never show it."""
        return self.state == self.State.CLEAN

    @property
    def is_video(self):
        return self.content_type.startswith("video/")

    def shown_as(self, variant):
        """What is delivered when `variant` is asked for: itself, or the photo until it is made."""
        made = self.variants.get(variant)
        return Stored(made["name"], made["size"], variant) if made else Stored(self.file.name, self.size, "")


class FileHoldQuerySet(models.QuerySet):
    def running(self):
        """By the database's clock, which all processes share."""
        return self.filter(until__gt=Now())


class FileHold(models.Model):
    """Until then no bytes are deleted; holds.py says when that is asked for."""

    until = models.DateTimeField()

    objects = FileHoldQuerySet.as_manager()

    def __str__(self):
        return f"until {self.until:%Y-%m-%d %H:%M}"
