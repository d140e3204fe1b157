"""How guides stand on paper."""

import re

from django import template
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from wagtail.rich_text import RichText

from cms.checklists.reading import lines_of
from cms.guides.sums import sums_for
from cms.prints.content import name_of

register = template.Library()
OWN = re.compile(r'(<a\b[^>]*\bhref=")/(?!/)')
NOWHERE = re.compile(r"<a(?:\s[^>]*)?>(.*?)</a>", re.DOTALL)


@register.filter
def on_paper(text):
    """Rich text whose links lead to the portal from anywhere; one that leads nowhere is its words."""
    html = str(text if isinstance(text, RichText) else RichText(getattr(text, "source", text) or ""))
    html = OWN.sub(rf"\1{settings.BASE_URL}/", html)
    html = NOWHERE.sub(lambda link: link[0] if re.search(r'href="(?:https?|mailto|tel):', link[0]) else link[1], html)
    return mark_safe(html)  # noqa: S308  what the editor's toolbar lets through, as on the page


@register.simple_tag
def printed_picture(image, pictures):
    """The picture, encoded anew; nothing where it could not be."""
    if image is None or name_of(image) not in pictures:
        return ""
    alt = getattr(image, "contextual_alt_text", "") or image.default_alt_text or image.title
    return format_html('<img src="photo:{}" alt="{}">', name_of(image), alt)


@register.simple_tag
def sums_at(value, home):
    """What the lines of a block of fees come to at this home."""
    return sums_for(value["lines"], home.area)


@register.simple_tag
def lines_at(value, ticking):
    """The entries of a checklist as the household has ticked them."""
    return lines_of(value, ticking)
