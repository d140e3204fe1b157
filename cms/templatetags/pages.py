"""For the templates of public pages."""

import re
from urllib.parse import urlencode

from django import template
from django.utils.html import format_html
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from cms import pictures
from cms.frame import CODES
from portal.ui.tags.marks import make_badge

register = template.Library()

register.simple_tag(pictures.picture, name="photo")
register.simple_tag(pictures.large, name="large_photo")


@register.filter
def dialled(number):
    """A telephone number as `tel:` wants it: digits, with a plus in front if there is one."""
    return re.sub(r"(?!^\+)\D", "", str(number).strip())


@register.simple_tag
def step_badge(step, progress):
    """The state of a public milestone in a word."""
    if step.is_counted and (step.reached or step.is_reached):
        return make_badge(_("%(reached)s of %(homes)s homes") % {"reached": step.reached, "homes": step.homes}, "quiet")
    if step.is_withdrawn:
        return make_badge(_("Withdrawn"), "quiet")
    if step == progress.next_step:
        return make_badge(_("Now"), kind="mine")
    return make_badge(*_lateness(step))


def _lateness(step):
    """(words, tone); late is a warning, never red."""
    late = step.days_late
    if late is None:
        return (_("Done"), "good") if step.is_reached else (pgettext("a milestone", "To come"), "quiet")
    if not late:
        return (_("on time") if step.is_reached else pgettext("a date", "Unchanged"), "good")
    if late < 0:
        return ngettext("%(n)s day early", "%(n)s days early", -late) % {"n": -late}, "good"
    return ngettext("%(n)s day late", "%(n)s days late", late) % {"n": late}, "warning"


@register.filter
def written(number):
    """A decimal without the zeros at its end: 98.6."""
    return f"{number.normalize():f}" if number is not None else ""


@register.filter
def address(page, request):
    """Where the page stands; the request remembers what all pages need to know for it."""
    return page.get_url(request)


@register.simple_tag
def text_lang(page):
    """` lang="…"` for a page in a list whose text is that of another language so far; else nothing."""
    source = page.alias_of
    if source is None or source.locale_id == page.locale_id:
        return ""
    code = source.locale.language_code
    return format_html(' lang="{}"', CODES.get(code, code))


@register.simple_tag
def enquiry_address(place=None):
    """The form for those who are no customers yet, in the reader's language and for this development's page."""
    asked = {"lang": get_language()} | ({"development": place.development_id} if place else {})
    return f"/enquire/?{urlencode(asked)}"
