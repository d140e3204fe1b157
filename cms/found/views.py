"""What search engines and feed readers ask for beside the pages."""

from datetime import datetime, time

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Rss201rev2Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from wagtail.models import Site

from cms.frame import CODES, company_of
from cms.models import ArticlePage

from .addresses import absolute, address_of, named, public_pages
from .head import description_of, in_xml
from .pages import FRESH, mark

# The door, what leads through it, and the search, which has a page for each question. What lies behind the door (/my/)
# need not be closed to robots: it shows itself to nobody who has not come in.
CLOSED = ("/account/", "/calendar/", "/desk/", "/enquire/*/", "/health/", "/hooks/", "/invitation/", "/language/")
CLOSED += ("/jobs/", "/site/", "/unsubscribe/", "/*/search/", "/*/_util/")
MOST = 50_000  # addresses that a sitemap may have
NEWEST = 20


@require_safe
def robots(request):
    """The same on every installation: what must not be found stands behind the door."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED), "", f"Sitemap: {absolute(reverse('sitemap'))}"]
    return _public("\n".join([*lines, ""]), "text/plain; charset=utf-8")


@require_safe
def sitemap(request):
    """Every public page once, with the languages in which it was written."""
    families = {}
    for page in public_pages(Site.find_for_request(request)).order_by("path")[:MOST]:
        families.setdefault(page.translation_key, []).append((page, address_of(page, request)))
    entries = [
        {"address": address, "changed": page.last_published_at, "alternates": named(_by_language(family))}
        for family in families.values()
        for page, address in family
    ]
    response = render(request, "cms/found/sitemap.xml", {"entries": entries}, "application/xml; charset=utf-8")
    response.headers["Cache-Control"] = FRESH
    return response


def _by_language(family):
    return {page.locale.language_code: address for page, address in family}


@require_safe
def news_feed(request):
    """The newest articles in the language of the address."""
    language = get_language()
    feed = Rss201rev2Feed(
        title=f"{_('News')} · {company_of(request)['name']}",
        link=absolute(f"/{language}/"),
        description=_("What is new at our developments, and what became of our promises."),
        language=CODES.get(language, language),
        feed_url=absolute(reverse("news-feed")),
    )
    pages = public_pages(Site.find_for_request(request)).filter(locale__language_code=language)
    for article in ArticlePage.objects.filter(pk__in=pages.values("pk")).order_by("-date", "-pk")[:NEWEST]:
        address = address_of(article, request)
        feed.add_item(
            title=in_xml(article.title),
            link=address,
            description=description_of(article),
            author_name=in_xml(article.author_name) or None,
            pubdate=timezone.make_aware(datetime.combine(article.date, time())),
            unique_id=address,
        )
    return mark(HttpResponse(feed.writeString("utf-8"), content_type="application/rss+xml; charset=utf-8"))


def _public(text, content_type):
    return HttpResponse(text, content_type=content_type, headers={"Cache-Control": FRESH})
