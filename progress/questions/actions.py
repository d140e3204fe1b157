"""What may happen to a question: asked, followed up, answered, closed.

The home's row is the lock for whatever its people say, the question's for whatever is said after it.
"""

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.events.actions import record
from accounts.models import Owner, User
from accounts.notices.actions import mark_read_about, tell
from progress import scope
from progress.households.actions import lock_home
from progress.models import Assignment, Home

from . import subjects
from .models import LONGEST, Question, Reply

MOST_OPEN = 20
MOST_REPLIES = 100


class QuestionError(Exception):
    """Refused. The message is worded for the person who wrote."""


class OvertakenError(QuestionError):
    """Something was said in the meantime that the writer has not seen."""


@transaction.atomic
def ask(*, question_id, home, subject, text, by, at):
    """Ask `text` about `subject` (an Update, HomeDocument or Milestone; None: the home), and tell the staff.

    `question_id` comes from the form: sent twice, it still makes one question.
    Raises QuestionError when `by` does not belong to the home or sees no such subject, has 20 questions open,
    or says nothing or too much.
    """
    home = lock_home(home.pk)
    if earlier := Question.objects.filter(pk=question_id).first():
        return _same(earlier, sent_by=earlier.asked_by_id, by=by)
    owner = _asking(home, subject, by)
    if owner.questions.open().count() >= MOST_OPEN:
        raise QuestionError(_("Twenty of your questions wait for our answer. Please let us answer these first."))
    question = Question.objects.create(
        pk=question_id,
        home=home,
        owner=owner,
        asked_by=by,
        subject_kind=subjects.kind_of(subject),
        subject_id=subject and subject.pk,
        text=_checked(text),
        created_at=at,
    )
    record("asked", question, by=by, home=home)
    tell(staff_for(home), "question-asked", question, at=at)
    return question


def _asking(home, subject, user):
    """The customer record of `user`, who sees `subject` as somebody of the home.

    Locked after the home: whoever asks in several homes at once has one limit for all of them.
    """
    owner = Owner.objects.select_for_update(no_key=True).filter(user=user).first()
    sees = owner and _lives_in(home, user)
    if sees and subject:
        sees = subjects.shown(subjects.kind_of(subject), user=user, home=home).filter(pk=subject.pk).exists()
    if not sees:
        raise QuestionError(_("This is not part of your home any more."))
    return owner


def _lives_in(home, user):
    return Home.objects.lived_in_by(user).filter(pk=home.pk).exists()


def _same(earlier, *, sent_by, by):
    """What a form made that is sent once more; somebody else's stays out of sight."""
    if sent_by != by.pk:
        raise QuestionError(_("This form has been sent already. Please begin anew."))
    return earlier


def _checked(text):
    text = text.strip()
    if not text:
        raise QuestionError(_("Please write something."))
    if len(text) > LONGEST:
        raise QuestionError(_("This is too long. Please say it in 4,000 characters at most."))
    return text


def _locked(question):
    """The question as it is now. Raises QuestionError when it went meanwhile, with the customer who asked."""
    rows = Question.objects.select_for_update(of=("self",)).select_related("home__development", "owner")
    found = rows.filter(pk=question.pk).first()
    if found is None:
        raise QuestionError(_("This question is closed; nothing can be added."))
    return found


@transaction.atomic
def follow_up(question, *, reply_id, text, by, at):
    """Add to one's own question, which is open again by that. Sent twice, it is added once.

    Raises QuestionError when it is closed, `by` has left the home or did not ask it, or says nothing or too much.
    """
    lock_home(question.home_id)
    question = _locked(question)
    if earlier := Reply.objects.filter(pk=reply_id).first():
        return _same(earlier, sent_by=earlier.author_id, by=by)
    if question.is_closed:
        raise QuestionError(_("This question is closed. Please ask a new one."))
    if question.owner.user_id != by.pk or not _lives_in(question.home, by):
        raise QuestionError(_("The home is no longer yours; what was said stays here for you to read."))
    if question.replies.count() >= MOST_REPLIES:
        raise QuestionError(_("This conversation has become very long. Please ask a new question."))
    reply = _add(question, reply_id, text, by=by, at=at, by_staff=False, state=Question.State.OPEN)
    record("followed up", question, by=by, home=question.home)
    tell(staff_for(question.home), "question-asked", question, at=at, step=str(reply.pk))
    return reply


@transaction.atomic
def answer(question, *, reply_id, text, seen, by, at):
    """Answer a question, and tell whoever asked. Sent twice, it is answered once.

    `seen` is how many replies the writer had before their eyes. Raises OvertakenError when there are others by now,
    QuestionError when it is closed, or says nothing or too much.
    """
    question = _locked(question)
    if earlier := Reply.objects.filter(pk=reply_id).first():
        return _same(earlier, sent_by=earlier.author_id, by=by)
    if question.is_closed:
        raise QuestionError(_("This question is closed; nothing can be added."))
    if question.replies.count() != seen:
        raise OvertakenError(
            _("Something was written in the meantime. Please read it, and send yours if it still fits.")
        )
    reply = _add(question, reply_id, text, by=by, at=at, by_staff=True, state=Question.State.ANSWERED)
    record("answered", question, by=by, home=question.home)
    tell([question.owner], "question-answered", reply, at=at)
    return reply


def _add(question, reply_id, text, *, by, at, by_staff, state):
    text = _checked(text)
    question.state = state
    question.save(update_fields=["state"])
    return Reply.objects.create(pk=reply_id, question=question, by_staff=by_staff, author=by, text=text, at=at)


@transaction.atomic
def close(question, *, by):
    """Close a question for good; closed already, it stays so. Raises QuestionError when it is there no more."""
    question = _locked(question)
    if not question.is_closed:
        question.state = Question.State.CLOSED
        question.save(update_fields=["state"])
        record("closed", question, by=by, home=question.home)
    return question


def staff_for(home):
    """Who is told of a question: customer service at the home's development, else the supervisors there."""
    for role in (Assignment.Role.CUSTOMER_SERVICE, Assignment.Role.SUPERVISOR):
        here = Assignment.objects.live().filter(
            Q(development=home.development_id) | Q(development__isnull=True), role=role
        )
        users = User.objects.filter(pk__in=here.values("user")).order_by("pk")
        if told := [user for user in users if scope.may_view(user, Question)]:
            return told
    return []


def note_read(question, *, by, at):
    """Whoever has opened the conversation need not open the messages that told of its answers."""
    mark_read_about(*question.replies.filter(by_staff=True).only("pk"), user=by, at=at)
