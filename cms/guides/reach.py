"""How many homes a guide reaches, and how many owners have read it; for those who write guides."""

from dataclasses import dataclass

from django.db.models import Count

from .audience import homes_for
from .models import GuideReading


@dataclass(frozen=True)
class Reach:
    """`today`: homes at which it is read now; `ever`: those that it fits at some stage of theirs."""

    today: int
    ever: int

    @property
    def is_nobody(self):
        return self.ever == 0


def reach_of(named):
    """Of an audience ({sort: values}). Two queries."""
    return Reach(today=homes_for(named).count(), ever=homes_for(named, today=False).count())


def readers_of(editions):
    """{(key, number): how many owners have opened it}. One query."""
    keys = [edition.guide_key for edition in editions]
    counted = GuideReading.objects.filter(guide_key__in=keys).order_by().values_list("guide_key", "number")
    return {(key, number): count for key, number, count in counted.annotate(Count("pk"))}
