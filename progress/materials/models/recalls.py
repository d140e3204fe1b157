"""Recalls: what its maker calls back, the homes in which it was found, and who was warned."""

import uuid
from functools import cached_property

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.languages import LocalizedText
from accounts.models import Owner, one_line
from progress import scope
from progress.models import Home

from ..wording import batches_in, key_of, place_of
from .materials import Material


class RecallQuerySet(models.QuerySet):
    def for_user(self, user):
        """Those that found a home of this person; for staff who may see recalls, all: they name nobody."""
        return self.filter(
            Q(pk__in=RecalledHome.objects.filter(scope.of_own_homes(user, "home", "home")).values("recall"))
            | (scope.EVERYTHING if scope.may_view(user, self.model) else scope.NOTHING)
        )

    def in_force(self):
        return self.filter(state=Recall.State.PUBLISHED)


class Recall(models.Model):
    """A maker's product that may be dangerous or faulty: which batches, what owners should do, and by when we come."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("a recall", "draft")
        PUBLISHED = "published", pgettext_lazy("a recall", "in force")
        ENDED = "ended", pgettext_lazy("a recall", "over")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    maker = models.CharField(_("maker"), max_length=80, validators=[one_line])
    product = models.CharField(
        _("product"),
        max_length=120,
        blank=True,
        validators=[one_line],
        help_text=_("Empty: everything of this maker."),
    )
    batches = models.TextField(
        _("batches"), max_length=4000, blank=True, help_text=_("One a line, or with commas between. Empty: all.")
    )
    first_batch = models.CharField(_("or from batch"), max_length=60, blank=True, validators=[one_line])
    last_batch = models.CharField(_("to batch"), max_length=60, blank=True, validators=[one_line])
    unknown_too = models.BooleanField(
        _("also homes where no batch was noted"),
        default=True,
        help_text=_("Their owners are asked to look at the label."),
    )
    title_en = models.CharField(_("title in English"), max_length=120, blank=True, validators=[one_line])
    title_zh = models.CharField(_("title in Chinese"), max_length=120, blank=True, validators=[one_line])
    todo_en = models.TextField(_("what to do, in English"), max_length=2000, blank=True)
    todo_zh = models.TextField(_("what to do, in Chinese"), max_length=2000, blank=True)
    telephone = models.CharField(
        pgettext_lazy("of a maker", "telephone"), max_length=40, blank=True, validators=[one_line]
    )
    days = models.PositiveSmallIntegerField(
        _("dealt with within"),
        default=10,
        validators=[MinValueValidator(1), MaxValueValidator(120)],
        help_text=_("Working days, promised to each home from the day on which we warn it."),
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT, editable=False)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    published_at = models.DateTimeField(_("published"), null=True, editable=False)
    ended_at = models.DateTimeField(_("ended"), null=True, editable=False)
    end_reason = models.CharField(_("why it ended"), max_length=300, blank=True, validators=[one_line], editable=False)
    maker_key = models.CharField(max_length=160, editable=False)
    product_key = models.CharField(max_length=240, blank=True, editable=False)

    objects = RecallQuerySet.as_manager()

    class Meta:
        ordering = ["-published_at", "maker", "pk"]
        verbose_name = _("recall")
        verbose_name_plural = _("recalls")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="draft", published_at__isnull=True, ended_at__isnull=True)
                | Q(state="published", published_at__isnull=False, ended_at__isnull=True)
                | Q(state="ended", published_at__isnull=False, ended_at__isnull=False),
                name="recall_state_has_its_times",
            ),
            models.CheckConstraint(
                condition=Q(published_by__isnull=True) | ~Q(published_by=models.F("written_by")),
                name="recall_published_by_a_second_person",
            ),
            models.CheckConstraint(condition=~Q(maker_key=""), name="recall_names_a_maker"),
        ]

    def __str__(self):
        return str(self.title) if self.title_en or self.title_zh else f"{self.maker} {self.product}".strip()

    def save(self, **kwargs):
        self.maker_key, self.product_key = key_of(self.maker), key_of(self.product)
        self.__dict__.pop("_listed", None)
        super().save(**kwargs)

    @property
    def title(self):
        return LocalizedText.of(self, "title")

    @property
    def todo(self):
        return LocalizedText.of(self, "todo")

    @property
    def is_draft(self):
        return self.state == self.State.DRAFT

    @property
    def is_in_force(self):
        return self.state == self.State.PUBLISHED

    @property
    def names_batches(self):
        """Whether it is about certain batches, and not all of them."""
        return bool(self._listed or self.first_batch.strip() or self.last_batch.strip())

    @cached_property
    def _listed(self):
        return {key_of(batch) for batch in batches_in(self.batches)}

    def names(self, batch_key):
        """Whether the batch with this key is listed, or lies within the range; a range may be open at one end."""
        first, last = (place_of(key_of(batch)) for batch in (self.first_batch, self.last_batch))
        within = bool(first or last) and (not first or place_of(batch_key) >= first)
        return batch_key in self._listed or (within and (not last or place_of(batch_key) <= last))

    def touched(self):
        """What is built in anywhere that it is about."""
        return Material.objects.touched_by(self)

    def clean(self):
        first, last = (place_of(key_of(batch)) for batch in (self.first_batch, self.last_batch))
        if first and last and first > last:
            raise ValidationError({"last_batch": _("The last batch comes before the first.")})
        if not (self.title_en or self.title_zh):
            raise ValidationError({"title_en": _("Please write a title in at least one language.")})
        if not (self.todo_en or self.todo_zh):
            raise ValidationError({"todo_en": _("Please write what to do, in at least one language.")})


class RecalledHomeQuerySet(models.QuerySet):
    def for_user(self, user):
        """Those of the person's own homes, whatever their role: a warning is for all; for staff, where they work."""
        return self.filter(
            scope.of_own_homes(user, "home", "home") | scope.of_assigned(user, self.model, "home__development")
        )

    def standing(self):
        """Not dealt with, of recalls in force."""
        return self.filter(done_at=None, recall__state=Recall.State.PUBLISHED)

    def unread_by(self, owner):
        """Those of which this owner was warned in the present round, and has not opened."""
        theirs = RecallWarning.objects.filter(
            found=models.OuterRef("pk"), round=models.OuterRef("round"), owner=owner, seen_at=None
        )
        return self.filter(models.Exists(theirs))

    def with_places(self):
        return self.select_related("recall", "home__development", "home__building")


class RecalledHome(models.Model):
    """A home that a recall has found. Should more be built in later that is recalled, it stands again: `round` counts.

    `unreached` is not known (None) until somebody has looked whether anybody there can be reached.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    recall = models.ForeignKey(Recall, on_delete=models.PROTECT, related_name="homes", verbose_name=_("recall"))
    home = models.ForeignKey(Home, on_delete=models.PROTECT, related_name="recalls", verbose_name=_("home"))
    materials = models.ManyToManyField(Material, related_name="recalls", verbose_name=_("materials"))
    round = models.PositiveSmallIntegerField(default=1)
    unreached = models.BooleanField(_("nobody is reached"), null=True)
    found_at = models.DateTimeField(_("found"))
    due_at = models.DateTimeField(_("promised by"))
    done_at = models.DateTimeField(_("dealt with"), null=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    outcome_en = models.CharField(_("what was done, in English"), max_length=200, blank=True, validators=[one_line])
    outcome_zh = models.CharField(_("what was done, in Chinese"), max_length=200, blank=True, validators=[one_line])

    objects = RecalledHomeQuerySet.as_manager()

    class Meta:
        ordering = ["home__development", "home__building", "home__number", "pk"]
        verbose_name = _("recalled home")
        verbose_name_plural = _("recalled homes")
        constraints = [
            models.UniqueConstraint(fields=["recall", "home"], name="recall_finds_a_home_once"),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | ~Q(outcome_en="") | ~Q(outcome_zh=""), name="recall_done_says_what"
            ),
        ]
        indexes = [models.Index(fields=["home"], condition=Q(done_at=None), name="recalled_home_open")]

    def __str__(self):
        return f"{self.home} · {self.recall}"

    @property
    def outcome(self):
        return LocalizedText.of(self, "outcome")

    @property
    def is_standing(self):
        return self.done_at is None and self.recall.is_in_force

    def key(self, what):
        """Of a promise about it: one a home and round."""
        key = f"{what}:{self.recall_id.hex}:{self.home_id.hex}"
        return f"{key}:{self.round}" if self.round > 1 else key


class RecallWarning(models.Model):
    """One person of the household was warned, once, and has maybe opened the page."""

    found = models.ForeignKey(RecalledHome, on_delete=models.CASCADE, related_name="warnings")
    owner = models.ForeignKey(Owner, on_delete=models.CASCADE, related_name="+", verbose_name=_("who"))
    round = models.PositiveSmallIntegerField(default=1)
    told_at = models.DateTimeField(_("warned"))
    seen_at = models.DateTimeField(_("read"), null=True)

    class Meta:
        ordering = ["told_at", "pk"]
        verbose_name = _("warning of a recall")
        verbose_name_plural = _("warnings of recalls")
        constraints = [models.UniqueConstraint(fields=["found", "owner", "round"], name="warned_of_a_recall_once")]

    def __str__(self):
        return f"{self.found_id} {self.owner_id}"
