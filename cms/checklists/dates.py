"""The day of a milestone at a home, as entries of checklists are dated by it."""

from datetime import timedelta

from django.db.models import Case, DateField, F, When
from django.db.models.functions import Coalesce

from progress.journeys.models import Milestone


def days_of(homes, codes=None):
    """{(home, code): (milestone, day)}, all as keys but the day, which is None where nobody knows it. One query.

    Of a home with several journeys the newest counts that has such a milestone, an open one before any that ended.
    """
    steps = _dated().filter(journey__home__in=homes)
    steps = steps if codes is None else steps.filter(template__code__in=codes)
    steps = steps.order_by(F("journey__ended").desc(nulls_first=True), "-journey__started", "pk")
    found = {}
    for home, code, pk, day in steps.values_list("journey__home", "template__code", "pk", "day"):
        found.setdefault((home, code), (pk, day))
    return found


def _dated():
    """All milestones with their `day`, come or to come. One withdrawn has none until a new one is forecast."""
    withdrawn = When(state=Milestone.State.WITHDRAWN, then=F("forecast"))
    known = Coalesce("actual", "forecast", "planned")
    return Milestone.objects.annotate(day=Case(withdrawn, default=known, output_field=DateField()))


def days_at(home):
    """{code: day} of all milestones of `home` that have one. One query."""
    return {code: day for (_home, code), (_pk, day) in days_of([home.pk]).items() if day}


def due(day, days):
    """The day of an entry, so many days from a milestone's; None where there is none."""
    if day is None or days is None:
        return None
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return None
