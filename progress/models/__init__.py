"""Places, who lives in them, and who on the staff looks after them."""

from .places import Building, Development, Home, HouseType, known_zone
from .rights import Assignment, Ownership, RightState
from .roles import FOLLOWS_PROGRESS, GUESTS, HOSTS, Role

__all__ = [
    "FOLLOWS_PROGRESS",
    "GUESTS",
    "HOSTS",
    "Assignment",
    "Building",
    "Development",
    "Home",
    "HouseType",
    "Ownership",
    "RightState",
    "Role",
    "known_zone",
]
