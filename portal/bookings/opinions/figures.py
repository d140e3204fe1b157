"""What all opinions of one open day come to."""

from dataclasses import dataclass

from django.db.models import Count

from .areas import Area, Verdict
from .models import AreaOpinion, Opinion, OpinionRequest

STARS = range(1, 6)


@dataclass(frozen=True)
class Figures:
    """`ratings`: {stars: how many}; `areas`: {Area: {Verdict: how many}}, those that somebody spoke of."""

    ratings: dict
    areas: dict
    asked: int

    @property
    def total(self):
        return sum(self.ratings.values())

    @property
    def average(self):
        """To a tenth; None without an opinion."""
        points = sum(stars * number for stars, number in self.ratings.items())
        return round(points / self.total, 1) if self.total else None

    @property
    def shares(self):
        """In per cent, for the chart: one star first."""
        total = self.total or 1
        return {stars: round(100 * self.ratings[stars] / total) for stars in STARS}


def figures_of(open_day):
    counted = Opinion.objects.filter(open_day=open_day).order_by().values_list("rating").annotate(number=Count("pk"))
    return Figures(
        ratings=dict.fromkeys(STARS, 0) | dict(counted),
        areas=_areas(open_day),
        asked=OpinionRequest.objects.filter(booking__open_day=open_day).count(),
    )


def _areas(open_day):
    rows = AreaOpinion.objects.filter(opinion__open_day=open_day).order_by().values_list("area", "verdict")
    found = {}
    for area, verdict, number in rows.annotate(number=Count("pk")):
        found.setdefault(Area(area), dict.fromkeys(Verdict, 0))[Verdict(verdict)] = number
    return {area: found[area] for area in Area if area in found}
