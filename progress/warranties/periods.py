"""How long a warranty lasts: to the last day on which a defect can be reported under it, that day included."""

from calendar import monthrange
from datetime import date

SEASON_BEGINS, SEASON_ENDS = (11, 15), (3, 15)  # month and day of a heating season


def months_after(day, months):
    """The same day of the month, so many months on; where that month is shorter, its last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def seasons_after(day, seasons):
    """The day on which so many whole heating seasons since `day` are over; one that had begun then doesn't count."""
    first = date(day.year, *SEASON_BEGINS)
    year = day.year if day <= first else day.year + 1
    return date(year + seasons, *SEASON_ENDS)
