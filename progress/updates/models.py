"""Updates: published progress posts with photos, for the homes they concern."""

import uuid
from functools import reduce
from operator import or_

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.files.models import PrivateFile
from accounts.languages import LocalizedText
from accounts.models import Owner, one_line
from progress import scope
from progress.models import FOLLOWS_PROGRESS, Building, Development, Home


class UpdateQuerySet(models.QuerySet):
    def for_user(self, user):
        """For owners: what is published for a home whose progress they follow; tenants: what is announced there.

        For staff: their developments' own.
        """
        own = scope.of_own_homes(user, "pk", "home__updates", roles=FOLLOWS_PROGRESS)
        own |= scope.of_own_homes(user, "pk", "home__updates") & _announced()
        return self.filter(
            (own & models.Q(state=Update.State.PUBLISHED)) | scope.of_assigned(user, self.model, "development")
        )

    def for_home(self, home):
        """What is published for one home, newest first."""
        return self.published().filter(homes=home).order_by("-published_at", "-id")

    def shown_at(self, homes):
        """What is published for any of `homes_of`: all where they follow the progress, announcements elsewhere."""
        followed = models.Q(homes__in=[home.pk for home in homes if home.is_followed])
        elsewhere = models.Q(homes__in=[home.pk for home in homes if not home.is_followed]) & _announced()
        return self.published().filter(followed | elsewhere).distinct()

    def mentioning(self, words):
        """Those in which each of the words stands, in the title or the text, in either language."""
        found = self
        for word in words:
            fields = ("title_en", "title_zh", "body_en", "body_zh")
            found = found.filter(reduce(or_, (models.Q(**{f"{field}__icontains": word}) for field in fields)))
        return found

    def news(self):
        """Without announcements, which are shown apart while they are valid, and what corrects them."""
        return self.exclude(kind=Update.Kind.ANNOUNCEMENT).exclude(corrects__kind=Update.Kind.ANNOUNCEMENT)

    def announcements(self):
        """Only announcements, and what corrects them."""
        return self.filter(_announced())

    def announced(self, homes, *, at):
        """The announcements that are valid for any of `homes` at `at`, the most pressing first."""
        begun = models.Q(valid_from__isnull=True) | models.Q(valid_from__lte=at)
        valid = self.published().filter(begun, kind=Update.Kind.ANNOUNCEMENT, valid_until__gt=at)
        return valid.filter(homes__in=homes).distinct().order_by("-emergency", "-urgent", "valid_until", "id")

    def published(self):
        return self.filter(state=Update.State.PUBLISHED)

    def due(self, *, at):
        return self.filter(state=Update.State.SCHEDULED, publish_at__lte=at)


def _announced():
    return models.Q(kind=Update.Kind.ANNOUNCEMENT) | models.Q(corrects__kind=Update.Kind.ANNOUNCEMENT)


class Update(models.Model):
    """A post. Published, it is never rewritten: a correction is a post of its own that names it."""

    class Kind(models.TextChoices):
        PROGRESS = "progress", _("progress")
        ANNOUNCEMENT = "announcement", _("announcement")
        CORRECTION = "correction", _("correction")

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        SCHEDULED = "scheduled", _("scheduled")
        PUBLISHED = "published", _("published")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    development = models.ForeignKey(
        Development, on_delete=models.PROTECT, related_name="updates", verbose_name=_("development")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.PROGRESS, editable=False)
    urgent = models.BooleanField(_("urgent"), default=False)
    emergency = models.BooleanField(_("emergency"), default=False)
    valid_from = models.DateTimeField(_("valid from"), null=True, blank=True)
    valid_until = models.DateTimeField(_("valid until"), null=True, blank=True)
    stage_code = models.SlugField(_("stage"), max_length=40, blank=True)
    title_en = models.CharField(_("title in English"), max_length=120, blank=True, validators=[one_line])
    title_zh = models.CharField(_("title in Chinese"), max_length=120, blank=True, validators=[one_line])
    body_en = models.TextField(_("text in English"), max_length=8000, blank=True)
    body_zh = models.TextField(_("text in Chinese"), max_length=8000, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.DRAFT, editable=False)
    publish_at = models.DateTimeField(_("publish at"), null=True, blank=True)
    published_at = models.DateTimeField(_("published"), null=True, editable=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False, verbose_name=_("author")
    )
    corrects = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, editable=False, related_name="corrections"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    homes = models.ManyToManyField(Home, related_name="updates", editable=False)  # the audience, as it was published

    objects = UpdateQuerySet.as_manager()

    class Meta:
        ordering = [models.F("published_at").desc(nulls_first=True), "-created_at"]  # drafts first, on both databases
        verbose_name = _("update")
        verbose_name_plural = _("updates")
        permissions = [("announce_update", "Can post announcements")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="published", published_at__isnull=False)
                | (models.Q(state__in=["draft", "scheduled"]) & models.Q(published_at__isnull=True)),
                name="update_published_has_a_time",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="scheduled") | models.Q(publish_at__isnull=False),
                name="update_scheduled_has_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="correction", corrects__isnull=False)
                | (~models.Q(kind="correction") & models.Q(corrects__isnull=True)),
                name="correction_names_what_it_corrects",
            ),
            models.CheckConstraint(condition=~models.Q(title_en="", title_zh=""), name="update_has_a_title"),
            models.CheckConstraint(
                condition=models.Q(kind="announcement", valid_until__isnull=False)
                | (
                    ~models.Q(kind="announcement")
                    & models.Q(valid_from__isnull=True, valid_until__isnull=True, urgent=False)
                ),
                name="announcement_is_valid_until",
            ),
            models.CheckConstraint(
                condition=models.Q(valid_from__isnull=True) | models.Q(valid_until__gt=models.F("valid_from")),
                name="announcement_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=models.Q(emergency=False) | models.Q(urgent=True), name="update_emergency_is_urgent"
            ),
        ]
        indexes = [
            models.Index(fields=["publish_at"], condition=models.Q(state="scheduled"), name="update_due"),
            models.Index(fields=["development", "-published_at"], name="update_development"),
        ]

    def __str__(self):
        return str(self.title)

    @property
    def title(self):
        return LocalizedText.of(self, "title")

    @property
    def body(self):
        return LocalizedText.of(self, "body")

    @property
    def is_published(self):
        return self.state == self.State.PUBLISHED

    @property
    def is_announcement(self):
        return self.kind == self.Kind.ANNOUNCEMENT

    @property
    def concerns_tenants(self):
        """Whether it is for everyone who lives there: an announcement, or the correction of one."""
        return (self.corrects or self).is_announcement


class Audience(models.Model):
    """Whom an update concerns: a whole development, a building or a home. Resolved to homes at publication."""

    update = models.ForeignKey(Update, on_delete=models.CASCADE, related_name="audience")
    development = models.ForeignKey(Development, on_delete=models.PROTECT, null=True, related_name="+")
    building = models.ForeignKey(Building, on_delete=models.PROTECT, null=True, related_name="+")
    home = models.ForeignKey(Home, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(development__isnull=False, building__isnull=True, home__isnull=True)
                | models.Q(development__isnull=True, building__isnull=False, home__isnull=True)
                | models.Q(development__isnull=True, building__isnull=True, home__isnull=False),
                name="audience_names_one_place",
            ),
            models.UniqueConstraint(fields=["update", "development"], name="audience_development_once"),
            models.UniqueConstraint(fields=["update", "building"], name="audience_building_once"),
            models.UniqueConstraint(fields=["update", "home"], name="audience_home_once"),
        ]

    def __str__(self):
        return str(self.development or self.building or self.home)


class UpdatePhotoQuerySet(models.QuerySet):
    def for_user(self, user):
        return self.filter(update__in=Update.objects.for_user(user))


class UpdatePhoto(models.Model):
    """One photo of an update, in its place, with a caption per language."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    update = models.ForeignKey(Update, on_delete=models.CASCADE, related_name="photos")
    file = models.ForeignKey(PrivateFile, on_delete=models.PROTECT, related_name="+")
    order = models.PositiveSmallIntegerField(_("order"))
    caption_en = models.CharField(_("caption in English"), max_length=200, blank=True, validators=[one_line])
    caption_zh = models.CharField(_("caption in Chinese"), max_length=200, blank=True, validators=[one_line])

    objects = UpdatePhotoQuerySet.as_manager()

    class Meta:
        ordering = ["order", "id"]
        constraints = [models.UniqueConstraint(fields=["update", "order"], name="photo_order_once_an_update")]

    def __str__(self):
        return str(self.caption)

    @property
    def caption(self):
        return LocalizedText.of(self, "caption")


class Receipt(models.Model):
    """When an owner's notices of an update were written (empty: they came later), and when they first opened it."""

    update = models.ForeignKey(Update, on_delete=models.PROTECT, related_name="receipts")
    owner = models.ForeignKey(Owner, on_delete=models.CASCADE, related_name="receipts")
    told_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["update", "owner"], name="one_receipt_an_owner")]
