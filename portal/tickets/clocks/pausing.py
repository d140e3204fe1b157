"""A ticket waits for its owner, a part or the weather: why, until when, and who agreed.

A pause that delays a repair needs the owner's agreement; until it is there the clocks run. On the day of review whoever
answers for the ticket is asked; unanswered for a working day, the clocks go on by themselves.
"""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.events.actions import record
from accounts.notices.actions import tell
from portal.tickets.errors import TicketError
from portal.tickets.locking import lock_ticket
from portal.tickets.models import Ticket
from portal.tickets.states import check_move
from portal.tickets.steps import take_step
from progress.calendar.clock import clock_of
from progress.models import HOSTS

from .escalation import Colleagues
from .models import LIVE, Clock, Pause
from .reckoning import RESPONSE, review_moments

LONGEST = 60  # days ahead that somebody looks again
OVER = {"resolved", "withdrawn", "merged", "confirmed", "lapsed", "closed"}
Why, State = Pause.Why, Pause.State


@transaction.atomic
def pause(ticket, *, why, review_on, by, at, reason_en="", reason_zh=""):
    """Let the clocks stand still until somebody looks again; of a repair, ask its owner for that. Returns the Pause.

    Asked for again, the new question replaces the one that nobody has answered; agreed to, a new pause the former.
    Raises TicketError when nobody has answered the ticket yet, it is over, the day is no coming one, or unexplained.
    """
    ticket = lock_ticket(ticket.pk)
    _check(ticket, why=why, review_on=review_on, explained=reason_en.strip() or reason_zh.strip(), at=at)
    _drop_asked(ticket, by=by, at=at)
    asked = Pause.objects.create(
        ticket=ticket,
        why=why,
        reason_en=reason_en.strip(),
        reason_zh=reason_zh.strip(),
        review_on=review_on,
        asked_at=at,
        asked_by=by,
        next_at=_review(review_on, ticket)[0],
    )
    record("asked for", asked, by=by, home=ticket.home)
    if not delays_a_repair(ticket):
        _start(ticket, asked, by=by, at=at)
    _tell_owner(ticket, "ticket-paused", asked, at=at, step=str(asked.state))
    return asked


def delays_a_repair(ticket):
    """Whether its owner has to agree before the clocks stand still."""
    return ticket.kind == Ticket.Kind.REPAIR


def _check(ticket, *, why, review_on, explained, at):
    if ticket.state != Ticket.State.PAUSED:
        check_move(ticket, Ticket.State.PAUSED)
    if Clock.objects.running().filter(ticket=ticket, kind=RESPONSE).exists():
        raise TicketError(_("Please answer first: whoever reported it should know that somebody has read it."))
    if why not in Why.values or not explained:
        raise TicketError(_("Please say why it has to wait."))
    today = at.astimezone(clock_of(ticket.development).zone).date()
    if not today < review_on <= today + timedelta(days=LONGEST):
        raise TicketError(_("Please choose a day within the next 60 days on which somebody looks again."))


@transaction.atomic
def agree(pause, *, by, at, by_telephone=False):
    """The owner agrees to wait. `by_telephone`: they said so, and `by`, a colleague, notes it.

    Raises TicketError when it isn't theirs to say, was answered already, or its day has come.
    """
    ticket, pause = _answered(pause, by=by, by_telephone=by_telephone)
    if _review(pause.review_on, ticket)[0] <= at:
        raise TicketError(_("The day until which it should wait has come: please talk with each other."))
    pause.answered_at, pause.answered_by, pause.by_telephone = at, by, by_telephone
    record("agreed", pause, by=by, home=ticket.home, reason="telephone" if by_telephone else "")
    _start(ticket, pause, by=by, at=at)
    _tell_staff(ticket, "ticket-pause-answered", pause, at=at)
    return pause


@transaction.atomic
def decline(pause, *, by, at, by_telephone=False):
    """The owner does not want to wait: the clocks run on. Raises TicketError as `agree` does."""
    ticket, pause = _answered(pause, by=by, by_telephone=by_telephone)
    pause.answered_at, pause.answered_by, pause.by_telephone = at, by, by_telephone
    _end(pause, State.DECLINED, by=by, at=at)
    record("declined", pause, by=by, home=ticket.home, reason="telephone" if by_telephone else "")
    _tell_staff(ticket, "ticket-pause-answered", pause, at=at)
    return pause


def _answered(pause, *, by, by_telephone):
    ticket = lock_ticket(pause.ticket_id)
    pause = Pause.objects.get(pk=pause.pk)
    if not pause.is_asked:
        raise TicketError(_("This has been answered already, or is no longer asked."))
    if not by_telephone and not may_answer(ticket, by):
        raise TicketError(_("Only whoever reported it, or an owner of the home, can agree to that."))
    return ticket, pause


def may_answer(ticket, user):
    """Whether this person may say whether a repair waits: whose it is, or an owner of the home where all see it.

    Whoever has left the home has no say in it any more.
    """
    tie = ticket.home.ownerships.live().filter(owner__user=user).first()
    if tie is None or ticket.of_former:
        return False
    own = ticket.owner is not None and ticket.owner.user_id == user.pk
    return own or (ticket.privacy == Ticket.Privacy.HOUSEHOLD and tie.role in HOSTS)


@transaction.atomic
def resume(ticket, *, by, at):
    """The clocks go on where they stopped. Raises TicketError when they do not stand still."""
    ticket = lock_ticket(ticket.pk)
    running = Pause.objects.filter(ticket=ticket, state=State.RUNNING).first()
    if running is None:
        raise TicketError(_("Its clocks are running."))
    return resume_locked(ticket, running, by=by, at=at)


def resume_locked(ticket, running, *, by, at):
    """`resume`, of a ticket that is locked."""
    _end(running, State.ENDED, by=by, at=at)
    ticket.state = Ticket.State.OPEN
    _save(ticket)
    take_step(ticket, "resumed", by=by, at=at, pause=str(running.pk))
    return ticket


def _start(ticket, pause, *, by, at):
    """The pause begins, in the place of the one that runs."""
    if former := Pause.objects.filter(ticket=ticket, state=State.RUNNING).first():
        resume_locked(ticket, former, by=by, at=at)
    pause.state, pause.next_at = State.RUNNING, _review(pause.review_on, ticket)[0]
    pause.save()
    ticket.state = Ticket.State.PAUSED
    _save(ticket)
    reasons = {"reason_en": pause.reason_en, "reason_zh": pause.reason_zh}
    data = {"pause": str(pause.pk), "why": pause.why, "review_on": pause.review_on.isoformat()}
    take_step(ticket, "paused", by=by, at=at, **reasons, **data)


def _save(ticket):
    ticket.version += 1
    ticket.save(update_fields=["state", "version"])


def _end(pause, state, *, by, at):
    pause.state, pause.ended_at, pause.ended_by, pause.next_at = state, at, by, None
    pause.save()


def _drop_asked(ticket, *, by, at):
    for asked in Pause.objects.filter(ticket=ticket, state=State.ASKED):
        _end(asked, State.DROPPED, by=by, at=at)


def after_step(ticket, step, *, by, at):
    """What is over waits for nothing more; and once its owner has written, nothing waits for them."""
    if step.what in OVER:
        for live in Pause.objects.filter(ticket=ticket, state__in=LIVE):
            _end(live, State.ENDED if live.is_running else State.DROPPED, by=by, at=at)
    elif step.what == "wrote":
        waiting = Pause.objects.filter(ticket=ticket, state=State.RUNNING, why=Why.OWNER).first()
        if waiting is not None:
            resume_locked(ticket, waiting, by=by, at=at)


@transaction.atomic
def review(pause, *, at):
    """The day of review has come: ask whoever answers for the ticket; not answered, the clocks go on by themselves.

    What the owner has not agreed to by then is no longer asked. Returns whether there was anything to do.
    """
    ticket = lock_ticket(pause.ticket_id)
    pause = Pause.objects.to_review(at=at).filter(pk=pause.pk).first()
    if pause is None:
        return False
    if pause.is_asked:
        _end(pause, State.DROPPED, by=None, at=at)
        record("void", pause, by=None, home=ticket.home)
    elif pause.reviewed_at is None:
        day = at.astimezone(clock_of(ticket.development).zone).date()
        pause.reviewed_at = at
        pause.next_at = max(_review(pause.review_on, ticket)[1], _review(day, ticket)[1])
        pause.save()
        _tell_staff(ticket, "ticket-pause-review", pause, at=at)
    else:
        resume_locked(ticket, pause, by=None, at=at)
    return True


def _review(day, ticket):
    return review_moments(day, clock_of(ticket.development))


def _tell_owner(ticket, kind, subject, *, at, step=""):
    if ticket.owner is not None:
        tell([ticket.owner], kind, subject, at=at, step=step)


def _tell_staff(ticket, kind, subject, *, at):
    tell(Colleagues([ticket]).answering(ticket), kind, subject, at=at)
