"""The milestones by which an entry of a checklist can be dated, for the editor's choice."""

from progress.journeys.models import JourneyTemplate, MilestoneTemplate


def milestone_choices():
    """[(code, name)] of the milestones of all kinds of work, each code once, in the order of the work."""
    steps = MilestoneTemplate.objects.exclude(stage__template__state=JourneyTemplate.State.DRAFT)
    steps = steps.select_related("stage__template").order_by("stage__template__kind", "stage__order", "order")
    found = {}
    for step in steps:
        found.setdefault(step.code, {})[step.stage.template.get_kind_display()] = str(step.name)
    return [(code, _label(names)) for code, names in found.items()]


def _label(names):
    return f"{next(iter(names.values()))} ({', '.join(dict.fromkeys(names))})"
