"""An open day as the public reads of it."""

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import PageManager

from cms.blocks import BodyBlock
from cms.editing.translating import sources
from cms.open_days import facts_of

from .base import PublicPage, PublicPageQuerySet
from .developments import DevelopmentPage


class OpenDayPageQuerySet(PublicPageQuerySet):
    def at_developments(self, developments):
        """Those below the pages of these developments, each once: as it was written first, by title."""
        below = Q(pk__in=[])
        for path in DevelopmentPage.objects.filter(development__in=developments).values_list("path", flat=True):
            below |= Q(path__startswith=path)
        return sources(self.filter(below)).order_by("title", "pk")


class OpenDayPage(PublicPage):
    """What an open day is like. When, where, its rules and the places left come from the open day that names it."""

    body = StreamField(BodyBlock(), verbose_name=_("body"), blank=True)

    objects = PageManager.from_queryset(OpenDayPageQuerySet)()

    content_panels = [*PublicPage.content_panels, FieldPanel("body")]
    parent_page_types = ["cms.DevelopmentPage"]
    subpage_types = []

    class Meta:
        verbose_name = _("page of an open day")

    def to_show(self, request):
        at = timezone.now()
        facts = facts_of(self, at=at)
        return {"facts": facts, "may_book": facts is not None and facts.takes_bookings(at)}

    def in_language(self, code):
        """The live page in this language: itself, its translation, or what stands in for one; else None."""
        found = type(self).objects.filter(translation_key=self.translation_key, locale__language_code=code)
        return found.live().public().first()
