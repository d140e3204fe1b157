"""What one presses: links, submits, and small forms of one button."""

from django import template
from django.urls import reverse
from django.utils.html import format_html

from portal.ui.markup import attributes, csrf_input, element, join
from portal.ui.tags.marks import icon as make_icon

register = template.Library()


def button(label, *, icon="", **values):
    content = join(make_icon(icon) if icon else None, label)
    return element("button", content, _class="button", **values)


@register.simple_tag
def button_link(url, label, kind="", icon="", size="", tone=""):
    """A link that looks like a button. `kind`: second, quiet; `size`: l, full; `tone`: danger."""
    content = join(make_icon(icon) if icon else None, label)
    return element("a", content, _class="button", data_kind=kind, data_tone=tone, data_size=size, href=url)


@register.simple_tag
def submit(label, kind="", size="", tone="", icon="", name="", value=""):
    """The button that sends the form it stands in."""
    return button(
        label, icon=icon, data_kind=kind, data_tone=tone, data_size=size, type="submit", name=name, value=value
    )


@register.simple_tag(takes_context=True)
def post_button(context, url_name, *args, label, kind="", tone="", icon="", size=""):
    """A form of one button: `{% post_button "passes:cancel" pass.pk label=_("Give back") %}`.

    As with Django's own `url`, pages that stand at two addresses stay at the one where the person is.
    """
    match = getattr(context.get("request"), "resolver_match", None)
    return format_html(
        '<form class="post-button" method="post"{}>{}{}</form>',
        attributes(action=reverse(url_name, args=args, current_app=match and match.namespace)),
        csrf_input(context),
        button(label, icon=icon, data_kind=kind, data_tone=tone, data_size=size, type="submit"),
    )
