"""Rows, cards, alerts, timelines: tags that stand around a content."""

import re

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from portal.ui.markup import attributes, element, in_paragraph, is_markup, join
from portal.ui.tags.buttons import button_link
from portal.ui.tags.marks import avatar as make_avatar
from portal.ui.tags.marks import icon as make_icon
from portal.ui.tags.marks import make_badge, make_mark
from portal.ui.tags.times import day

register = template.Library()

# Buttons that end an item's content, as our own tags write them.
ACTIONS = re.compile(
    r'(?:(?:<a class="button"(?:(?!</a>).)*</a>|<form class="post-button"(?:(?!</form>).)*</form>'
    r'|<button class="button"(?:(?!</button>).)*</button>)\s*)+\Z',
    re.DOTALL,
)
ALERT_ICONS = {"good": "check", "info": "info", "warning": "warning", "danger": "warning"}
STEP_ICONS = {"done": "check", "now": "clock", "withdrawn": "close"}


def heading(text, level):
    """A heading of that level; 0 gives bold words, where the page's outline has no place for one."""
    return element(f"h{level}" if level else "b", text)


def badge_of(value, tone="", icon="", kind=""):
    return value if not value or is_markup(value) else make_badge(value, tone, icon, kind)


@register.simple_block_tag
def rows(content, ruled=False, size=""):
    """A list with hairlines, of items. `size`: l. An empty state instead of items stands without the list."""
    if not content.lstrip().startswith("<li"):
        return content
    return format_html('<ul class="rows"{}>{}</ul>', attributes(data_ruled=bool(ruled), data_size=size), content)


@register.simple_block_tag
def item(
    content, title="", url="", text="", icon="", date=None, avatar="", badge="", tone="", mine=False, level=0, photo=""
):
    """One row. It begins with a date, an avatar or an icon; `mine` lights the icon for what waits for this reader.

    `text` is the soft line under the title. Buttons that end the content stand at the end of the row.
    With `url` and no content the whole row is the link. `photo`: an address, instead of the avatar's initials.
    """
    content = content.strip()
    found = ACTIONS.search(content)
    actions = mark_safe(content[found.start() :].strip()) if found else ""  # noqa: S308  rendered by the template
    body = in_paragraph(content[: found.start()] if found else content)
    start = item_start(icon, date, avatar and make_avatar(avatar, "staff", photo), tone, mine)
    badge = badge_of(badge, tone, kind="mine" if mine else "")
    if url and not content:
        return linked_item(start, title, url, text, badge)
    title = heading(element("a", title, href=url) if url else title, level)
    title = format_html('<div class="row">{}{}</div>', title, badge) if badge else title
    middle = element("div", join(title, item_text(title, text), body))
    several = actions.count("</form>") + actions.count("</a>") > 1
    end = element("div", actions, _class="row") if several else actions
    opens = bool(url) and not actions and "<a " not in body
    marks = attributes(data_center=not body, data_bare=not start, data_linked=opens)
    return format_html('<li class="item"{}>{}{}{}</li>', marks, start, middle, end)


def item_text(title, text):
    br = mark_safe("<br>") if title and not title.startswith(("<h", "<div")) else ""
    return join(br, element("span", text, _class="soft")) if text else ""


def item_start(icon, date, avatar, tone, mine):
    if date:
        return day(date, tone)
    if avatar:
        return avatar
    return make_mark(icon, tone, "mine" if mine else "") if icon else ""


def linked_item(start, title, url, text, badge):
    inner = join(
        element("b", title),
        " " if badge else "",
        badge,
        mark_safe("<br>") if text else "",
        element("span", text, _class="soft"),
    )
    return format_html(
        '<li><a class="item"{}>{}<span>{}</span>{}</a></li>',
        attributes(data_center=True, data_bare=not start, href=url),
        start,
        inner,
        make_icon("arrow"),
    )


@register.simple_block_tag
def card(content, title="", tone="", kind="", badge="", level=2):
    """One bordered thing; never inside another card."""
    head = heading(title, level) if title else ""
    if badge:
        head = format_html('<div class="card-head">{}{}</div>', head, badge_of(badge, tone))
    return format_html(
        '<article class="card"{}>{}{}</article>',
        attributes(data_tone=tone, data_kind=kind),
        head,
        in_paragraph(content),
    )


@register.simple_block_tag
def alert(content, tone="info", icon="", title="", level=0, role=""):
    """Something to know before all else on the page. `role="status"` for the answer to what one has just done."""
    head = heading(title, level) if level else element("p", heading(title, 0) if title else "")
    return format_html(
        '<div class="alert"{}>{}{}{}</div>',
        attributes(data_tone=tone, role=role),
        make_icon(icon or ALERT_ICONS.get(tone, "info")),
        head,
        in_paragraph(content),
    )


@register.simple_tag
def empty_state(text, icon="", title="", url="", label="", level=2):
    """Nothing here yet: what would stand here, and the button that begins it."""
    picture = (
        make_mark(icon)
        if icon
        else format_html('<img src="{}" width="320" height="200" alt="">', static("ui/art/empty.svg"))
    )
    return format_html(
        '<div class="empty">{}{}{}{}</div>',
        picture,
        heading(title, level) if title else "",
        element("p", text),
        button_link(url, label) if url else "",
    )


@register.simple_block_tag
def timeline(content, label=""):
    """Steps one under the other."""
    return format_html('<ol class="timeline"{}>{}</ol>', attributes(aria_label=label), content)


@register.simple_block_tag
def step(content, title="", state="", badge="", tone="", icon="calendar", level=3, id=""):  # noqa: A002
    """A step of a timeline. `state`: done, now, withdrawn, or nothing for what is to come."""
    standing = {
        "done": (_("Done"), "good", ""),
        "now": (_("Now"), "", "mine"),
        "withdrawn": (_("Withdrawn"), "quiet", ""),
    }
    words, its_tone, kind = standing.get(state, ("", "quiet", ""))
    flag = badge_of(badge or words, tone or its_tone, kind=kind)
    head = heading(title, level)
    return format_html(
        '<li{}><span class="node">{}</span>{}{}</li>',
        attributes(data_state=state, id=id, aria_current="step" if state == "now" else ""),
        make_icon(STEP_ICONS.get(state, icon)),
        format_html('<div class="card-head">{}{}</div>', head, flag) if flag else head,
        in_paragraph(content),
    )
