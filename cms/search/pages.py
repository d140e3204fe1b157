"""Searching the public pages of one language: no login needed, and nothing in it that wants one."""

from django.utils.translation import gettext_lazy as _
from wagtail.models import Locale, Page

from cms.editing.translating import shown_instead

from .sources import Hit, source, titles_first
from .texts import text_of
from .words import asked

MOST = 200  # more is not looked at


def pages_about(question, *, language):
    """The live public pages in which all of the question stands, those with it in their title first; at most 200."""
    from cms.models import PublicPage

    pieces = asked(question)
    if not pieces:
        return []
    locales = Locale.objects.filter(language_code=language)
    pages = Page.objects.live().public().filter(locale__in=locales).type(PublicPage)
    return titles_first(pages.search(" ".join(pieces), operator="and")[:MOST], question)


def as_hits(pages, request=None):
    """What is shown of these pages, each with its text."""
    pages = [page.specific for page in pages]
    return [Hit(page.title, page.get_url(request), text_of(page), lang=_lang(page)) for page in pages]


def _lang(page):
    source = shown_instead(page)
    return source.locale.language_code if source else ""


@source("pages", label=_("Public pages"), icon="globe")
def pages(question, *, reader, limit):
    """For those who are logged in, too."""
    return as_hits(pages_about(question, language=reader.language)[:limit])
