"""Times and parties in words; times in the zone that is active."""

import re

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.bookings.models import WaitingStep
from portal.bookings.public import ICONS
from portal.ui.dates import full_date, in_chinese
from portal.ui.markup import element, join
from portal.ui.tags.texts import fallback_note

register = template.Library()
What = WaitingStep.What
SENTENCE = re.compile(r".*?[.!?](?=\s|$)|.*?[。！？]|.*", re.DOTALL)


@register.filter
def hours(slot):
    """10:30–11:45."""
    starts, ends = timezone.localtime(slot.starts), timezone.localtime(slot.ends)
    return f"{starts:%H:%M}–{ends:%H:%M}"


@register.filter
def when_in_full(slot):
    """Saturday 5 December 2026, 10:30–11:45; in Chinese without the comma, as any moment there."""
    between = " " if in_chinese() else ", "
    return full_date(timezone.localdate(slot.starts)) + between + hours(slot)


@register.filter
def party(booking):
    """2 adults and 1 child. Of a Booking or a WaitingEntry."""
    adults = ngettext("%(n)d adult", "%(n)d adults", booking.adults) % {"n": booking.adults}
    if not booking.children:
        return adults
    children = ngettext("%(n)d child", "%(n)d children", booking.children) % {"n": booking.children}
    return _("%(adults)s and %(children)s") % {"adults": adults, "children": children}


@register.filter
def as_called(visitor):
    """The name, or which of the party it is until the name is known."""
    return visitor.name or place_in_party(visitor)


@register.filter
def place_in_party(visitor):
    """Adult, person 2."""
    words = _("Child, person %(n)d") if visitor.is_child else _("Adult, person %(n)d")
    return words % {"n": visitor.order + 1}


@register.simple_tag
def rule_in_words(rule):
    """The text of a SafetyRule, its first sentence in bold; in another language than the reader's it says so."""
    text = rule.text
    first = SENTENCE.match(text).group()
    words = join(element("b", first), text[len(first) :])
    return join(element("span", words, lang=text.lang), " ", fallback_note(text)) if text.is_fallback else words


@register.filter
def icon_of(rule):
    """The icon of a SafetyRule."""
    return ICONS.get(rule.icon, rule.icon)


@register.filter
def in_words(step):
    """A WaitingStep as its household reads it."""
    words = {
        What.JOINED: _("You joined the line."),
        What.OFFERED: _("A place came free and was held for you."),
        What.EXPIRED: _("Nobody took it in time, so it went to the next in line."),
        What.DECLINED: _("You left the place to others."),
        What.TAKEN: _("You took the place."),
        What.WITHDRAWN: _("You left the line."),
        What.CLOSED: _(
            "The line was closed: it was too late to hold a place for anybody, or the visit was called off."
        ),
    }
    return _passed_over(step.free) if step.what == What.PASSED_OVER else words[step.what]


def _passed_over(free):
    words = ngettext(
        "%(n)d place came free, too few for your party, and went to somebody after you. You keep your turn.",
        "%(n)d places came free, too few for your party, and went to somebody after you. You keep your turn.",
        free,
    )
    return words % {"n": free}


@register.simple_tag
def booking_in_words(open_day, at):
    """Whether it can be booked now, and until when."""
    if at < open_day.opens_at:
        return _("Booking opens on %(moment)s.") % {"moment": _moment(open_day.opens_at)}
    if at < open_day.closes_at:
        return _("Book by %(moment)s.") % {"moment": _moment(open_day.closes_at)}
    return _("Booking has closed.")


def _moment(moment):
    return date_format(timezone.localtime(moment), "DATETIME_FORMAT")
