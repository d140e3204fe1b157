"""What a buyer must know of a place before signing."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, RichTextBlock, StreamBlock, StreamBlockValidationError, StructBlock
from wagtail.blocks import TextBlock as PlainTextBlock

from .pictures import PictureBlock
from .texts import ANSWER

RISKS = ("outer", "inner")
WITHOUT_RISKS = _("Buyers must read of the risks before they sign. Please name those inside and around the site.")


class RiskBlock(StructBlock):
    what = CharBlock(label=_("what"), max_length=120)
    text = PlainTextBlock(label=_("where, how near, what was measured"), rows=2, max_length=400)

    class Meta:
        icon = "warning"


class RisksBlock(StreamBlock):
    """The numbered plan and the lists for it: outside the fence by numbers, inside by letters, in the order given."""

    plan = PictureBlock(label=_("Plan with the numbers"))
    outer = RiskBlock(label=_("Risk around the site"))
    inner = RiskBlock(label=_("Risk inside the site"))
    note = RichTextBlock(label=_("Note"), features=ANSWER, icon="pilcrow")

    def clean(self, value):
        value = super().clean(value)
        if not self.is_deferred_validation and not any(block.block_type in RISKS for block in value):
            raise StreamBlockValidationError(non_block_errors=[ValidationError(WITHOUT_RISKS)])
        return value

    class Meta:
        block_counts = {"plan": {"max_num": 1}}
        required = False  # `clean` says it in a sentence that helps
