"""Pages that marketing edits."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page


class HomePage(Page):
    """The public site's front page, one a language."""

    headline = models.CharField(_("headline"), max_length=120)
    lead = models.TextField(_("lead"), max_length=400, blank=True)

    content_panels = [*Page.content_panels, FieldPanel("headline"), FieldPanel("lead")]
    parent_page_types = ["wagtailcore.Page"]
    max_count_per_parent = 2

    class Meta:
        verbose_name = _("home page")

    def get_context(self, request):
        """Adds `public`: what the frame of public pages shows."""
        return super().get_context(request) | {"public": {"home": self.url, "languages": self.languages()}}

    def languages(self):
        """The page in each language in which it is live, for the links in its head."""
        pages = self.get_translations(inclusive=True).live().select_related("locale").order_by("locale__language_code")
        return [
            {
                "label": {"en": "EN", "zh-hans": "中文"}.get(page.locale.language_code, page.locale.get_display_name()),
                "url": page.url,
                "lang": {"zh-hans": "zh-Hans"}.get(page.locale.language_code, page.locale.language_code),
                "current": page.pk == self.pk,
            }
            for page in pages
        ]
