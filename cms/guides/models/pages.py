"""The pages that marketing writes. They have no public address: owners read their editions."""

from django.db import models
from django.http import Http404
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page, PageManager
from wagtail.query import PageQuerySet

from cms.editing.translating import own_text
from cms.guides.blocks import GuideBlock
from cms.guides.forms import GuidePageForm
from cms.guides.panels import ReachPanel
from cms.guides.previews import preview_context, preview_modes_of

AUDIENCE = ("for_kinds", "for_developments", "for_buildings", "for_house_types", "for_stages", "for_roles")


def _anyone(label):
    return models.JSONField(label, default=list, blank=True)


class NeverPublic(models.Model):
    """A page that the public site never shows, and that no sitemap names."""

    class Meta:
        abstract = True

    def serve(self, request, *args, **kwargs):
        raise Http404

    def get_sitemap_urls(self, request=None):
        return []

    def get_url_parts(self, request=None):
        return None


class GuideIndexPage(NeverPublic, Page):
    """Keeps the guides together in the tree, in the order in which owners see them."""

    parent_page_types = ["cms.HomePage"]
    subpage_types = ["guides.GuidePage"]
    max_count_per_parent = 1
    preview_modes = []
    promote_panels = [FieldPanel("slug")]

    class Meta:
        verbose_name = _("guides")
        verbose_name_plural = _("guides")


class GuideQuerySet(PageQuerySet):
    def for_home(self, home, *, roles, on):
        """The pages, one a language, of the guides that fit `home` on that day, for somebody in any of `roles`."""
        from .editions import Edition

        keys = Edition.objects.for_home(home, roles=roles, on=on).values("guide_key")
        return own_text(self.live()).filter(translation_key__in=keys)


class GuidePage(NeverPublic, Page):
    """One guide in one language. Publishing it makes or amends the edition of that number.

    `for_…`: lists of codes or ids; an empty one is for all, several are for any of them, and all of them must fit.
    """

    lead = models.TextField(_("in two sentences"), max_length=300, blank=True)
    body = StreamField(GuideBlock(), verbose_name=_("body"), blank=True)
    version = models.PositiveIntegerField(
        _("edition"),
        default=1,
        help_text=_(
            "Raise it when something has changed for the readers: they are shown what. "
            "Leave it for a mere correction of the wording."
        ),
    )
    valid_from = models.DateField(
        _("valid from"),
        null=True,
        blank=True,
        help_text=_("Before that day owners read the edition before it. Empty: from the day it is published."),
    )
    what_changed = models.TextField(
        _("what has changed"),
        max_length=600,
        blank=True,
        help_text=_(
            "Since the edition before, in words for the readers. The sections are named beside it by themselves."
        ),
    )
    tell = models.BooleanField(
        _("tell the owners whom it concerns"),
        default=False,
        help_text=_("Once an edition, on the day from which it is valid. Tick it in the language you publish last."),
    )
    for_kinds = _anyone(_("kinds of work"))
    for_developments = _anyone(_("developments"))
    for_buildings = _anyone(_("buildings"))
    for_house_types = _anyone(_("house types"))
    for_stages = _anyone(_("stages"))
    for_roles = _anyone(_("roles in the household"))

    objects = PageManager.from_queryset(GuideQuerySet)()

    base_form_class = GuidePageForm
    parent_page_types = ["guides.GuideIndexPage"]
    subpage_types = []
    content_panels = [
        *Page.content_panels,
        FieldPanel("lead"),
        ReachPanel(heading=_("Whom it reaches")),
        MultiFieldPanel([FieldPanel(name) for name in AUDIENCE], heading=_("Whom it is for"), classname="collapsed"),
        MultiFieldPanel(
            [FieldPanel(name) for name in ("version", "valid_from", "what_changed", "tell")], heading=_("Edition")
        ),
        FieldPanel("body"),
    ]
    promote_panels = [FieldPanel("slug")]

    class Meta:
        verbose_name = _("guide")
        verbose_name_plural = _("guides")

    def get_url_parts(self, request=None):
        """Where whoever is logged in reads it, at the first of their homes that it fits."""
        sites = self._get_relevant_site_root_paths(request)
        if not sites:
            return None
        return sites[0].site_id, sites[0].root_url, reverse("home:guide-anywhere", args=[self.translation_key])

    @property
    def preview_modes(self):
        return preview_modes_of(self)

    def serve_preview(self, request, mode_name):
        """In the language of the page, whichever its editor reads."""
        with translation.override(self.locale.language_code):
            return super().serve_preview(request, mode_name).render()

    def get_preview_template(self, request, mode_name):
        return "home/guides/preview.html"

    def get_preview_context(self, request, mode_name):
        return {"page": self, "request": request} | preview_context(self, mode_name)
