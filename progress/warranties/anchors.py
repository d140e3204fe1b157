"""From which day a warranty counts: work on a home that is finished, a journey or what an upper app knows of.

@source
def repairs_done(home): ...  # [Anchor, …]
"""

from dataclasses import dataclass
from datetime import date

from progress.components.models import Component
from progress.journeys.models import Milestone

# The step with which the work of a journey is handed to its owner, by kind of work: (stage, milestone).
FINISHED = {
    "new_home": ("handover", "keys"),
    "renovation": ("completion", "settlement"),
    "refurbishment": ("acceptance", "accepted"),
    "repair": ("sign-off", "signed-off"),
}
_sources = {}


@dataclass(frozen=True)
class Anchor:
    """Work that was finished on `day`, on the whole home or on one component of it."""

    kind: str
    day: date
    component: Component | None = None


def source(function):
    """Decorator: `function(home)` gives Anchors besides those of the home's journeys."""
    _sources[f"{function.__module__}.{function.__qualname__}"] = function
    return function


def anchors_of(home):
    """All of a home, in no order."""
    return [*_of_journeys(home), *(anchor for function in _sources.values() for anchor in function(home))]


def _of_journeys(home):
    reached = Milestone.objects.filter(journey__home=home, actual__isnull=False).order_by()
    rows = reached.values_list(
        "journey__template__kind", "template__stage__code", "template__code", "actual", named=False
    )
    return [Anchor(kind, day) for kind, stage, step, day in rows if FINISHED.get(kind) == (stage, step)]
