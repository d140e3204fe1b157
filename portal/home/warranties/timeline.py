"""The warranties of a home on one line of time, as an SVG: numbers in per cent of its width and in pixels."""

from dataclasses import dataclass
from datetime import date

from django.utils.text import capfirst
from django.utils.translation import gettext as _

ROW, TOP, BAR = 48, 30, 10  # pixels: a warranty, the years above them, the height of a bar
MOST_YEARS = 6  # named, so that they don't run into each other on a phone


@dataclass(frozen=True)
class Bar:
    """One warranty. `first` and `width` are per cent; `grown` and `more` what repairs added, "" where nothing was."""

    warranty: object
    label: str
    text_y: int
    y: int
    first: str
    width: str
    grown: str = ""
    more: str = ""


@dataclass(frozen=True)
class Timeline:
    bars: list
    years: list  # (per cent, year)
    now: str
    height: int

    @property
    def foot(self):
        return self.height - 4


def drawn(rows, *, today):
    """The Timeline of these warranties; None without any."""
    if not rows:
        return None
    begins = date(min(row.starts for row in rows).year, 1, 1)
    ends = date(max(row.last_day for row in rows).year + 1, 1, 1)

    def share(day):
        return max(0, min(100, 100 * (day - begins).days / (ends - begins).days))

    bars = [_bar(row, TOP + ROW * number, share) for number, row in enumerate(rows)]
    return Timeline(bars, _years(begins, ends, share), _percent(share(today)), TOP + ROW * len(rows) + 8)


def _bar(row, top, share):
    first, last = share(row.starts), share(min(row.ends, row.last_day))
    longer = {}
    if row.extended_to:
        longer = {"grown": _percent(last + 0.5), "more": _percent(max(share(row.extended_to) - last - 0.5, 0.5))}
    return Bar(row, _label(row), top + 14, top + 22, _percent(first), _percent(max(last - first, 0.5)), **longer)


def _label(row):
    """Short enough for a phone: without the room."""
    if row.component:
        return _("%(part)s, repaired") % {"part": row.component.name}
    return capfirst(row.what)


def _years(begins, ends, share):
    step = (ends.year - begins.year) // MOST_YEARS + 1
    return [(_percent(share(date(year, 1, 1))), str(year)) for year in range(begins.year, ends.year, step)]


def _percent(value):
    """For an attribute of SVG, whatever the reader's language writes between whole and part."""
    return f"{value:.2f}%"
