"""What all public pages have in common."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import Page, PageManager
from wagtail.query import PageQuerySet

from cms import pictures
from cms.frame import company_of, frame_of, trail_of
from cms.search.fields import FoundInPieces
from cms.search.texts import text_of


class PublicPageQuerySet(PageQuerySet):
    def below(self, page):
        """Those that anybody may read below `page`, as lists show them: with their covers, without their bodies."""
        return self.descendant_of(page).live().public().listed()

    def listed(self):
        return self.select_related("cover", "locale", "alias_of__locale").defer_streamfields()


class PublicPage(Page):
    """A page that anybody may read: a lead under its title, and one picture that stands for it in lists."""

    lead = models.TextField(gettext_lazy("lead"), max_length=400, blank=True)
    cover = models.ForeignKey(
        "wagtailimages.Image",
        verbose_name=gettext_lazy("picture of the page"),
        help_text=gettext_lazy("At its top, in lists, and where the page is shared."),
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
    )
    cover_alt = models.CharField(
        gettext_lazy("the picture in words"),
        help_text=gettext_lazy("For those who can't see it: what it shows, and how far the work is."),
        max_length=300,
        blank=True,
    )

    objects = PageManager.from_queryset(PublicPageQuerySet)()

    cover_panel = MultiFieldPanel(
        [FieldPanel("cover"), FieldPanel("cover_alt")], heading=gettext_lazy("Picture of the page")
    )
    content_panels = [*Page.content_panels, FieldPanel("lead"), cover_panel]
    search_fields = [*Page.search_fields, FoundInPieces("title", boost=2), FoundInPieces("search_text")]

    class Meta:
        abstract = True

    def clean(self):
        super().clean()
        if self.cover_id and not self.cover_alt.strip():
            raise ValidationError({"cover_alt": _("Please say in words what the picture shows.")})

    @property
    def search_text(self):
        """All its words, for those who look for some of them."""
        return text_of(self)

    def get_context(self, request, *args, **kwargs):
        """Adds `public`, what the frame shows; `company` as marketing keeps it; and what this kind of page shows."""
        shown = self.to_show(request, **kwargs)
        pictures.recall([*pictures.images_of(self), *_covers_in(shown.values())])
        frame = {"public": frame_of(self, request), "company": company_of(request), "trail": trail_of(self, request)}
        return super().get_context(request, *args, **kwargs) | frame | shown

    def to_show(self, request):
        """What the template of this kind of page is given besides `page`."""
        return {}


def _covers_in(values):
    """The pictures of the pages in those of `values` that are lists."""
    for value in values:
        pages = (each for each in value if isinstance(each, PublicPage)) if isinstance(value, list) else ()
        yield from (page.cover for page in pages if page.cover)
