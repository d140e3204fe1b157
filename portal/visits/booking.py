"""A visit gets its time, another one, or none. The household books what is free; staff book what they arrange."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.events.actions import record
from accounts.models import Owner, User
from accounts.notices.actions import tell

from . import cells, promises
from .checks import check_place, check_time, check_wish, check_words
from .errors import TakenError, VisitError
from .following import tell_followers
from .locking import lock_place, lock_visit
from .models import LIVE, Visit, VisitKind, VisitSetting
from .offers import Roster
from .people import hosts_of, tell_household

State, Because = Visit.State, Visit.Because
A_DAY = timedelta(days=1)


def kinds_for(home, *, user):
    """The kinds that this person may book at the home without being asked to: none, for tenants and strangers."""
    if not user.is_authenticated or not home.ownerships.live().follows_progress().filter(owner__user=user).exists():
        return []
    return [kind for kind in VisitKind if VisitSetting.objects.in_force(kind, home.development).by_owners]


@transaction.atomic
def book_visit(
    *,
    visit_id,
    kind,
    starts,
    by,
    at,
    home=None,
    enquiry=None,
    owner=None,
    person=None,
    note="",
    by_staff=False,
    urgent=False,
):
    """A colleague comes at `starts`, to a home or to whoever enquired. Returns the Visit.

    `visit_id` comes from the form: sent twice, it makes one visit; that of a visit asked for gives it its time.
    `person` None: anybody who is free then, whoever has the fewest visits that week first; the next one where somebody
    else was faster. Staff may name a colleague and any time; `urgent` needs no notice. Everybody else takes what
    `free_times` offers, for a kind that owners book or were asked to, one of a kind at a time.

    Raises VisitError, TakenError where the time is gone.
    """
    home, enquiry = lock_place(home=home, enquiry=enquiry)
    visit = Visit.objects.select_for_update(of=("self",)).filter(pk=visit_id).first()
    if visit is not None and not visit.is_asked:
        return _same(visit, home=home, enquiry=enquiry, starts=starts)
    visit = visit or Visit(pk=visit_id, kind=kind, asked_at=at)
    check_words(note)
    check_wish(visit, kind=kind, home=home, enquiry=enquiry, by_staff=by_staff, at=at)
    visit.home, visit.enquiry, visit.development = home, enquiry, (home or enquiry).development
    visit.owner = owner or visit.owner or _owner_of(home, by, by_staff=by_staff)
    check_place(visit, by=by, by_staff=by_staff)
    visit.note, visit.urgent = note.strip() or visit.note, urgent and by_staff
    visit.by_staff, visit.booked_by, visit.booked_at = by_staff, by, at
    visit.save()
    _give_time(visit, starts=starts, person=person, by_staff=by_staff, at=at)
    _say(visit, "booked", "visit-booked", by=by, at=at)
    return visit


def _same(visit, *, home, enquiry, starts):
    """What a form made that is sent once more."""
    theirs = (visit.home_id, visit.enquiry_id) == (home and home.pk, enquiry and enquiry.pk)
    if not theirs or not visit.is_live:
        raise VisitError(_("This form has been sent already. Please begin anew."))
    if visit.starts != starts:
        raise VisitError(_("This visit has a time already. You can move it."))
    return visit


def _owner_of(home, by, *, by_staff):
    if home is None:
        return None
    return hosts_of(home).first() if by_staff else Owner.objects.active().filter(user=by).first()


@transaction.atomic
def move_visit(visit, *, starts, by, at, person=None, by_staff=False, urgent=False):
    """Give it another time; the old one is kept until the new one is certain. Returns the Visit.

    `person` None: whoever comes already if they are free, else, of what the household may book, anybody who is.
    A visit that was confirmed is confirmed anew. Households move it until 17:30 of the day before.

    Raises VisitError, TakenError where the time is gone: then nothing has changed.
    """
    visit = lock_visit(visit, leaving=(State.BOOKED, State.CONFIRMED))
    _check_change(visit, by=by, by_staff=by_staff, at=at)
    check_place(visit, by=by, by_staff=by_staff)
    if visit.starts == starts and person in (None, visit.person):
        return visit
    before = visit.person
    visit.urgent = urgent and by_staff
    visit.moved += 1
    stays = person or (visit.person if by_staff else None)
    _give_time(visit, starts=starts, person=stays, by_staff=by_staff, at=at)
    _say(visit, "moved", "visit-moved", by=by, at=at, step=str(visit.moved))
    if before != visit.person:
        _tell_visitor(before, visit, at=at, step=str(visit.moved), by=by, gone=True)
    return visit


@transaction.atomic
def assign_visit(visit, *, person, by, at):
    """Somebody else comes at the same time, confirms it, and the household is told. Raises VisitError, TakenError."""
    visit = lock_visit(visit, leaving=(State.BOOKED, State.CONFIRMED))
    if person == visit.person:
        return visit
    return move_visit(visit, starts=visit.starts, person=person, by=by, at=at, by_staff=True, urgent=visit.urgent)


@transaction.atomic
def cancel_visit(visit, *, by, at, by_staff=False, because=None):
    """Nobody comes. The time is free again, and the promise void. Cancelled already, it stays so.

    Households cancel until 17:30 of the day before, and what has no time yet always. Raises VisitError.
    """
    visit = lock_visit(visit, leaving=(State.ASKED, State.CANCELLED, *LIVE))
    if visit.state == State.CANCELLED:
        return visit
    if not by_staff:
        _check_change(visit, by=by, by_staff=False, at=at)
        check_place(visit, by=by, by_staff=False)
    had_time = visit.is_live
    visit.state, visit.settled_at, visit.remind_at = State.CANCELLED, at, None
    visit.cancelled_because = because or (Because.STAFF if by_staff else Because.HOUSEHOLD)
    visit.save()
    cells.release(visit)
    promises.void_confirmation(visit, by=by, at=at)
    record("cancelled", visit, by=by, home=visit.home)
    if had_time:
        tell_household(visit, "visit-cancelled", at=at)
        _tell_visitor(visit.person, visit, at=at, step="cancelled", by=by, gone=True)
    tell_followers(visit, "cancelled", by=by, at=at)
    return visit


def _check_change(visit, *, by, by_staff, at):
    if by_staff or visit.can_be_changed(at=at):
        return
    words = _("This can be changed here until 17:30 of the day before. Please ring us: %(hotline)s.")
    raise VisitError(words % {"hotline": settings.COMPANY_HOTLINE})


def _give_time(visit, *, starts, person, by_staff, at):
    """Take the quarter hours of `person`, or of one after the other of those who are free, and write the time down."""
    roster = Roster(kind=visit.kind, place=visit.development, at=at, person=person, moving=visit, urgent=visit.urgent)
    check_time(visit, starts, person=person, roster=roster, by_staff=by_staff)
    terms = roster.terms
    for candidate in _candidates(visit, roster, starts, person=person, by_staff=by_staff):
        if cells.take(visit, candidate, starts=starts, minutes=terms.minutes, buffer=terms.buffer_minutes):
            break
    else:
        raise TakenError(_("Somebody else was faster: this time is not free any more. Please choose another one."))
    visit.person, visit.starts, visit.ends = candidate, starts, starts + timedelta(minutes=terms.minutes)
    visit.state, visit.confirmed_at = State.BOOKED, None
    visit.remind_at = starts - A_DAY if starts - A_DAY > at else None
    visit.save()


def _candidates(visit, roster, starts, *, person, by_staff):
    """Those who are asked, one after the other; a visit that moves stays with whoever has it, if they are free."""
    if person is not None and by_staff:
        return [person]
    free = roster.free_at(starts)
    people = User.objects.in_bulk(free)
    free.sort(key=lambda pk: pk != visit.person_id)
    return [people[pk] for pk in free]


def _say(visit, verb, code, *, by, at, step=""):
    promises.promise_confirmation(visit, by=by, at=at)
    record(verb, visit, by=by, home=visit.home)
    tell_followers(visit, "booked", by=by, at=at)
    tell_household(visit, code, at=at, step=step, expires=visit.ends)
    _tell_visitor(visit.person, visit, at=at, step=str(visit.moved), by=by)


def _tell_visitor(person, visit, *, at, step, by, gone=False):
    """Whoever comes, or (`gone`) no longer does, unless they did it themselves; by text message too when it is soon."""
    if person is None or (by is not None and person.pk == by.pk):
        return
    soon = visit.starts is not None and visit.starts - at <= A_DAY
    code = "visit-not-yours" if gone else "visit-yours"
    tell([person], f"{code}-soon" if soon else code, visit, at=at, step=step)
