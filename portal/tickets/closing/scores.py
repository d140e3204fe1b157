"""One short question after an owner has confirmed that a ticket is done, and the call after a bad answer."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.notices.actions import tell
from portal.surveys import actions as surveys
from portal.surveys.following import when_answered
from portal.surveys.models import Satisfaction
from portal.tickets.errors import TicketError
from portal.tickets.locking import lock_ticket
from portal.tickets.models import Ticket

from .calls import open_call
from .models import Call
from .moments import by_day
from .telling import callers_of

SUBJECT = "tickets.ticket"
TOLD_AFTER = timedelta(hours=2)  # the page asks at once; who has answered there gets no message


def ask_about(resolution, *, owner, at):
    """Ask whoever confirmed a Resolution how content they are, if their month allows it. Their record is locked."""
    if resolution is None or owner is None:
        return None
    ticket = resolution.ticket
    question = surveys.ask(
        key=f"ticket:{resolution.pk}",
        owner=owner,
        subject=ticket,
        touchpoint=ticket.touchpoint,
        development=ticket.development,
        home=ticket.home,
        at=at,
    )
    if question and not question.is_answered:
        due = by_day(at + TOLD_AFTER, ticket.development.time_zone)
        tell([owner], "ticket-score", question, at=at, due=due, expires=at + timedelta(days=14))
    return question


def question_for(ticket, user, *, at):
    """The question that waits for this person's answer about a ticket, or None."""
    waiting = Satisfaction.objects.own(user).waiting(at=at)
    return waiting.about(ticket).order_by("-asked_at").first()


@transaction.atomic
def answer(ticket, *, score, by, at, words=""):
    """Note how content this person is, from 1 to 5. Returns the Satisfaction.

    Raises TicketError for one who was not asked about this ticket, who has answered otherwise, or too late.
    """
    lock_ticket(ticket.pk)
    question = Satisfaction.objects.own(by).about(ticket).order_by("-asked_at").first()
    if question is None:
        raise TicketError(_("We have not asked you about this ticket."))
    try:
        return surveys.answer(question, score=score, words=words, by=by, at=at)
    except surveys.SurveyError as error:
        raise TicketError(str(error)) from error


@when_answered(SUBJECT)
def call_back(satisfaction, *, by, at):
    """Whoever is not content is rung within a working day, and colleagues hear of it at once."""
    if not satisfaction.is_low:
        return
    ticket = Ticket.objects.select_related("development", "home", "owner").get(pk=satisfaction.subject_id)
    if open_call(ticket, Call.Why.SCORE, by=by, at=at):
        tell(callers_of(ticket), "ticket-low-score", satisfaction, at=at)


def score_of(ticket):
    """What was answered last about a ticket, or None."""
    return Satisfaction.objects.about(ticket).answered().order_by("-answered_at").first()
