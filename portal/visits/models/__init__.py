"""Visits: one household, or somebody who enquired, with one colleague at one time; and when colleagues are free."""

from .kinds import DEFAULTS, Defaults, VisitKind, VisitSetting
from .times import Absence, Availability
from .visits import LIVE, Visit, VisitCell

__all__ = [
    "DEFAULTS",
    "LIVE",
    "Absence",
    "Availability",
    "Defaults",
    "Visit",
    "VisitCell",
    "VisitKind",
    "VisitSetting",
]
