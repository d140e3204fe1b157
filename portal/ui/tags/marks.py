"""Icons, badges, avatars, progress."""

import re
from functools import lru_cache

from django import template
from django.templatetags.static import static
from django.utils.html import format_html

from portal.ui.markup import attributes, element, join

register = template.Library()
HAN = re.compile(r"[\u3400-\u9fff]")


@register.simple_tag
def icon(name, turn=""):
    """A decorative icon from icons.svg; `turn` is "back" or "down". The words beside it carry the meaning."""
    return _icon(str(name), turn)


@lru_cache(maxsize=500)
def _icon(name, turn):
    """The same for everybody, many times a page."""
    return format_html(
        '<svg class="icon" aria-hidden="true"{}><use href="{}#{}"/></svg>',
        attributes(data_turn=turn),
        static("ui/icons.svg"),
        name,
    )


@register.simple_tag
def badge(text, tone="", icon="", kind=""):
    """A state in a word. `tone`: good, info, warning, danger, quiet; `kind`: mine (waits for this reader), solid."""
    return make_badge(text, tone, icon, kind)


def make_badge(text, tone="", icon_name="", kind=""):
    content = join(icon(icon_name) if icon_name else None, text)
    return element("span", content, _class="badge", data_tone=tone, data_kind=kind)


@register.simple_tag
def mark(icon, tone="", kind=""):
    """An icon in a circle, for the start of a row. `kind`: mine."""
    return make_mark(icon, tone, kind)


def make_mark(icon_name, tone="", kind=""):
    return element("span", icon(icon_name), _class="mark", data_tone=tone, data_kind=kind)


@register.simple_tag
def avatar(name, kind="", photo=""):
    """The first character of a Chinese name, the initials of another, or the photo at an address.

    `kind`: staff. Stands beside the name itself.
    """
    if photo:
        return format_html('<img class="avatar" src="{}" width="88" height="88" alt="">', photo)
    words = str(name).split() or [""]
    han = next((word for word in words if HAN.match(word)), "")
    letters = han[:1] if han else "".join(word[0] for word in (words[0], *words[1:][-1:]) if word).upper()
    return element("span", letters, _class="avatar", data_kind=kind, lang="zh-Hans" if han else "", aria_hidden="true")


@register.simple_tag
def progress(value, max, label, quiet=False):  # noqa: A002  HTML's own word
    """How far something has come: `value` of `max`, in words for screen readers. `quiet` shows the bar alone."""
    percent = round(100 * value / max) if max else 0
    bar = format_html('<progress class="progress" max="{}" value="{}" aria-label="{}"></progress>', max, value, label)
    if quiet:
        return bar
    return format_html(
        '<div class="stack" data-gap="s"><p class="row" data-push><span>{}</span>'
        '<span class="num">{}%</span></p>{}</div>',
        label,
        percent,
        bar,
    )
