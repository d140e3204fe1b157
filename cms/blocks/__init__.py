"""What pages are written with: one block a purpose, each with a template of its own."""

from .bodies import BodyBlock, ReadingBlock
from .choices import CardBlock, TableBlock
from .figures import FactBlock, FactsBlock, FigureBlock, PriceRowBlock, StepsBlock
from .pictures import GalleryBlock, MapBlock, PictureBlock, PlanBlock
from .risks import RisksBlock
from .texts import AccordionBlock, CallBlock, QuoteBlock, ServiceBlock, TextBlock

__all__ = [
    "AccordionBlock",
    "BodyBlock",
    "CallBlock",
    "CardBlock",
    "FactBlock",
    "FactsBlock",
    "FigureBlock",
    "GalleryBlock",
    "MapBlock",
    "PictureBlock",
    "PlanBlock",
    "PriceRowBlock",
    "QuoteBlock",
    "ReadingBlock",
    "RisksBlock",
    "ServiceBlock",
    "StepsBlock",
    "TableBlock",
    "TextBlock",
]
