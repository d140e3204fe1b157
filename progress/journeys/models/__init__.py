"""Journeys: the stages of a home's life, from a template by kind of work, with dated milestones and their changes."""

from .changes import ChangedMilestone, Evidence, MilestoneChange
from .journeys import Journey, Milestone
from .templates import JourneyTemplate, Kind, MilestoneTemplate, StageTemplate

__all__ = [
    "ChangedMilestone",
    "Evidence",
    "Journey",
    "JourneyTemplate",
    "Kind",
    "Milestone",
    "MilestoneChange",
    "MilestoneTemplate",
    "StageTemplate",
]
