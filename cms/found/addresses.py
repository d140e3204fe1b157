"""Which address of a page is the one to remember, and where it stands in other languages."""

from urllib.parse import urljoin

from django.conf import settings
from django.db.models import Q
from wagtail.models import Page

from cms.editing.translating import own_text, shown_instead
from cms.frame import CODES

from .pages import PAGE_NUMBER

DEFAULT = "x-default"


def absolute(url):
    """With the host that the portal is published under, never the one that a visitor named."""
    return urljoin(settings.BASE_URL, url)


def address_of(page, request):
    return absolute(page.get_url(request))


def original_of(page):
    """What an alias shows, or a page that is being translated, in whatever language that is; any other page itself."""
    return page.alias_of or shown_instead(page) or page


def canonical(page, request):
    """The page's own address, or that of what it is an alias of; a further page of a list is one of its own."""
    number = request.GET.get("page", "")
    further = f"?page={number}" if PAGE_NUMBER.fullmatch(number) and number != "1" else ""
    return address_of(original_of(page), request) + further


def versions(page):
    """The page in each language in which somebody wrote it and all may read it, by the language's code."""
    found = own_text(page.get_translations(inclusive=True)).live().public().select_related("locale")
    return {version.locale.language_code: version for version in found.order_by("locale__language_code")}


def alternates(page, request):
    """[(hreflang, address)] with x-default; nothing for an alias, or where there is one language only."""
    found = versions(page) if original_of(page) == page else {}
    return named({code: address_of(version, request) for code, version in found.items()})


def named(addresses):
    """[(hreflang, address)] of {language code: address}. x-default is what those get who read neither."""
    if len(addresses) < 2:
        return []
    first = addresses.get(settings.LANGUAGE_CODE) or next(iter(addresses.values()))
    return [*((CODES.get(code, code), address) for code, address in addresses.items()), (DEFAULT, first)]


def public_pages(site):
    """All pages of our types that anybody may read, in all languages; without aliases, which are others' pages."""
    from cms.models import PublicPage

    below = Q()
    for root in site.root_page.get_translations(inclusive=True):
        below |= Q(path__startswith=root.path)
    return own_text(Page.objects.filter(below)).live().public().type(PublicPage).select_related("locale")
