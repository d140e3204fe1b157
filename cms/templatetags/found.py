"""The head of public pages."""

from django import template
from django.utils import timezone

from cms.found.head import head_of
from cms.found.structured import as_script
from cms.models import PublicPage

register = template.Library()


@register.simple_tag(takes_context=True)
def page_head(context):
    """What there is to say of the page that is shown; nothing where it is none of the tree, or a preview."""
    page, request = context.get("page"), context.get("request")
    if not isinstance(page, PublicPage) or not page.pk or request is None or getattr(request, "is_preview", False):
        return None
    return head_of(page, request, company=context["company"], at=timezone.now())


register.filter("as_script", as_script)
