"""Which picture stands for a home: by kind of work, and by how far it is."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from progress.journeys.models import Kind, Milestone

# For a new home: the scene from which a milestone is the next to come.
BUILDING_SITE = {
    "ground": "site-ground",
    "structure": "site-structure",
    "topping-out": "site-topped",
    "windows": "site-windows",
    "pipes-and-wires": "site-windows",
    "finishing": "site-finishing",
    "acceptance": "site-finishing",
    "inspection": "site-finishing",
    "keys": "site-finishing",
    "three-month-visit": "site-home",
    "one-year-check": "site-home",
}


def scene_for(journey, stages):
    """The name of a picture in `ui/art/` for a journey (or None) with its `stages_of`."""
    if journey is None:
        return "riverside"
    if journey.template.kind != Kind.NEW_HOME:
        return "alley"
    step = next_milestone(stages)
    return BUILDING_SITE.get(step.template.code, "site-ground") if step else "site-home"


def next_milestone(stages):
    """The first milestone still to come, or None."""
    steps = (step for stage in stages for step in stage.milestones)
    return next((step for step in steps if step.state != Milestone.State.REACHED), None)


def milestone(stages, code):
    """The milestone with this code, or None."""
    steps = (step for stage in stages for step in stage.milestones)
    return next((step for step in steps if step.template.code == code), None)


def ground(stages):
    """The stages as the ground line under a home shows them: name, a word on when, state."""
    return [{"name": stage.name, "note": _when(stage), "state": stage.state} for stage in stages]


def _when(stage):
    if stage.state == "now":
        return _("Now")
    day = stage.ended if stage.state == "done" else stage.expected
    return date_format(day, "YEAR_MONTH_FORMAT") if day else ""
