"""The kinds of promises. Each app registers its own in `AppConfig.ready`:

@register("next-update")
class NextUpdate(Kind):
    label = _("The next news from the site")
    team = Assignment.Role.SITE_MANAGER
    steps = (Step("two-days-before", days=-2), Step("due", to=(ANSWERABLE, SUPERVISOR)))
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from progress.calendar.clock import CalendarError
from progress.models import Assignment

ANSWERABLE = "answerable"  # whoever answers for it: the person named, else the team
SITE_MANAGER, SUPERVISOR = Assignment.Role.SITE_MANAGER, Assignment.Role.SUPERVISOR

_kinds = {}


class UnknownPromiseError(LookupError):
    """No app registered this code."""


@dataclass(frozen=True)
class Step:
    """When somebody is told how a promise stands: so many working days or hours from its time, negative before it."""

    code: str
    days: int = 0
    hours: timedelta = field(default=timedelta())
    to: tuple = (ANSWERABLE,)

    def moment(self, due_at, clock):
        """When that is for a promise due at `due_at`; `clock` None counts round the clock."""
        if clock is None:
            return due_at + timedelta(days=self.days) + self.hours
        if self.hours:
            shift = clock.subtract if self.hours < timedelta() else clock.add
            return shift(due_at, abs(self.hours))
        return _on_working_day(due_at, self.days, clock) if self.days else due_at


def _on_working_day(due_at, days, clock):
    """At the same time of another working day; where that is a closed one, at the nearest open one on this side."""
    local = due_at.astimezone(clock.zone)
    day = clock.add_days(local.date(), days)
    moment = datetime.combine(day, local.timetz()).astimezone(UTC)
    return clock.subtract(moment, timedelta()) if days < 0 else clock.add(moment, timedelta())


class Kind:
    """What is promised on one occasion, who answers for it, and who hears of it when."""

    label = ""
    touchpoint = ""  # the code of the Touchpoint at which it is promised
    team = Assignment.Role.SITE_MANAGER  # answers where nobody is named
    round_the_clock = False
    shown = True  # to the owners of the home
    taken_by_app = ()  # codes of steps that the app of the kind takes itself, in a sweep of its own
    steps = (Step("day-before", days=-1), Step("due", to=(ANSWERABLE, SUPERVISOR)))

    def words(self, promise):
        """What is promised, in the active language, as an owner reads it."""
        return str(self.label)

    def prepare(self, promises):
        """Fetch at once what `words` reads of these promises, for lists of them."""

    def holds(self, promise):
        """Whether it still means something; asked by the sweep, which lets go of one that does not."""
        return True

    def url(self, promise):
        """Where staff keep it: a path, or "" for the promise's own page."""
        return ""

    def moments(self, promise, clock):
        """[(moment, Step)] in order; the time itself is always among them."""
        steps = self.steps if any(step.code == "due" for step in self.steps) else (*self.steps, Step("due"))
        try:
            moments = [(step.moment(promise.due_at, None if self.round_the_clock else clock), step) for step in steps]
        except CalendarError:  # a calendar that is wrong keeps nobody from being told
            moments = [(step.moment(promise.due_at, None), step) for step in steps]
        return sorted(moments, key=lambda pair: (pair[0], pair[1].code))


def register(code):
    """Class decorator: make the kind known under `code`, which stands in rows for ever."""

    def decorate(kind):
        kind.code = code
        _kinds[code] = kind()
        return kind

    return decorate


def get(code):
    """The kind registered under `code`. Raises UnknownPromiseError."""
    try:
        return _kinds[code]
    except KeyError:
        raise UnknownPromiseError(code) from None


def prepare(promises):
    """The promises as a list whose words cost no query each."""
    promises, by_kind = list(promises), {}
    for promise in promises:
        by_kind.setdefault(promise.kind, []).append(promise)
    for code, alike in by_kind.items():
        if code in _kinds:
            _kinds[code].prepare(alike)
    return promises


def taken_by_apps():
    """Codes of the steps that the ledger's sweep leaves alone."""
    return {code for kind in _kinds.values() for code in kind.taken_by_app}


def choices():
    """(code, label) of all kinds, for filters."""
    return [(code, kind.label) for code, kind in _kinds.items()]


def shown():
    """Codes of the kinds that owners see."""
    return [code for code, kind in _kinds.items() if kind.shown]
