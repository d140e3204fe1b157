"""Days, promised and kept dates, and the stages of a home."""

from django import template
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from portal.ui import dates as words
from portal.ui.markup import attributes, element, join

register = template.Library()


@register.simple_tag
def day(value, tone=""):
    """The block of a date: weekday, day, month."""
    value, moment = words.local(value), words.machine(value)
    month = f"{value.month}月" if words.in_chinese() else date_format(value, "M")
    return format_html(
        '<time class="date"{}><span>{}</span><b>{}</b><span>{}</span></time>',
        attributes(datetime=moment, data_tone=tone),
        words.weekday(value),
        value.day,
        month,
    )


@register.simple_tag
def full_date(value):
    """The date in full with its weekday, for where someone must be somewhere; a datetime also with its time."""
    return element("time", words.full_date(value), datetime=words.machine(value)) if value else ""


@register.simple_tag
def short_date(value):
    """Day, month and year."""
    return element("time", words.short_date(value), datetime=words.machine(value)) if value else ""


def deviation(value, planned):
    """How far `value` is from `planned`, in words with a tone; late is a warning, never red."""
    late = (value - planned).days
    if not late:
        return element("small", _("on time"), data_tone="good")
    if late < 0:
        return element("small", ngettext("%(n)s day early", "%(n)s days early", -late) % {"n": -late}, data_tone="good")
    return element("small", ngettext("%(n)s day late", "%(n)s days late", late) % {"n": late}, data_tone="warning")


def pair(term, value, *, was=False, note=""):
    return format_html(
        "<div{}><dt>{}</dt><dd>{}</dd></div>", attributes(_class="was" if was else ""), term, join(value, note)
    )


@register.simple_tag
def dates(planned=None, forecast=None, actual=None, withdrawn=None):
    """Planned, forecast and actual side by side, with how far they lie apart. All are dates; any may be missing."""
    return format_html('<dl class="dates">{}</dl>', join(*date_pairs(planned, forecast, actual, withdrawn)))


def date_pairs(planned, forecast, actual, withdrawn):
    moved = bool(planned and forecast and forecast != planned)
    if withdrawn:
        struck = [pair(_("Planned"), element("del", short_date(planned)), was=True)] if planned else []
        return [*struck, pair(_("Withdrawn"), short_date(withdrawn))]
    if actual:
        first = [pair(_("Planned"), short_date(planned), was=True)] if planned else []
        return [*first, pair(_("Actual"), short_date(actual), note=deviation(actual, planned) if planned else "")]
    if moved:
        return [
            pair(_("Planned"), element("del", short_date(planned)), was=True),
            pair(_("Forecast"), short_date(forecast), note=deviation(forecast, planned)),
            pair(_("Actual"), pgettext("date", "open"), was=True),
        ]
    if planned and forecast:
        return [pair(_("Planned and forecast"), short_date(planned))]
    if planned or forecast:
        return [pair(_("Planned") if planned else _("Forecast"), short_date(planned or forecast))]
    return [pair(_("Planned"), pgettext("date", "open"), was=True)]


@register.inclusion_tag("ui/parts/stages.html")
def stages(steps, label="", note=""):
    """The line on which a home stands, inside `.earth .wrap`. `steps`: dicts or objects of name, note, state."""
    steps = list(steps)
    states = [step.get("state") if isinstance(step, dict) else step.state for step in steps]
    at = states.index("now") if "now" in states else None
    current = steps[at] if at is not None else None
    return {"steps": steps, "label": label, "note": note, "current": current, "place": (at or 0) + 1}
