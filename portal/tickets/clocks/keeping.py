"""The clocks follow the history of their ticket: each step that concerns them sets them, in its own transaction."""

from dataclasses import fields
from functools import cache

import structlog
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from portal.tickets.following import follows
from progress.calendar.clock import CalendarError, WorkingClock, clock_for
from progress.calendar.hours import MIDNIGHT, Stretch

from . import ledger
from .models import Clock
from .pausing import after_step
from .policies import Policies
from .reckoning import FOLLOWED, reckon
from .telling import tell_of_date
from .tracks import Reckoned

LEVELS = {50: "half_at", 80: "most_at", 100: "due_at"}
SHOWN = [field.name for field in fields(Reckoned)]
KEPT = [*SHOWN, "warned", "next_warning_at"]
REASONS = {
    "resumed": _("The pause is over, and the time counts again."),
    "routed": _("What it is about or how urgent it is has been corrected."),
    "reopened": _("It was opened again."),
    "calendar": _("The calendar of working days has changed."),
}
FOR_OWNERS = {"paused", "postponed"}  # the reasons of other steps are for colleagues
OTHERWISE = _("The history of it has changed.")

log = structlog.get_logger(__name__)


@follows
def keep_time(ticket, step, *, by, at):
    """Set the clocks of `ticket` after `step`. Whoever takes a step has locked the ticket."""
    if step.what == "assigned":
        ledger.hand_over(ticket, by=by)
    if step.what in FOLLOWED:
        set_clocks(ticket, because=step, by=by, at=at)
    after_step(ticket, step, by=by, at=at)


def set_clocks(ticket, *, because, by, at):
    """Reckon and write the clocks of one locked ticket, with its promises. `because`: the step that was taken."""
    steps = list(ticket.steps.order_by("seq"))
    known = {promise.key: promise for promise in ledger.promises_of(ticket)}
    rows = {row.kind: row for row in ticket.clocks.all()}
    found = Reckoner().reckon(ticket, steps)
    setting = Setting(at=at, by=by).set(ticket, found, rows, known, reasons=reasons_of(because)).write()
    for _ticket, clock in setting.moved if because.what != "paused" else ():  # of a pause, the owner is told by itself
        tell_of_date(ticket, clock, at=at)


def reasons_of(step):
    """Why a promise moves, in both languages: as staff said it to the owner, else what happened."""
    if step.what in FOR_OWNERS and (step.reason_en or step.reason_zh):
        return {"reason_en": step.reason_en[:200], "reason_zh": step.reason_zh[:200]}
    return in_both(REASONS.get(step.what, OTHERWISE))


def in_both(words):
    """{"reason_en", "reason_zh"} of words of the portal."""
    found = {}
    for field, language in (("reason_en", "en"), ("reason_zh", "zh-hans")):
        with override(language):
            found[field] = str(words)
    return found


class Reckoner:
    """Reckons many tickets with what they have in common read once."""

    def __init__(self):
        self.policies, self.clock = Policies(), cache(clock_for)

    def clock_of(self, ticket):
        return self.clock(ticket.development.calendar, ticket.development.time_zone)

    def reckon(self, ticket, steps):
        """{kind: Reckoned}. A calendar that is wrong keeps nobody from working: then every hour counts."""
        terms, clock = self.policies.terms_at(ticket.reported_at), self.clock_of(ticket)
        try:
            return reckon(steps, terms, clock)
        except CalendarError:
            log.exception("clocks_without_calendar", ticket=str(ticket.pk))
            return reckon(steps, terms, WorkingClock(EveryDay(), clock.zone))


class EveryDay:
    """Days without a closed hour."""

    def stretches(self, day):
        return (Stretch(0, MIDNIGHT),)


class Setting:
    """Sets the clocks of one ticket after the other, then writes the rows of all of them at once."""

    def __init__(self, *, at, by=None):
        self.at, self.by = at, by
        self.new, self.changed = [], []
        self.moved = []  # (ticket, clock) of promises that have another time now

    def set(self, ticket, found, rows, known, *, reasons):
        """`rows`: {kind: Clock} as they are; `known`: {key: Promise}. The ticket is locked."""
        clocks = [self._set(ticket, rows.get(kind), reckoned) for kind, reckoned in found.items()]
        moved = ledger.follow(ticket, clocks, known, reasons=reasons, by=self.by, at=self.at)
        self.moved += [(ticket, clock) for clock in moved]
        due_at = min((clock.due_at for clock in clocks if clock.since is not None), default=None)
        if due_at != ticket.due_at:
            ticket.due_at = due_at
            ticket.save(update_fields=["due_at"])
        return self

    def _set(self, ticket, row, reckoned):
        clock = row or Clock(ticket=ticket, kind=reckoned.kind)
        before = [getattr(clock, name) for name in KEPT]
        for name in SHOWN:
            setattr(clock, name, getattr(reckoned, name))
        plan_warning(clock, again=row is None or before[KEPT.index("round")] != clock.round, at=self.at)
        if row is None:
            self.new.append(clock)
        elif before != [getattr(clock, name) for name in KEPT]:
            self.changed.append(clock)
        return clock

    def write(self):
        Clock.objects.bulk_create(self.new, batch_size=500)
        Clock.objects.bulk_update(self.changed, KEPT, batch_size=200)
        return self


def plan_warning(clock, *, again=False, at):
    """Note when somebody hears of it next. A level that lies ahead once more is told of once more."""
    clock.next_warning_at = None
    if clock.since is None:
        return
    moments = {level: getattr(clock, name) for level, name in LEVELS.items()}
    passed = max((level for level, moment in moments.items() if moment <= at), default=0)
    clock.warned = 0 if again else min(clock.warned, passed)
    ahead = [moment for level, moment in moments.items() if level > clock.warned]
    clock.next_warning_at = min([*ahead, *([clock.near_at] if clock.near_at else [])], default=None)
