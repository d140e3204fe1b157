"""The page of the complaints board: what owners complained of, and what we answered, in public."""

from django.core.paginator import Paginator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField

from cms.blocks import BodyBlock
from cms.board import entries

from .base import PublicPage

A_PAGE = 12


class ComplaintsBoardPage(PublicPage):
    """Its entries come from tickets whose owners agreed; editors write what stands around them."""

    body = StreamField(BodyBlock(), verbose_name=_("body"), blank=True)

    content_panels = [*PublicPage.content_panels, FieldPanel("body")]
    parent_page_types = ["cms.HomePage"]
    subpage_types = []
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("complaints board")

    def to_show(self, request):
        return {"entries": Paginator(entries(at=timezone.now()), A_PAGE).get_page(request.GET.get("page"))}
