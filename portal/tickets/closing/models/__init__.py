"""How tickets end: what was done about them, whether the warranty pays, what was signed, and the call afterwards."""

from .calls import Call, CallTry
from .resolutions import Resolution
from .sheets import ServiceSheet
from .warranty import WarrantyDecision

__all__ = ["Call", "CallTry", "Resolution", "ServiceSheet", "WarrantyDecision"]
