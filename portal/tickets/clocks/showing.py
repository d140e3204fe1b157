"""A clock as pages draw it: how much is left, promised for when, and in what tone.

    shown(ticket, at)         all clocks of a ticket, in the order of their kinds
    shown_each(tickets, at)   {ticket key: the one that matters now}, in as many queries as for one
    shown_first(ticket, at)   that one; None before there is any

Owners see the date that they were given; with `staff=True` it is ours, where the portal has given them a later one.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal.ui.dates import full_date

from .keeping import Reckoner
from .models import Clock, Pause
from .tracks import KINDS, RESPONSE, RoundTheClock

LABELS = {kind.value: kind.label for kind in Clock.Kind}
BY = {
    "first_response": gettext_lazy("First answer by %(time)s"),
    "next_update": gettext_lazy("Next news by %(time)s"),
    "resolution": gettext_lazy("Solved by %(time)s"),
}


@dataclass(frozen=True)
class Shown:
    """`title` in bold and `text` beside it; `left`: per cent of the circle; `moment`: the time that is promised."""

    kind: str
    label: str
    state: str  # running, paused, late, kept, missed or void
    tone: str  # of the component: "", warning, danger, good, quiet
    title: str
    text: str
    left: int
    moment: datetime
    used: timedelta
    moved: bool  # the owner was given another date than ours, by the portal


def shown(ticket, at, *, staff=False):
    drawing = _Drawing([ticket], at, staff=staff)
    clocks = sorted(drawing.clocks.get(ticket.pk, ()), key=lambda clock: KINDS.index(clock.kind))
    return [drawing.draw(ticket, clock) for clock in clocks]


def shown_first(ticket, at, *, staff=False):
    return shown_each([ticket], at, staff=staff).get(ticket.pk)


def shown_each(tickets, at, *, staff=False):
    """The tickets come with their development."""
    drawing = _Drawing(tickets, at, staff=staff)
    return {ticket.pk: drawing.main_of(ticket) for ticket in tickets if ticket.pk in drawing.clocks}


class _Drawing:
    def __init__(self, tickets, at, *, staff):
        self.at, self.staff, self.common = at, staff, Reckoner()
        self.clocks, self.reasons = {}, {}
        pks = [ticket.pk for ticket in tickets]
        for clock in Clock.objects.filter(ticket__in=pks):
            self.clocks.setdefault(clock.ticket_id, []).append(clock)
        for pause in Pause.objects.filter(ticket__in=pks, state=Pause.State.RUNNING):
            self.reasons[pause.ticket_id] = pause.reason

    def main_of(self, ticket):
        """Before the first answer that one; then when it is solved: news in between are no end of it."""
        clocks = {clock.kind: clock for clock in self.clocks[ticket.pk]}
        first = clocks.get(RESPONSE)
        return self.draw(ticket, first if first and first.since else clocks["resolution"])

    def draw(self, ticket, clock):
        due_at = clock.due_at if self.staff else clock.promised_at
        measure = RoundTheClock() if clock.round_the_clock else self.common.clock_of(ticket)
        now = clock.stopped_at or self.at
        over = measure.between(due_at, now)  # negative while there is time left
        used = clock.counted + (measure.between(clock.since, self.at) if clock.since else timedelta())
        state = _state(clock, over)
        left = clock.allowed - clock.counted if state == "paused" else -over
        share = max(0, min(1, left / (used + left))) if used + left > timedelta() else 0
        title, text = self.words(ticket, clock, state, over, due_at)
        return Shown(
            kind=clock.kind,
            label=str(LABELS[clock.kind]),
            state=state,
            tone=_tone(state, share),
            title=title,
            text=text,
            left=round(share * 100) if state in {"running", "paused"} else 100,
            moment=due_at,
            used=used,
            moved=clock.promised_at > clock.due_at,
        )

    def words(self, ticket, clock, state, over, due_at):
        if state == "void":
            return str(LABELS[clock.kind]), _("no longer applies")
        if state == "paused":
            return _("Stopped"), str(self.reasons.get(ticket.pk) or _("It waits."))
        amount = {"time": amount_of(abs(over), working=not clock.round_the_clock), "what": LABELS[clock.kind]}
        if state == "kept":
            return _("Kept"), _("%(what)s: %(time)s early") % amount
        if state == "missed":
            return _("Kept late"), _("%(what)s: %(time)s over") % amount
        title = _("%(time)s left") if state == "running" else _("%(time)s over")
        when = full_date(localtime(due_at, ZoneInfo(ticket.development.time_zone)))
        return title % amount, str(BY[clock.kind]) % {"time": when}


def _state(clock, over):
    if clock.how == Clock.How.VOID:
        return "void"
    if clock.stopped_at is not None:
        return "missed" if over > timedelta() else "kept"
    if clock.paused:
        return "paused"
    return "late" if over > timedelta() else "running"


def _tone(state, share):
    tones = {"late": "danger", "missed": "warning", "kept": "good", "paused": "quiet", "void": "quiet"}
    return tones.get(state) or ("warning" if share <= 0.2 else "")


def amount_of(time, *, working):
    """So much time in words, rounded down: minutes below an hour, hours below two days, then days of 8 or 24 hours."""
    minutes = int(time / timedelta(minutes=1))
    if minutes < 60:
        return _working_or_not(minutes, working, "minutes")
    hours = minutes // 60
    days = hours // (8 if working else 24)
    return _working_or_not(hours, working, "hours") if days < 3 else _working_or_not(days, working, "days")


def _working_or_not(number, working, unit):
    words = {
        ("minutes", True): ngettext("%(n)s working minute", "%(n)s working minutes", number),
        ("hours", True): ngettext("%(n)s working hour", "%(n)s working hours", number),
        ("days", True): ngettext("%(n)s working day", "%(n)s working days", number),
        ("minutes", False): ngettext("%(n)s minute", "%(n)s minutes", number),
        ("hours", False): ngettext("%(n)s hour", "%(n)s hours", number),
        ("days", False): ngettext("%(n)s day", "%(n)s days", number),
    }
    return words[unit, working] % {"n": number}
