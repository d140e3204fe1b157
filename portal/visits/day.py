"""The day of a visit: confirmed, on the way, there, done; or nobody was met. The household hears of each at once."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.events.actions import record

from . import cells, promises
from .checks import check_words
from .errors import VisitError
from .following import tell_followers
from .locking import lock_visit
from .models import LIVE, Visit
from .people import tell_household

State = Visit.State
NEAR = timedelta(hours=3)  # before it begins: earlier, somebody has tapped on the wrong one


@transaction.atomic
def confirm_visit(visit, *, by, at):
    """Whoever comes says that they will: the promise is kept, or kept late. Confirmed already, it stays so."""
    visit = lock_visit(visit, leaving=(State.BOOKED, State.CONFIRMED))
    if visit.state == State.CONFIRMED:
        return visit
    visit.confirmed_at = at
    return _go_on(visit, State.CONFIRMED, "confirmed", "visit-confirmed", by=by, at=at)


@transaction.atomic
def on_my_way(visit, *, by, at):
    """Before leaving they confirm again: the household hears that somebody is on the way, and rings first."""
    visit = lock_visit(visit, leaving=(State.BOOKED, State.CONFIRMED, State.ON_WAY))
    if visit.state == State.ON_WAY:
        return visit
    _check_near(visit, at=at)
    _check_theirs(visit)
    visit.on_way_at = at
    return _go_on(visit, State.ON_WAY, "on the way", "visit-on-the-way", by=by, at=at)


@transaction.atomic
def arrive(visit, *, by, at):
    """They are there. Raises VisitError long before the time, and where the others come to us."""
    visit = lock_visit(visit, leaving=LIVE)
    if visit.state == State.ARRIVED:
        return visit
    _check_near(visit, at=at)
    _check_theirs(visit)
    visit.arrived_at = at
    return _go_on(visit, State.ARRIVED, "arrived", "visit-arrived", by=by, at=at)


@transaction.atomic
def finish(visit, *, by, at, outcome=""):
    """It is done: the household is thanked, and told who looks after them. `outcome` is for the staff alone."""
    visit = lock_visit(visit, leaving=(*LIVE, State.DONE))
    if visit.state == State.DONE:
        return visit
    _check_near(visit, at=at)
    return _end(visit, State.DONE, "done", "visit-thanks", outcome=outcome, by=by, at=at)


@transaction.atomic
def mark_missed(visit, *, by, at, outcome=""):
    """Nobody was met there. They are told, and asked to choose another time. Raises VisitError before it begins."""
    visit = lock_visit(visit, leaving=(*LIVE, State.MISSED))
    if visit.state == State.MISSED:
        return visit
    if at < visit.starts:
        raise VisitError(_("Please wait until the visit should begin."))
    return _end(visit, State.MISSED, "missed", "visit-missed", outcome=outcome, by=by, at=at)


def _check_near(visit, *, at):
    if at < visit.starts - NEAR:
        raise VisitError(_("This visit begins later. Please look whether it is the right one."))


def _check_theirs(visit):
    if visit.at_ours:
        raise VisitError(_("They come to us: please say when the visit is over."))


def _go_on(visit, state, verb, code, *, by, at):
    visit.state = state
    visit.save()
    promises.keep_confirmation(visit, by=by, at=at)
    record(verb, visit, by=by, home=visit.home)
    tell_household(visit, code, at=at, step=str(visit.moved), expires=visit.ends)
    return visit


def _end(visit, state, verb, code, *, outcome, by, at):
    check_words(outcome)
    visit.state, visit.settled_at, visit.remind_at = state, at, None
    visit.outcome = outcome.strip()
    visit.save()
    cells.release(visit)
    promises.keep_confirmation(visit, by=by, at=at)
    record(verb, visit, by=by, home=visit.home)
    tell_household(visit, code, at=at)
    tell_followers(visit, verb, by=by, at=at)
    return visit
