"""What the public site says of the company itself."""

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.models import Site

from accounts.languages import LocalizedText


@register_setting(icon="home")
class CompanySettings(BaseSiteSetting):
    """Name, logo, hotline and the like. What is empty comes from the installation's own settings."""

    name_en = models.CharField(_("name in English"), max_length=80, blank=True)
    name_zh = models.CharField(_("name in Chinese"), max_length=80, blank=True)
    legal_name_en = models.CharField(_("registered name in English"), max_length=120, blank=True)
    legal_name_zh = models.CharField(_("registered name in Chinese"), max_length=120, blank=True)
    logo = models.ForeignKey(
        "wagtailimages.Image",
        verbose_name=_("logo"),
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
    )
    hotline = models.CharField(_("hotline"), max_length=40, blank=True)
    filing_number = models.CharField(_("filing number"), max_length=60, blank=True)
    address_en = models.CharField(_("address in English"), max_length=200, blank=True)
    address_zh = models.CharField(_("address in Chinese"), max_length=200, blank=True)
    hours_en = models.CharField(_("hours in English"), max_length=120, blank=True)
    hours_zh = models.CharField(_("hours in Chinese"), max_length=120, blank=True)

    select_related = ["logo"]
    panels = [
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("name_en"), FieldPanel("name_zh")]),
                FieldRowPanel([FieldPanel("legal_name_en"), FieldPanel("legal_name_zh")]),
                FieldPanel("logo"),
                FieldPanel("filing_number"),
            ],
            heading=_("The company"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("hotline"),
                FieldRowPanel([FieldPanel("address_en"), FieldPanel("address_zh")]),
                FieldRowPanel([FieldPanel("hours_en"), FieldPanel("hours_zh")]),
            ],
            heading=_("How to reach it"),
        ),
    ]

    class Meta:
        verbose_name = _("company")

    @classmethod
    def of(cls, request):
        """The settings of the site that is asked for; unsaved ones where nobody has written any. Reads only."""
        kept = cls.get_cache_attr_name()
        if not hasattr(request, kept):
            site = Site.find_for_request(request)
            setattr(request, kept, cls.base_queryset().filter(site=site).first() or cls(site=site))
        return getattr(request, kept)

    @property
    def name(self):
        """In the reader's language."""
        given = LocalizedText.of(self, "name")
        default = settings.COMPANY_NAME
        return given if given and not given.is_fallback else default.get(get_language(), default["en"])

    @property
    def legal_name(self):
        return LocalizedText.of(self, "legal_name")

    @property
    def address(self):
        return LocalizedText.of(self, "address")

    @property
    def hours(self):
        return LocalizedText.of(self, "hours")

    @property
    def phone(self):
        return self.hotline or settings.COMPANY_HOTLINE
