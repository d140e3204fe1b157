"""Design changes: what is to be built differently, who has answered, whom staff have called, and the record of it."""

from .answers import Answer, DesignCall
from .changes import DesignChange, DesignDrawing, DesignPlace, DesignText
from .records import DesignRecord

__all__ = [
    "Answer",
    "DesignCall",
    "DesignChange",
    "DesignDrawing",
    "DesignPlace",
    "DesignRecord",
    "DesignText",
]
