"""How guides appear on owners' pages and on paper."""

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from cms.guides.sums import Per
from portal.ui.tags.marks import make_badge

register = template.Library()

MOST_NAMES = 4
SEVERAL = " · "


@register.simple_tag
def guide_badge(guide):
    """ "Changed" for who knows an earlier edition, "New" for a fresh one that they have not opened."""
    if guide.is_changed:
        return make_badge(pgettext("a guide", "Changed"), kind="mine")
    return make_badge(pgettext("a guide", "New"), kind="mine") if guide.is_new else ""


@register.filter
def section_name(title):
    """The title of a section; the part before the first heading has none."""
    return title or _("the beginning")


@register.filter
def whom_words(whom):
    """ "new home · Qinghuai Lane": of each sort a few names."""
    return SEVERAL.join(pgettext("between names", ", ").join(_few(names)) for names in whom)


def _few(names):
    more = len(names) - MOST_NAMES
    return [*names[:MOST_NAMES], ngettext("%(n)s more", "%(n)s more", more) % {"n": more}] if more > 0 else names


@register.simple_tag
def other_language(code):
    """The words of the link to a guide in another language, in that language."""
    return {"en": "Read it in English", "zh-hans": "阅读中文版"}.get(code, code)


@register.filter
def area(value):
    """ "98.60 m²" as far as it is exact."""
    return _("%(area)s m²") % {"area": _exact(value)}


@register.filter
def money(value):
    """To the cent; a dash where it is not known."""
    return "–" if value is None else f"{value:,.2f}"


@register.filter
def reckoned(line):
    """ "2.80 yuan/m² a month × 98.60 m² × 3 months"."""
    rate = {
        Per.M2_MONTH: _("%(rate)s yuan/m² a month"),
        Per.M2: _("%(rate)s yuan/m²"),
        Per.HOME: _("%(rate)s yuan a home"),
        Per.MONTH: _("%(rate)s yuan a month"),
    }[line.per] % {"rate": _exact(line.rate)}
    by_area = [area(line.area) if line.area is not None else _("the area")] if line.is_by_area else []
    months = [ngettext("%(n)s month", "%(n)s months", line.months) % {"n": line.months}] if line.months else []
    return " × ".join([rate, *by_area, *months])


def _exact(value):
    """No cents of a whole number, else two decimals or as many as it has."""
    decimals = max(0, -value.normalize().as_tuple().exponent)
    return f"{value:,.{max(2, decimals) if decimals else 0}f}"
