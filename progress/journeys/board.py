"""Homes × milestones, as staff look after them: what is late stands first."""

from dataclasses import dataclass
from datetime import date

from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce, Length

from .models import ChangedMilestone, Journey, Milestone, MilestoneChange, MilestoneTemplate


@dataclass
class Cell:
    """One milestone of one home, or none where its template has no such step."""

    milestone: Milestone | None
    waiting: bool
    today: date

    @property
    def is_to_come(self):
        return self.milestone is not None and self.milestone.state != Milestone.State.REACHED

    @property
    def days_late(self):
        """How many days it should have been reached by now; 0 when it is not late."""
        step = self.milestone
        if step is None or step.state == Milestone.State.REACHED or not step.expected or step.expected >= self.today:
            return 0
        return (self.today - step.expected).days


@dataclass
class Row:
    """One home with its cells in the order of the columns."""

    journey: Journey
    cells: list[Cell]


def journeys_late_first(journeys, *, today):
    """`journeys` with `late_since`, the earliest day that was missed, the longest missed first."""
    overdue = Milestone.objects.exclude(state=Milestone.State.REACHED).filter(journey=OuterRef("pk"))
    overdue = overdue.annotate(day=Coalesce("forecast", "planned")).filter(day__lt=today).order_by("day")
    journeys = journeys.annotate(late_since=Subquery(overdue.values("day")[:1]))
    number = ("home__building__name", Length("home__number"), "home__number", "pk")  # 2-201 before 2-1002
    return journeys.order_by(F("late_since").asc(nulls_last=True), *number)


def columns_of(journeys):
    """The milestones of the ordered stages of the templates that `journeys` follow, each code once."""
    templates = MilestoneTemplate.objects.filter(
        stage__template__in=journeys.order_by().values("template"), stage__order__isnull=False
    )
    columns = {}
    for step in templates.select_related("stage").order_by("stage__order", "order"):
        columns.setdefault(step.code, step)
    return list(columns.values())


def rows_of(journeys, columns, *, today):
    """A Row for each of `journeys` (a page of them). Two queries, whatever their number."""
    steps = Milestone.objects.filter(journey__in=[journey.pk for journey in journeys]).select_related("template")
    waiting = set(
        ChangedMilestone.objects.filter(milestone__in=steps, change__state=MilestoneChange.State.WAITING).values_list(
            "milestone", flat=True
        )
    )
    by_place = {(step.journey_id, step.template.code): step for step in steps}
    return [
        Row(
            journey,
            [
                Cell(step := by_place.get((journey.pk, column.code)), step is not None and step.pk in waiting, today)
                for column in columns
            ],
        )
        for journey in journeys
    ]


def to_come(rows):
    """The places of the columns in which a home has something still to come; all, where none has."""
    places = range(len(rows[0].cells)) if rows else range(0)
    return [place for place in places if any(row.cells[place].is_to_come for row in rows)] or list(places)
