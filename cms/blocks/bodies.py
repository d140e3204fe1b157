"""The bodies that pages are composed of."""

from wagtail.blocks import StreamBlock

from .figures import FactsBlock, StepsBlock
from .pictures import GalleryBlock, MapBlock, PictureBlock, PlanBlock
from .texts import AccordionBlock, CallBlock, QuoteBlock, TextBlock


class ReadingBlock(StreamBlock):
    """What there is to read and to look at; nothing that asks the reader to do something."""

    text = TextBlock()
    picture = PictureBlock()
    gallery = GalleryBlock()
    quote = QuoteBlock()
    facts = FactsBlock()
    steps = StepsBlock()
    accordion = AccordionBlock()
    plan = PlanBlock()
    map = MapBlock()


class BodyBlock(ReadingBlock):
    """The body of a public page."""

    call = CallBlock()

    class Meta:
        required = False
