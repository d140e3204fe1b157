"""Open days: when a site opens to its owners, who comes, who waits for a place, and who has passed the gate."""

from .bookings import Booking, Passage, Visitor
from .changes import OpenDayChange
from .messages import OpenDayMessage
from .open_days import OpenDay, SafetyRule
from .reminders import Reminder
from .slots import Slot
from .waiting import WaitingEntry, WaitingStep

__all__ = [
    "Booking",
    "OpenDay",
    "OpenDayChange",
    "OpenDayMessage",
    "Passage",
    "Reminder",
    "SafetyRule",
    "Slot",
    "Visitor",
    "WaitingEntry",
    "WaitingStep",
]
