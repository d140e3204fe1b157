"""Text in two languages, and the ways through pages."""

import re

from django import template
from django.conf import settings
from django.urls import translate_url
from django.utils.html import conditional_escape, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.ui.markup import csrf_input, element, join

register = template.Library()

NAMES = {"en": ("en", "EN"), "zh-hans": ("zh-Hans", "中文")}
PARAGRAPHS = re.compile(r"\n\s*\n")


@register.simple_tag
def html_lang():
    """The active language as `<html lang>` wants it."""
    return NAMES.get(get_language(), NAMES["en"])[0]


@register.simple_tag
def localized(text, noted=False):
    """A text that staff wrote per language. In the other language it says so, unless that is `noted` before."""
    if not getattr(text, "is_fallback", False):
        return conditional_escape(text)
    words = element("span", text, lang=text.lang)
    return words if noted else join(words, " ", fallback_note(text))


def fallback_note(text):
    return element(
        "small",
        _("only in Chinese so far") if text.lang == "zh-Hans" else _("only in English so far"),
        _class="fallback",
    )


@register.simple_tag
def prose(text, noted=False):
    """Paragraphs of plain text, parted by empty lines, in their language. `noted`: its title has said which that is."""
    if not text:
        return ""
    fallback = getattr(text, "is_fallback", False)
    note = element("p", fallback_note(text)) if fallback and not noted else ""
    paragraphs = [element("p", lines(part)) for part in PARAGRAPHS.split(str(text).strip())]
    body = element("div", join(*paragraphs), _class="prose", lang=text.lang if fallback else "")
    return join(note, body)


def lines(text):
    return format_html_join(mark_safe("<br>"), "{}", ((line,) for line in text.splitlines()))


@register.inclusion_tag("ui/parts/pager.html", takes_context=True)
def pager(context, page_obj, param="page"):
    """Links to the pages of a list; keeps the other parameters. Nothing when there is one page."""
    query = context["request"].GET.copy() if "request" in context else None

    def link(number):
        if query is None:
            return f"?{param}={number}"
        query[param] = number
        return f"?{query.urlencode()}"

    paginator = page_obj.paginator
    numbers = [
        {"number": number, "url": link(number) if isinstance(number, int) else "", "current": number == page_obj.number}
        for number in paginator.get_elided_page_range(page_obj.number, on_each_side=1, on_ends=1)
    ]
    before = link(page_obj.previous_page_number()) if page_obj.has_previous() else ""
    after = link(page_obj.next_page_number()) if page_obj.has_next() else ""
    return {"several": paginator.num_pages > 1, "numbers": numbers, "before": before, "after": after}


@register.inclusion_tag("ui/parts/crumbs.html")
def crumbs(*steps):
    """Where this page lies: label and address by turns, then a label alone: `{% crumbs _("Home") url _("News") %}`."""
    return {
        "steps": [{"label": steps[n], "url": steps[n + 1]} for n in range(0, len(steps) - 1, 2)],
        "last": steps[-1] if len(steps) % 2 else "",
    }


@register.inclusion_tag("ui/parts/language_switch.html", takes_context=True)
def language_switch(context):
    """Two buttons that change the language and come back to this page."""
    request = context.get("request")
    return {
        "languages": languages(),
        "next": request.get_full_path() if request and request.method == "GET" else "",
        "csrf": csrf_input(context),
    }


@register.inclusion_tag("ui/parts/language_links.html", takes_context=True)
def language_links(context, languages=None):
    """For public pages: links to this page in each language, or the given `[{label, url, lang, current}]`."""
    return {"languages": languages or translated(context)}


def translated(context):
    request = context.get("request")
    here = request.path if request else "/"
    return [each | {"url": translate_url(here, each["code"])} for each in languages()]


def languages():
    active = get_language()
    return [
        {"code": code, "lang": NAMES[code][0], "label": NAMES[code][1], "current": code == active}
        for code, name in settings.LANGUAGES
    ]


@register.filter
def message_tone(message):
    """The tone of one of Django's messages."""
    return {"success": "good", "error": "danger", "warning": "warning"}.get(message.level_tag, "info")
