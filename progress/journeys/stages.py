"""A journey as its reader sees it: the ordered stages, what is done, what is now, what comes."""

from dataclasses import dataclass
from datetime import date

from django.db.models import F
from django.utils.translation import gettext as _

from .models import Journey, Milestone, StageTemplate


@dataclass
class StageOnJourney:
    """One stage of one journey with its milestones in order."""

    stage: StageTemplate
    milestones: list[Milestone]
    state: str = ""  # "done", "now", or "" for what is to come

    @property
    def name(self):
        return self.stage.name

    @property
    def label(self):
        """Its state in a word, where there is one."""
        return {"done": _("Done"), "now": _("Now")}.get(self.state, "")

    @property
    def icon(self):
        return {"done": "check", "now": "clock"}.get(self.state, "calendar")

    @property
    def is_done(self):
        return all(step.state == Milestone.State.REACHED for step in self.milestones)

    @property
    def ended(self) -> date | None:
        """The day the last of its milestones was reached, once the stage is done."""
        days = [step.actual for step in self.milestones if step.actual]
        return max(days) if days and self.is_done else None

    @property
    def expected(self) -> date | None:
        """The day by which its last milestone is expected, as far as that is known."""
        days = [step.expected for step in self.milestones if step.expected]
        return max(days) if days else None


def stages_of(journey):
    """The ordered stages of `journey` (a Journey, or None: no stages), each with its milestones. Two queries.

    The current stage is the first that has a milestone still to come. Standing stages are not listed.
    """
    if journey is None:
        return []
    milestones = list(Milestone.objects.filter(journey=journey).select_related("template").order_by("template__order"))
    stages = StageTemplate.objects.filter(template=journey.template_id, order__isnull=False).order_by("order")
    stages = [
        StageOnJourney(stage, [step for step in milestones if step.template.stage_id == stage.pk]) for stage in stages
    ]
    now_found = False
    for stage in stages:
        if stage.is_done and not now_found:
            stage.state = "done"
        elif not now_found:
            stage.state, now_found = "now", True
    return stages


def standing_stages(journey):
    """The stages that stand beside the others, such as "always". One query."""
    if journey is None:
        return []
    return list(StageTemplate.objects.filter(template=journey.template_id, order__isnull=True))


def current_journey(home):
    """The journey that a home's pages tell of: the newest that is still open, else the newest."""
    journeys = Journey.objects.filter(home=home).select_related("template")
    return journeys.order_by(F("ended").desc(nulls_first=True), "-started").first()
