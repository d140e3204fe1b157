"""Pages of plain use: any text, contact, questions and answers."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField

from cms.blocks import AccordionBlock, BodyBlock, CardBlock, MapBlock

from .base import PublicPage


class StandardPage(PublicPage):
    """A page of text, such as the privacy statement."""

    in_footer = models.BooleanField(
        _("in the footer"), help_text=_("A link to it stands at the foot of each page."), default=False
    )
    body = StreamField(BodyBlock(), verbose_name=_("body"), blank=True)

    content_panels = [*PublicPage.content_panels, FieldPanel("body")]
    promote_panels = [*PublicPage.promote_panels, FieldPanel("in_footer")]
    parent_page_types = ["cms.HomePage", "cms.StandardPage"]
    subpage_types = ["cms.StandardPage"]

    class Meta:
        verbose_name = _("page of text")


class ContactPage(PublicPage):
    """How to reach the company: whom, when, where."""

    cards = StreamField([("card", CardBlock())], verbose_name=_("contacts"), blank=True)
    location = StreamField([("map", MapBlock())], verbose_name=_("map"), max_num=1, blank=True)
    body = StreamField(BodyBlock(), verbose_name=_("body"), blank=True)

    content_panels = [
        *PublicPage.content_panels,
        FieldPanel("cards"),
        FieldPanel("location"),
        FieldPanel("body"),
    ]
    parent_page_types = ["cms.HomePage"]
    subpage_types = []
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("contact page")


class QuestionsPage(PublicPage):
    """Questions and answers, in groups."""

    questions = StreamField([("group", AccordionBlock())], verbose_name=_("questions and answers"), blank=True)

    content_panels = [*PublicPage.content_panels, FieldPanel("questions")]
    parent_page_types = ["cms.HomePage"]
    subpage_types = []
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("page of questions and answers")
