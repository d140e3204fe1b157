"""What a leaflet says of a place in a month: what was reached, what comes, what moved and why, what the site wrote.

A leaflet goes to everybody of the place, so it tells of nothing that concerns one home alone. Rows are reckoned in the
database, some for each step and building, whatever the number of homes; their names follow the reader's language.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, DurationField, Exists, ExpressionWrapper, F, Max, Min, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from progress.journeys.models import (
    ChangedMilestone,
    Journey,
    Milestone,
    MilestoneChange,
    MilestoneTemplate,
    StageTemplate,
)
from progress.models import Building, Home
from progress.updates.models import Update

from .choosing import Shot, chosen_photos

MOST_NEWS = 15
HANDOVER = "keys"
Kind = MilestoneChange.Kind


@dataclass(frozen=True)
class Month:
    """A calendar month at a place: its days, and the moments at which they begin and end there."""

    first: date
    zone: ZoneInfo

    @property
    def next(self):
        """The first day of the month after."""
        return (self.first + timedelta(days=32)).replace(day=1)

    @property
    def after_next(self):
        return (self.next + timedelta(days=32)).replace(day=1)

    @property
    def starts(self):
        return datetime.combine(self.first, time(), tzinfo=self.zone)

    @property
    def ends(self):
        return datetime.combine(self.next, time(), tzinfo=self.zone)

    def days(self, field):
        return Q(**{f"{field}__gte": self.first, f"{field}__lt": self.next})

    def moments(self, field):
        return Q(**{f"{field}__gte": self.starts, f"{field}__lt": self.ends})


@dataclass(frozen=True)
class Step:
    """One milestone of the homes of one building, reached or to come between two days."""

    template: MilestoneTemplate
    building: Building | None
    first: date
    last: date
    homes: int
    of: int  # so many homes have such a step there

    @property
    def name(self):
        return self.template.name

    @property
    def days(self):
        return self.first, self.last

    @property
    def is_partly(self):
        return self.homes < self.of


@dataclass(frozen=True)
class Moved:
    """One milestone of the homes of one building that got another day, or was not reached after all.

    Old and new days are ranges, since homes have their own; `least` and `most` are how many days later they are.
    """

    change: MilestoneChange
    template: MilestoneTemplate
    building: Building | None
    old: tuple[date | None, date | None]
    new: tuple[date | None, date | None]
    least: int | None
    most: int | None
    homes: int

    @property
    def name(self):
        return self.template.name

    @property
    def is_withdrawn(self):
        return self.change.kind == Kind.WITHDRAWN

    @property
    def by(self):
        """How many days later or earlier, where that is the same for all homes; else None."""
        return abs(self.most) if self.least == self.most and self.most else None

    @property
    def is_later(self):
        """For any of the homes."""
        return self.is_withdrawn or (self.most or 0) > 0


@dataclass(frozen=True)
class Content:
    place: object  # Development or Building
    month: Month
    reached: list[Step]
    coming: list[Step]
    moved: list[Moved]
    news: list[Update]
    shots: list[Shot]
    handover: dict | None

    @property
    def has_news(self):
        return bool(self.reached or self.moved or self.news)

    @property
    def names_buildings(self):
        """Whether lines have to say which building they are of."""
        return not isinstance(self.place, Building)


def month_of(place, day):
    """The Month of `day` at a Development or Building."""
    development = place.development if isinstance(place, Building) else place
    return Month(day.replace(day=1), ZoneInfo(development.time_zone))


def homes_of(place):
    return Home.objects.filter(**{place._meta.model_name: place})


def content_of(place, day):
    """The Content for the month of `day`. A dozen queries, whatever the number of homes."""
    month, homes = month_of(place, day), homes_of(place)
    steps = _shared_steps(homes)
    news = _news(place, month)
    return Content(
        place=place,
        month=month,
        reached=_steps(_reached(steps, month), homes, day="actual"),
        coming=_steps(_coming(steps, month), homes, day="expected_on"),
        moved=_moved(homes, month),
        news=news,
        shots=chosen_photos(news),
        handover=_handover(homes),
    )


def said_since(place, moment):
    """Whether something was made known after `moment` that the leaflet of the place might have said otherwise."""
    of_homes = ChangedMilestone.objects.filter(milestone__journey__home__in=homes_of(place)).values("change")
    corrections = _updates_for(place).filter(kind=Update.Kind.CORRECTION, published_at__gt=moment)
    return MilestoneChange.objects.known_since(moment).filter(pk__in=of_homes).exists() or corrections.exists()


def _shared_steps(homes):
    """The milestones from the stage on in which owners are promised news: contracts before it are each owner's own."""
    first = StageTemplate.objects.filter(template=OuterRef("journey__template"), regular_news=True).order_by("order")
    steps = Milestone.objects.filter(journey__home__in=homes, template__stage__order__isnull=False)
    steps = steps.annotate(
        news_from=Coalesce(Subquery(first.values("order")[:1]), 0), expected_on=Coalesce("forecast", "planned")
    )
    return steps.filter(template__stage__order__gte=F("news_from"))


def _reached(steps, month):
    """Those reached in the month, and those of before that were approved only then."""
    known = ChangedMilestone.objects.filter(
        milestone=OuterRef("pk"), change__state=MilestoneChange.State.MADE, change__kind=Kind.REACHED
    )
    known = known.alias(known_at=Coalesce("change__decided_at", "change__at")).filter(month.moments("known_at"))
    late = Q(actual__lt=month.first) & Exists(known)
    return steps.filter(month.days("actual") | late, state=Milestone.State.REACHED)


def _coming(steps, month):
    in_next = {"expected_on__gte": month.next, "expected_on__lt": month.after_next}
    return steps.exclude(state=Milestone.State.REACHED).filter(journey__ended=None, **in_next)


def _steps(rows, homes, *, day):
    """A Step for each milestone, kind of work and building, in the order of the days; none of one home alone."""
    alike = ("template__code", "journey__template__kind", "journey__home__building")
    found = rows.order_by().values(*alike)
    found = found.annotate(
        template=Max("template"), first=Min(day), last=Max(day), homes=Count("journey__home", distinct=True)
    )
    found = list(found.order_by("first", "last", "template"))
    totals, only = _totals(homes), homes.count() == 1
    known = _known(found, "journey__home__building")
    return [
        Step(
            *known(row), row["first"], row["last"], row["homes"], totals.get(tuple(row[name] for name in alike[1:]), 0)
        )
        for row in found
        if only or row["homes"] > 1
    ]


def _totals(homes):
    """{(kind of work, building): how many homes}."""
    journeys = Journey.objects.filter(home__in=homes).order_by().values("template__kind", "home__building")
    counted = journeys.annotate(homes=Count("home", distinct=True))
    return {(row["template__kind"], row["home__building"]): row["homes"] for row in counted}


def _known(rows, building):
    """A function that gives (MilestoneTemplate, Building or None) of a row. Two queries."""
    templates = MilestoneTemplate.objects.in_bulk({row["template"] for row in rows})
    buildings = Building.objects.in_bulk({row[building] for row in rows if row[building]})
    return lambda row: (templates[row["template"]], buildings.get(row[building]))


def _moved(homes, month):
    """New dates and withdrawals of the month, in the order in which they were made known."""
    lines = ChangedMilestone.objects.filter(
        month.moments("change__at"),
        milestone__journey__home__in=homes,
        change__state=MilestoneChange.State.MADE,
        change__kind__in=[Kind.FORECAST, Kind.WITHDRAWN],
    )
    building = "milestone__journey__home__building"
    found = lines.order_by().values("change", "milestone__template__code", building)
    apart = ExpressionWrapper(F("to_date") - F("from_date"), output_field=DurationField())
    found = found.annotate(
        template=Max("milestone__template"),
        homes=Count("milestone__journey__home", distinct=True),
        **{f"{name}_{end.name.lower()}": end(name) for name in ("from_date", "to_date") for end in (Min, Max)},
        least=Min(apart),
        most=Max(apart),
    )
    found = list(found.order_by("change__at", "change", "template"))
    changes = MilestoneChange.objects.in_bulk({row["change"] for row in found})
    known, only = _known(found, building), homes.count() == 1
    return [_as_moved(row, changes[row["change"]], *known(row)) for row in found if only or row["homes"] > 1]


def _as_moved(row, change, template, building):
    return Moved(
        change,
        template,
        building,
        (row["from_date_min"], row["from_date_max"]),
        (row["to_date_min"], row["to_date_max"]),
        row["least"] and row["least"].days,
        row["most"] and row["most"].days,
        row["homes"],
    )


def _updates_for(place):
    """What the site wrote for all of the place, not for homes one by one."""
    if isinstance(place, Building):
        here = Q(audience__development=place.development_id) | Q(audience__building=place)
    else:
        here = Q(audience__development=place) | Q(audience__building__development=place)
    return Update.objects.published().news().filter(here).distinct()


def _news(place, month):
    """The newest of the month, in the order of their days; what was corrected comes with its correction."""
    news = _updates_for(place).filter(month.moments("published_at")).order_by("-published_at", "-pk")
    return list(news.select_related("corrects").prefetch_related("photos__file", "corrections")[:MOST_NEWS])[::-1]


def _handover(homes):
    """When the homes are handed over: from which day until which, and whether that is still as planned."""
    keys = Milestone.objects.filter(journey__home__in=homes, template__code=HANDOVER, journey__ended=None)
    keys = keys.exclude(state=Milestone.State.REACHED).annotate(expected_on=Coalesce("forecast", "planned"))
    found = keys.filter(expected_on__isnull=False).aggregate(
        first=Min("expected_on"),
        last=Max("expected_on"),
        moved=Count("pk", filter=Q(planned__isnull=False, forecast__isnull=False) & ~Q(forecast=F("planned"))),
    )
    return found if found["first"] else None
