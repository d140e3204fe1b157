"""What the editor of guides says after saving."""

from django.contrib import messages
from django.utils.translation import gettext as _
from wagtail import hooks

from .actions import named_on
from .models import GuidePage
from .reach import reach_of


@hooks.register("after_create_page")
@hooks.register("after_edit_page")
def warn_of_a_guide_for_nobody(request, page):
    """As it was saved, published or not."""
    saved = page.specific
    if isinstance(saved, GuidePage) and reach_of(named_on(saved)).is_nobody:
        messages.warning(
            request, _("“%(title)s” fits no home. Please look at whom it is for.") % {"title": saved.title}
        )
