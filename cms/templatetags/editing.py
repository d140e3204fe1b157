"""For the editor of pages, and for pages that show another language's text."""

from django import template

from cms.editing.labels import said
from cms.editing.translating import shown_instead

register = template.Library()


@register.simple_tag(takes_context=True)
def what_buttons_say(context):
    """[(name of the button, its words)] of the editor's buttons, while it hydrates or saves by itself."""
    menu = context.get("action_menu")
    return said(menu, context.flatten()) if menu else []


@register.simple_tag
def fallback_of(page):
    """The page in another language whose text `page` shows as long as it has none of its own, or None."""
    return shown_instead(page) if page and page.pk else None
