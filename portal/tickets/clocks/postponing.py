"""A ticket takes longer: the owner gets another date, and hears why, before the old one passes."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.tickets.errors import TicketError
from portal.tickets.locking import lock_ticket
from portal.tickets.steps import take_step
from progress.calendar.hours import read_hours

from .keeping import in_both
from .models import Clock
from .reckoning import RESOLUTION, RoundTheClock

LATEST = timedelta(days=366)
UNANSWERED = gettext_lazy("We should have answered you by now, and have not. A supervisor knows of it.")
UNFINISHED = gettext_lazy(
    "It is not finished, and will not be by the date we gave. You should hear that before it passes."
)


@transaction.atomic
def postpone(ticket, *, due_at, by, at, reason_en="", reason_zh=""):
    """Promise it for another time, in words that the owner reads. Returns the ticket.

    Raises TicketError when its clock does not run, the time is past or more than a year away, or nobody says why.
    """
    ticket = lock_ticket(ticket.pk)
    clock = Clock.objects.filter(ticket=ticket, kind=RESOLUTION, since__isnull=False).first()
    if clock is None:
        raise TicketError(_("Its clock stands still: there is no date to change."))
    if not (reason_en.strip() or reason_zh.strip()):
        raise TicketError(_("Please say why it takes longer: the owner reads it."))
    if not at < due_at <= at + LATEST:
        raise TicketError(_("Please choose a time to come, within a year."))
    ticket.version += 1
    ticket.save(update_fields=["version"])
    reasons = {"reason_en": reason_en.strip(), "reason_zh": reason_zh.strip()}
    take_step(ticket, "postponed", by=by, at=at, **reasons, due_at=due_at.isoformat())
    return ticket


def postpone_by_itself(ticket, clock, *, terms, work, at):
    """Nobody gave a date, and the one there is passes soon: move it by half the time the ticket has.

    By a working day at least, each time by once more than before. `clock`: its resolution clock; `work`: the clock of
    the place. The ticket is locked. What we measure ourselves by stays as it was: only the owner's date moves.
    """
    measure = RoundTheClock() if clock.round_the_clock else work
    before = ticket.steps.filter(what="postponed", data__automatic=True).count()
    more = max(terms.resolution / 2, a_day(clock)) * (before + 1)
    due_at = measure.add(max(clock.promised_at, at), more)
    reasons = in_both(UNANSWERED if ticket.unanswered_since else UNFINISHED)
    take_step(ticket, "postponed", by=None, at=at, **reasons, due_at=due_at.isoformat(), automatic=True)


def a_day(clock):
    """How long a working day is, as this clock measures."""
    if clock.round_the_clock:
        return timedelta(days=1)
    return timedelta(minutes=sum(each.closes - each.opens for each in read_hours(settings.WORKING_HOURS)))
