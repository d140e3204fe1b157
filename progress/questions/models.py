"""Questions: what somebody of a home asked about an update, a document or a milestone, and what was answered."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, When
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Owner
from progress import scope
from progress.former import MESSAGES_KEPT
from progress.models import Home, Ownership, RightState

from . import subjects

LONGEST = 4000


class QuestionQuerySet(models.QuerySet):
    def for_user(self, user):
        """What the person asked themselves; for staff, also the questions of homes in their developments."""
        return self.filter(_own(user) | scope.of_assigned(user, self.model, "home__development"))

    def asked_by(self, user, *, on):
        """What the person asked as somebody of a home, whatever they see as staff; until 180 days after they left it.

        Nobody else of the household sees it, and never whoever has the home next.
        """
        ties = Ownership.objects.filter(owner=OuterRef("owner"), home=OuterRef("home"))
        kept = ties.filter(~Q(state=RightState.ENDED) | Q(until__gt=on - MESSAGES_KEPT))
        return self.filter(_own(user), Exists(kept))

    def open(self):
        return self.filter(state=Question.State.OPEN)

    def not_closed(self):
        return self.exclude(state=Question.State.CLOSED)

    def waiting_first(self):
        """Those that wait for an answer, the oldest first; then what is answered, and what is closed."""
        places = [When(state=state, then=place) for place, state in enumerate(Question.State.values)]
        return self.order_by(Case(*places, output_field=models.SmallIntegerField()), "created_at", "pk")


def _own(user):
    if not user.is_authenticated or not user.is_active:
        return scope.NOTHING
    return Q(owner__user=user, owner__erased_at__isnull=True)


class Question(models.Model):
    """One question. It belongs to whoever asked, and names what it is about for as long as it is kept."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("a question", "open")
        ANSWERED = "answered", pgettext_lazy("a question", "answered")
        CLOSED = "closed", pgettext_lazy("a question", "closed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    home = models.ForeignKey(Home, on_delete=models.PROTECT, related_name="questions", verbose_name=_("home"))
    owner = models.ForeignKey(Owner, on_delete=models.PROTECT, related_name="questions", verbose_name=_("asked by"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("login")
    )
    subject_kind = models.CharField(_("about"), max_length=12, choices=subjects.Kind, blank=True)
    subject_id = models.UUIDField(null=True, blank=True)
    text = models.TextField(_("question"), max_length=LONGEST)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    created_at = models.DateTimeField(_("asked"))

    objects = QuestionQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "id"]
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        constraints = [
            models.CheckConstraint(
                condition=Q(subject_kind="", subject_id__isnull=True)
                | (Q(subject_kind__in=["update", "document", "milestone"]) & Q(subject_id__isnull=False)),
                name="question_subject_is_whole",
            ),
            models.CheckConstraint(condition=Q(state__in=["open", "answered", "closed"]), name="question_state_known"),
            models.CheckConstraint(condition=~Q(text=""), name="question_asks_something"),
        ]
        indexes = [
            models.Index(fields=["created_at"], condition=Q(state="open"), name="question_open"),
            models.Index(fields=["owner", "-created_at"], name="question_of_owner"),
        ]

    def __str__(self):
        return str(self.title)

    @cached_property
    def subject(self):
        """The row it is about, also one that was withdrawn; None: the home itself. Lists fetch theirs at once."""
        return subjects.rows_of(self.subject_kind, [self.subject_id]).get(self.subject_id)

    @property
    def title(self):
        """What it is about, in words that everybody knows it by."""
        return subjects.title_of(self.subject) if self.subject else str(self.home)

    @property
    def kind_in_words(self):
        return subjects.kind_in_words(self.subject)

    @property
    def is_open(self):
        return self.state == self.State.OPEN

    @property
    def is_closed(self):
        return self.state == self.State.CLOSED


def with_subjects(questions):
    """The questions as a list, each with its subject, in one query a kind."""
    questions = list(questions)
    wanted = {}
    for question in questions:
        wanted.setdefault(question.subject_kind, set()).add(question.subject_id)
    found = {kind: subjects.rows_of(kind, ids) for kind, ids in wanted.items()}
    for question in questions:
        question.subject = found[question.subject_kind].get(question.subject_id)
    return questions


class ReplyQuerySet(models.QuerySet):
    def for_user(self, user):
        return self.filter(question__in=Question.objects.for_user(user))


class Reply(models.Model):
    """What was said after the question, by whoever asked or by the staff."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="replies")
    by_staff = models.BooleanField(_("by staff"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("author")
    )
    text = models.TextField(_("text"), max_length=LONGEST)
    at = models.DateTimeField(_("when"))

    objects = ReplyQuerySet.as_manager()

    class Meta:
        ordering = ["at", "id"]
        verbose_name = _("reply")
        verbose_name_plural = _("replies")
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="reply_says_something")]
        indexes = [models.Index(fields=["question", "at"], name="reply_of_question")]

    def __str__(self):
        return str(self.pk)
