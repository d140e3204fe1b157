"""What changes in the design, for which homes, in which words, with which drawings."""

import uuid
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.files.models import PrivateFile
from accounts.languages import LocalizedText
from accounts.models import one_line
from progress import scope
from progress.models import FOLLOWS_PROGRESS, HOSTS, Building, Development, Home, Ownership

from .answers import Answer

PARTS = ("title", "what", "why", "means")
TEXTS = tuple(f"{part}_{code}" for part in PARTS for code in ("en", "zh"))


class Texts(models.Model):
    """What owners read, per language, and until when they are asked to answer."""

    title_en = models.CharField(_("title in English"), max_length=120, blank=True, validators=[one_line])
    title_zh = models.CharField(_("title in Chinese"), max_length=120, blank=True, validators=[one_line])
    what_en = models.TextField(_("what changes, in English"), max_length=4000, blank=True)
    what_zh = models.TextField(_("what changes, in Chinese"), max_length=4000, blank=True)
    why_en = models.TextField(_("why, in English"), max_length=4000, blank=True)
    why_zh = models.TextField(_("why, in Chinese"), max_length=4000, blank=True)
    means_en = models.TextField(_("what it means for the home, in English"), max_length=4000, blank=True)
    means_zh = models.TextField(_("what it means for the home, in Chinese"), max_length=4000, blank=True)
    answer_by = models.DateField(_("answer by"))

    class Meta:
        abstract = True

    def __str__(self):
        return str(self.title)

    @property
    def title(self):
        return LocalizedText.of(self, "title")

    @property
    def what(self):
        return LocalizedText.of(self, "what")

    @property
    def why(self):
        return LocalizedText.of(self, "why")

    @property
    def means(self):
        return LocalizedText.of(self, "means")

    def words(self):
        """{field: text} of all languages."""
        return {field: getattr(self, field) for field in TEXTS}

    def by_language(self):
        """{"lang": …, "title": …, "what": …, "why": …, "means": …} in each language with words; the reader's first."""
        codes = [("en", "en"), ("zh-Hans", "zh")]
        for lang, code in reversed(codes) if get_language() == "zh-hans" else codes:
            texts = {part: getattr(self, f"{part}_{code}") for part in PARTS}
            if any(texts.values()):
                yield {"lang": lang, **texts}

    def is_complete(self):
        """Whether everything is said in one language at least."""
        return any(all(texts.values()) for texts in self.by_language())


class DesignChangeQuerySet(models.QuerySet):
    def for_user(self, user):
        """For those who follow a home's progress: what was published for it. For staff: their developments' own."""
        own = scope.of_own_homes(user, "pk", "home__design_changes", roles=FOLLOWS_PROGRESS)
        return self.filter((own & ~Q(state="draft")) | scope.of_assigned(user, self.model, "development"))

    def published(self):
        return self.filter(state=DesignChange.State.PUBLISHED)

    def known(self):
        """What owners have heard of: also what was withdrawn since."""
        return self.exclude(state=DesignChange.State.DRAFT)

    def waiting_at(self, home):
        """What the owners of `home` have not answered yet, in its present text; the most pressing first."""
        answered = Answer.objects.standing().filter(change=models.OuterRef("pk"), home=home)
        answered = answered.filter(text_version=models.OuterRef("text_version"))
        return self.published().filter(~models.Exists(answered), homes=home).order_by("answer_by", "pk")

    def due(self, *, at):
        """Those about which somebody has to hear by now."""
        return self.published().filter(next_step_at__lte=at).order_by("next_step_at", "pk")


class DesignChange(Texts):
    """One change. The text that it carries is the present one; each that was ever published is a DesignText."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("published")
        WITHDRAWN = "withdrawn", pgettext_lazy("a design change", "withdrawn")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    development = models.ForeignKey(
        Development, on_delete=models.PROTECT, related_name="design_changes", verbose_name=_("development")
    )
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.DRAFT, editable=False)
    text_version = models.PositiveSmallIntegerField(_("version of the text"), default=0, editable=False)
    published_at = models.DateTimeField(_("published"), null=True, editable=False)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, editable=False)
    reason_en = models.CharField(_("reason in English"), max_length=300, blank=True, validators=[one_line])
    reason_zh = models.CharField(_("reason in Chinese"), max_length=300, blank=True, validators=[one_line])
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False, verbose_name=_("author")
    )
    created_at = models.DateTimeField(auto_now_add=True)
    homes = models.ManyToManyField(Home, related_name="design_changes", editable=False)  # as they were at publication
    next_step = models.CharField(max_length=12, blank=True, editable=False)
    next_step_at = models.DateTimeField(null=True, editable=False)

    objects = DesignChangeQuerySet.as_manager()

    class Meta:
        ordering = [models.F("published_at").desc(nulls_first=True), "-created_at"]
        verbose_name = _("design change")
        verbose_name_plural = _("design changes")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="draft", published_at__isnull=True, withdrawn_at__isnull=True, text_version=0)
                | Q(state="published", published_at__isnull=False, withdrawn_at__isnull=True, text_version__gt=0)
                | Q(state="withdrawn", published_at__isnull=False, withdrawn_at__isnull=False, text_version__gt=0),
                name="design_change_state_has_its_times",
            ),
            models.CheckConstraint(
                condition=~Q(state="withdrawn") | ~Q(reason_en="") | ~Q(reason_zh=""),
                name="design_change_withdrawn_with_a_reason",
            ),
            models.CheckConstraint(condition=~Q(title_en="", title_zh=""), name="design_change_has_a_title"),
        ]
        indexes = [
            models.Index(fields=["next_step_at"], condition=Q(state="published"), name="design_change_next_step"),
            models.Index(fields=["development", "-published_at"], name="design_change_there"),
        ]

    @property
    def reason(self):
        """Why it was withdrawn."""
        return LocalizedText.of(self, "reason")

    @property
    def is_draft(self):
        return self.state == self.State.DRAFT

    @property
    def is_published(self):
        return self.state == self.State.PUBLISHED

    @property
    def zone(self):
        return ZoneInfo(self.development.time_zone)

    @property
    def ends_at(self):
        """When the last day for answers is over at the development."""
        return datetime.combine(self.answer_by + timedelta(days=1), time(), tzinfo=self.zone)

    def is_over(self, *, at):
        return self.ends_at <= at

    def hosted_homes(self, homes=None):
        """Those of its homes (or of `homes`) that belong to somebody who may answer."""
        homes = self.homes.all() if homes is None else homes
        return homes.filter(models.Exists(_hosts_of(models.OuterRef("pk"))))

    def waiting_homes(self):
        """The homes whose owners have not answered the present text."""
        answered = Answer.objects.standing().filter(change=self, text_version=self.text_version)
        return self.homes.exclude(pk__in=answered.values("home"))

    def drawings_of(self, version):
        """The drawings that belong to one version of the text."""
        drawings = self.drawings.filter(from_version__lte=version)
        return drawings.filter(Q(until_version__isnull=True) | Q(until_version__gte=version)).select_related("file")

    def drawings_now(self):
        return self.drawings_of(max(self.text_version, 1))


def _hosts_of(home):
    return Ownership.objects.live().filter(home=home, role__in=HOSTS, owner__erased_at__isnull=True)


class DesignText(Texts):
    """The words of one version, kept as owners have read them, and what is new in it."""

    change = models.ForeignKey(DesignChange, on_delete=models.CASCADE, related_name="texts")
    version = models.PositiveSmallIntegerField(_("version"))
    note_en = models.CharField(_("what is new, in English"), max_length=300, blank=True, validators=[one_line])
    note_zh = models.CharField(_("what is new, in Chinese"), max_length=300, blank=True, validators=[one_line])
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("when"))

    class Meta:
        ordering = ["change", "version"]
        verbose_name = _("text of a design change")
        verbose_name_plural = _("texts of design changes")
        constraints = [
            models.UniqueConstraint(fields=["change", "version"], name="design_text_once_a_version"),
            models.CheckConstraint(
                condition=Q(version__lte=1) | ~Q(note_en="") | ~Q(note_zh=""), name="design_text_says_what_is_new"
            ),
        ]

    @property
    def note(self):
        return LocalizedText.of(self, "note")


class DesignPlace(models.Model):
    """Whom a change concerns: a whole development, a building or a home. Resolved to homes at publication."""

    change = models.ForeignKey(DesignChange, on_delete=models.CASCADE, related_name="audience")
    development = models.ForeignKey(Development, on_delete=models.PROTECT, null=True, related_name="+")
    building = models.ForeignKey(Building, on_delete=models.PROTECT, null=True, related_name="+")
    home = models.ForeignKey(Home, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(development__isnull=False, building__isnull=True, home__isnull=True)
                | Q(development__isnull=True, building__isnull=False, home__isnull=True)
                | Q(development__isnull=True, building__isnull=True, home__isnull=False),
                name="design_place_is_one",
            ),
            models.UniqueConstraint(fields=["change", "development"], name="design_place_development_once"),
            models.UniqueConstraint(fields=["change", "building"], name="design_place_building_once"),
            models.UniqueConstraint(fields=["change", "home"], name="design_place_home_once"),
        ]

    def __str__(self):
        return str(self.development or self.building or self.home)


class DesignDrawingQuerySet(models.QuerySet):
    def for_user(self, user):
        return self.filter(change__in=DesignChange.objects.for_user(user))


class DesignDrawing(models.Model):
    """A PDF or picture, and the versions of the text to which it belongs."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    change = models.ForeignKey(DesignChange, on_delete=models.CASCADE, related_name="drawings")
    file = models.ForeignKey(PrivateFile, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=200)
    from_version = models.PositiveSmallIntegerField(default=1)
    until_version = models.PositiveSmallIntegerField(null=True)

    objects = DesignDrawingQuerySet.as_manager()

    class Meta:
        ordering = ["from_version", "name", "id"]
        verbose_name = _("drawing")
        verbose_name_plural = _("drawings")
        constraints = [
            models.CheckConstraint(
                condition=Q(until_version__isnull=True) | Q(until_version__gte=models.F("from_version")),
                name="design_drawing_ends_after_it_begins",
            ),
        ]

    def __str__(self):
        return self.name
