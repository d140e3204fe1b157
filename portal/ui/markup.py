"""Little helpers from which the tags build their HTML; everything is escaped unless it is safe already."""

from functools import cache

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe


def attributes(**values):
    """HTML attributes, each after a space: `data_kind="mine"` gives ` data-kind="mine"`. Empty ones fall away."""
    pieces = (
        f" {_name(key)}" if value is True else f' {_name(key)}="{conditional_escape(value)}"'
        for key, value in values.items()
        if value is not False and value not in ("", None)
    )
    return mark_safe("".join(pieces))  # noqa: S308  the names are ours, the values escaped


@cache
def _name(key):
    return key.strip("_").replace("_", "-")


def element(tag, content, **values):
    """One element around `content`: `element("p", text, _class="soft")`. Empty content gives nothing."""
    if content in ("", None):
        return SafeString()
    return format_html("<{}{}>{}</{}>", mark_safe(tag), attributes(**values), content, mark_safe(tag))  # noqa: S308


def join(*pieces):
    """The pieces one after the other."""
    return mark_safe("".join(conditional_escape(piece) for piece in pieces if piece is not None))  # noqa: S308


def is_markup(value):
    """Whether `value` is HTML made by one of our tags rather than words."""
    return isinstance(value, SafeString) and value.lstrip().startswith("<")


def in_paragraph(content):
    """What the template rendered inside a block; bare words become a paragraph."""
    content = mark_safe(content.strip())  # noqa: S308  autoescaped when it was rendered
    return content if not content or content.startswith("<") else element("p", content)


def csrf_input(context):
    """The hidden field that Django asks of every form that posts."""
    token = context.get("csrf_token")
    return format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', token) if token else SafeString()
