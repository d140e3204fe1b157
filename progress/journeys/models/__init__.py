"""Journeys: the stages of a home's life, from a template by kind of work, with dated milestones and their changes."""

from .changes import ChangedMilestone, Evidence, MilestoneChange
from .journeys import Journey, Look, Milestone
from .templates import JourneyTemplate, Kind, MilestoneTemplate, StageTemplate

__all__ = [
    "ChangedMilestone",
    "Evidence",
    "Journey",
    "JourneyTemplate",
    "Kind",
    "Look",
    "Milestone",
    "MilestoneChange",
    "MilestoneTemplate",
    "StageTemplate",
]
