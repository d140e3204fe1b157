"""Occasions of the calendar: a day, each week while a stage lasts, a festival."""

from datetime import date, timedelta
from functools import cache

import holidays
from django.db.models import Exists, OuterRef

from progress.enquiries.models import Enquiry
from progress.journeys.models import Milestone

from .anchors import AtHomes, register
from .models import Anchor

ENQUIRIES = "enquiry"
FESTIVALS = {  # as the calendar's library names them in English
    "spring-festival": "Chinese New Year (Spring Festival)",
    "mid-autumn": "Mid-Autumn Festival",
    "national-day": "National Day",
    "new-year": "New Year's Day",
}
A_DAY = timedelta(days=1)


def days_between(first, last):
    return (first + A_DAY * number for number in range((last - first).days + 1))


@register(Anchor.DATE)
class OnADay(AtHomes):
    """One day, or the same day of each year; 29 February comes on the 28th where there is none."""

    def days(self, rule, *, place, first, last):
        if not rule.every_year:
            return [rule.on_day] if first <= rule.on_day <= last else []
        days = [_of_year(rule.on_day, year) for year in range(first.year, last.year + 1)]
        return [day for day in days if first <= day <= last]


def _of_year(day, year):
    try:
        return day.replace(year=year)
    except ValueError:
        return date(year, 2, 28)


@register(Anchor.FESTIVAL)
class Festivals(AtHomes):
    """The first day of a festival, where the calendar of the place keeps it."""

    def days(self, rule, *, place, first, last):
        return [day for day in days_between(first, last) if begins(rule.anchor_code, place.calendar, day)]


def begins(code, calendar, day):
    """Whether a festival begins on `day`, by the holidays of that calendar."""
    name, known = FESTIVALS[code], _english(calendar)
    return name in _names(known, day) and name not in _names(known, day - A_DAY)


@cache
def _english(calendar):
    land, _hyphen, part = calendar.partition("-")
    return holidays.country_holidays(land, subdiv=part or None, language="en_US")


def _names(known, day):
    return (known.get(day) or "").split("; ")


@register(Anchor.WEEKDAY)
class Weekly(AtHomes):
    """Each such weekday while a stage of a journey is the current one; "enquiry": while an enquiry is undecided."""

    def of_enquiries(self, rule):
        return rule.anchor_code.startswith(ENQUIRIES)

    def subject_of(self, rule):
        return "enquiries.enquiry" if self.of_enquiries(rule) else ""

    def rows(self, rule):
        if self.of_enquiries(rule):
            kind = rule.anchor_code.removeprefix(ENQUIRIES).strip("/")
            undecided = Enquiry.objects.going_on().exclude(state=Enquiry.State.NEW)
            return undecided.filter(kind=kind) if kind else undecided
        return super().rows(rule).filter(Exists(_in_stage(rule.anchor_code)))

    def days(self, rule, *, place, first, last):
        return [day for day in days_between(first, last) if day.weekday() == rule.weekday]


def _in_stage(code):
    """Journeys of the outer home that are in this stage: all before it is done, and something of it is not."""
    kind, stage = code.split("/")
    open_steps = Milestone.objects.filter(
        journey__home=OuterRef("pk"), journey__ended__isnull=True, journey__template__kind=kind
    ).exclude(state=Milestone.State.REACHED)
    here = open_steps.filter(template__stage__code=stage)
    earlier = Milestone.objects.exclude(state=Milestone.State.REACHED).filter(
        journey=OuterRef("journey"), template__stage__order__lt=OuterRef("template__stage__order")
    )
    return here.exclude(Exists(earlier))
