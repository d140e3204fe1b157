"""From which day a warranty counts: work on a home that is finished, a journey or what an upper app knows of.

@source(touched=homes_since)
def repairs_done(homes): ...  # Anchors of these homes, a queryset

`touched(moment)` gives the ids of homes whose Anchors may be other ones since that moment.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from progress.components.models import Component
from progress.journeys.models import Milestone
from progress.models import Home

# The step with which the work of a journey is handed to its owner, by kind of work: (stage, milestone).
FINISHED = {
    "new_home": ("handover", "keys"),
    "renovation": ("completion", "settlement"),
    "refurbishment": ("acceptance", "accepted"),
    "repair": ("sign-off", "signed-off"),
}
MILESTONE = Milestone._meta.label_lower
_sources = {}


@dataclass(frozen=True)
class Anchor:
    """Work that was finished on `day`, on the whole home or on one component of it.

    `source` names the row that says so. `reported_on`: of a repair, the day that decides under which warranty it was
    done; None where it was done under none.
    """

    kind: str
    day: date
    component: Component | None = None
    home_id: UUID | None = None
    journey_id: UUID | None = None
    source_kind: str = ""
    source_id: UUID | None = None
    reported_on: date | None = None


@dataclass(frozen=True)
class Source:
    anchors: object  # homes → Anchors
    touched: object  # moment → ids of homes


def source(*, touched):
    """Decorator: `function(homes)` gives Anchors besides those of the journeys."""

    def register(function):
        _sources[f"{function.__module__}.{function.__qualname__}"] = Source(function, touched)
        return function

    return register


def anchors_of(home):
    """All of a home, in no order."""
    return anchors_at(Home.objects.filter(pk=home.pk)).get(home.pk, [])


def anchors_at(homes):
    """{id of a home: its Anchors} of a queryset of homes; those without any are left out. A query a source."""
    found = {}
    for anchor in [*_of_journeys(homes), *(each for known in _sources.values() for each in known.anchors(homes))]:
        found.setdefault(anchor.home_id, []).append(anchor)
    return found


def touched_since(moment):
    """The ids of homes of which an upper app has known something else since that moment."""
    return {pk for known in _sources.values() for pk in known.touched(moment)}


def last_steps():
    """The milestones with which work is handed over, reached or not."""
    steps = Q(pk__in=[])
    for kind, (stage, step) in FINISHED.items():
        steps |= Q(template__stage__template__kind=kind, template__stage__code=stage, template__code=step)
    return Milestone.objects.filter(steps).order_by()


def _of_journeys(homes):
    reached = last_steps().filter(journey__home__in=homes.order_by().values("pk"), actual__isnull=False)
    rows = reached.values_list("journey__template__kind", "actual", "journey__home", "journey", "pk")
    return [Anchor(kind, day, None, home, journey, MILESTONE, pk) for kind, day, home, journey, pk in rows]
