"""What a ticket is, what was said and done about it, and what decides where it goes."""

from .conversation import Attachment, Message
from .finding import TicketWord
from .history import Step
from .routing import Duty, EmergencyWord, Route
from .tickets import Counter, Ticket

__all__ = ["Attachment", "Counter", "Duty", "EmergencyWord", "Message", "Route", "Step", "Ticket", "TicketWord"]
