"""Jobs as a repairer's list shows them: the home, the clock, the visit that goes with it."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from portal.tickets.clocks.showing import Shown, shown_each
from portal.tickets.models import Ticket
from portal.visits.models import Visit

PRIORITY_TONES = {"emergency": "danger", "high": "warning", "normal": "quiet", "low": "quiet"}
ABOUT = "tickets.ticket"  # what a visit's subject_kind says when a ticket asked for it


@dataclass
class Row:
    ticket: Ticket
    clock: Shown | None
    visit: Visit | None
    today: date

    @property
    def place(self):
        return place_of(self.ticket.home)

    @property
    def tone(self):
        return PRIORITY_TONES[self.ticket.priority]

    @property
    def visit_day(self):
        return _day(self.visit.starts, self.ticket) if self.visit and self.visit.starts else None

    @property
    def is_pressing(self):
        return self.ticket.is_emergency or (self.clock is not None and self.clock.state == "late")

    @property
    def is_today(self):
        due = _day(self.ticket.due_at, self.ticket) if self.ticket.due_at else None
        days = [day for day in (due, self.visit_day) if day]
        return any(day <= self.today for day in days)


def _day(moment, ticket):
    return moment.astimezone(ZoneInfo(ticket.development.time_zone)).date()


def place_of(home):
    """Where it is, as one says it to a driver."""
    building = home.building
    return ", ".join(str(part) for part in (home.development, building and building.title, home.number) if part)


def visits_for(tickets, user):
    """{ticket's id: its next visit that this member of staff sees}. One query."""
    visits = (
        Visit.objects.of_staff(user)
        .live()
        .filter(subject_kind=ABOUT, subject_id__in=[str(ticket.pk) for ticket in tickets])
    )
    found = {}
    for visit in visits.select_related("person").order_by("-starts", "-pk"):
        found[visit.subject_id] = visit  # the earliest stays
    return found


def rows_of(tickets, user, *, at):
    tickets = list(tickets)
    clocks, visits = shown_each(tickets, at, staff=True), visits_for(tickets, user)
    return [Row(ticket, clocks.get(ticket.pk), visits.get(str(ticket.pk)), _day(at, ticket)) for ticket in tickets]


def by_press(rows):
    """{"pressing": [...], "today": [...], "later": [...]}, each in the order given."""
    found = {"pressing": [], "today": [], "later": []}
    for row in rows:
        found["pressing" if row.is_pressing else "today" if row.is_today else "later"].append(row)
    return found
