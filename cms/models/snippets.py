"""What is kept once and shown on several pages."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import TranslatableMixin
from wagtail.snippets.models import register_snippet

from cms.blocks import PriceRowBlock


@register_snippet
class ContactCard(TranslatableMixin, models.Model):
    """How to reach one team: its telephone, its address, its hours."""

    name = models.CharField(pgettext_lazy("of a team", "name"), max_length=120)
    text = models.CharField(_("what for"), max_length=300, blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    hours = models.CharField(_("hours"), max_length=120, blank=True)

    panels = [FieldPanel(name) for name in ("name", "text", "phone", "email", "address", "hours")]

    class Meta(TranslatableMixin.Meta):
        ordering = ["name"]
        verbose_name = pgettext_lazy("of a team", "contact")
        verbose_name_plural = pgettext_lazy("of teams", "contacts")

    def __str__(self):
        return self.name


@register_snippet
class PriceTable(TranslatableMixin, models.Model):
    """Prices or terms of one kind, line by line."""

    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(_("words above the table"), max_length=400, blank=True)
    what_heading = models.CharField(
        _("heading of the first column"), help_text=_("Such as “Work”."), max_length=40, blank=True
    )
    price_heading = models.CharField(
        _("heading of the second column"), help_text=_("Such as “Fee” or “Warranty”."), max_length=40, blank=True
    )
    rows = StreamField([("row", PriceRowBlock())], verbose_name=_("lines"))
    note = models.TextField(_("words under the table"), max_length=400, blank=True)

    panels = [FieldPanel(name) for name in ("title", "text", "what_heading", "price_heading", "rows", "note")]

    class Meta(TranslatableMixin.Meta):
        ordering = ["title"]
        verbose_name = _("price table")
        verbose_name_plural = _("price tables")

    def __str__(self):
        return self.title
