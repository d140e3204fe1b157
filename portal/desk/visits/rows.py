"""Visits as lists show them: each in the time of its place."""

from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from portal.visits.models import Visit

TONES = {
    Visit.State.ASKED: "info",
    Visit.State.BOOKED: "warning",
    Visit.State.CONFIRMED: "good",
    Visit.State.ON_WAY: "good",
    Visit.State.ARRIVED: "good",
    Visit.State.MISSED: "danger",
}


@dataclass(frozen=True)
class Row:
    visit: Visit
    day: date | None
    hours: str

    @property
    def tone(self):
        return TONES.get(self.visit.state, "quiet")

    @property
    def place(self):
        return place_of(self.visit)


def row_of(visit):
    if visit.starts is None:
        return Row(visit, None, "")
    zone = ZoneInfo(visit.zone)
    starts, ends = visit.starts.astimezone(zone), visit.ends.astimezone(zone)
    return Row(visit, starts.date(), f"{starts:%H:%M}–{ends:%H:%M}")


def place_of(visit):
    """Where it is, as one says it to a driver."""
    if visit.at_ours:
        return _("our showroom")
    if visit.home is None:
        return visit.enquiry.place or visit.enquiry.reference
    building = visit.home.building
    return ", ".join(
        str(part) for part in (visit.home.development, building and building.title, visit.home.number) if part
    )


def by_day(visits, *, at):
    """{"late": [...], "today": [...], "tomorrow": [...]}, by the clock of each place; what is later is left out."""
    found = {"late": [], "today": [], "tomorrow": []}
    for visit in visits:
        row, today = row_of(visit), at.astimezone(ZoneInfo(visit.zone)).date()
        if row.day < today:
            found["late"].append(row)
        elif row.day == today:
            found["today"].append(row)
        elif row.day == today + timedelta(days=1):
            found["tomorrow"].append(row)
    return found
