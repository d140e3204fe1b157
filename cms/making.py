"""Making pictures ahead of the first visitor."""

from django.template.loader import render_to_string
from django.utils.translation import override
from wagtail.coreutils import get_dummy_request
from wagtail.images import get_image_model

from . import pictures
from .found import generations
from .models import PublicPage


def make_pictures(page):
    """Make what `page` shows, and what the pages above it, which list it, show of it.

    The pages are rendered for it, so that exactly those sizes are made that their templates name. Once they are
    there, visitors get them: what is kept of the site is forgotten.
    """
    made = get_image_model().get_rendition_model().objects
    before = made.count()
    request = get_dummy_request(site=page.get_site())
    above = page.get_ancestors(inclusive=True).live().specific()
    with pictures.making_all():
        for each in above:
            if isinstance(each, PublicPage):
                with override(each.locale.language_code):
                    render_to_string(each.get_template(request), each.get_context(request), request)
    if made.count() != before:
        generations.renew()
