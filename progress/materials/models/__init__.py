"""What a home is made of, and the recalls that find it again."""

from .materials import Material, keys_of
from .recalls import Recall, RecalledHome, RecallWarning

__all__ = ["Material", "Recall", "RecallWarning", "RecalledHome", "keys_of"]
