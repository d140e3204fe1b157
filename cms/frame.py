"""What stands around each public page: the ways to others, the languages, the foot."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from .editing.translating import instead_of, shown_instead
from .pictures import picture

LABELS = {"en": "EN", "zh-hans": "中文"}
CODES = {"zh-hans": "zh-Hans"}


def company_of(request):
    """`company` as every template knows it, from what marketing wrote."""
    from .models import CompanySettings

    kept = CompanySettings.of(request)
    return {"name": kept.name, "hotline": kept.phone, "settings": kept}


def frame_of(page, request):
    """`public`: home, links, languages, columns and legal, for templates/ui/public.html."""
    from .models import CompanySettings

    home = home_of(page)
    kept = CompanySettings.of(request)
    return {
        "home": home.get_url(request) if home else "/",
        "links": _links(home, page, request),
        "languages": languages_of(page, request),
        "fallback": fallback_of(page),
        "columns": _columns(home, kept, request),
        "logo": picture(kept.logo, "logo", alt="") if kept.logo else None,
        "legal": " · ".join(words for words in (kept.legal_name, kept.filing_number) if words),
    }


def home_of(page):
    """The front page of the tree that `page` stands in."""
    from .models import HomePage

    return HomePage.objects.ancestor_of(page, inclusive=True).first()


def _links(home, page, request):
    if home is None:
        return []
    return [
        {"label": each.title, "url": each.get_url(request), "current": page.path.startswith(each.path)}
        for each in home.get_children().live().public().in_menu()
    ]


def trail_of(page, request):
    """The way here from the front page; nothing on the front page itself."""
    above = page.get_ancestors().filter(depth__gt=1).live()
    return [
        {"label": pgettext("the first tab", "Home") if each.depth == 2 else each.title, "url": each.get_url(request)}
        for each in above
    ]


def languages_of(page, request):
    """The page in each language; where it isn't live in one, the nearest above it that is: `instead` says so."""
    pages = list(page.get_translations(inclusive=True).live().select_related("locale"))
    pages += instead_of(page, {each.locale_id for each in pages})
    pages.sort(key=lambda each: each.locale.language_code)
    return [
        {
            "label": LABELS.get(each.locale.language_code, each.locale.get_display_name()),
            "url": each.get_url(request),
            "lang": CODES.get(each.locale.language_code, each.locale.language_code),
            "current": each.pk == page.pk,
            "instead": each.translation_key != page.translation_key,
        }
        for each in pages
    ]


def fallback_of(page):
    """The language of the text, and words that say so, where it is another than that of the tree; else None."""
    source = shown_instead(page) if page.pk else None
    if source is None:
        return None
    code = source.locale.language_code
    texts = {"en": _("This page is only in English so far."), "zh-hans": _("This page is only in Chinese so far.")}
    return {"lang": CODES.get(code, code), "text": texts.get(code, "")}


def _columns(home, company, request):
    """What the foot lists: the developments, the pages of text that editors put there, and where to come to."""
    from .models import ComplaintsBoardPage, ContactPage, DevelopmentPage, QuestionsPage, StandardPage

    places, texts, ways = [], [], []
    if home is not None:
        places = DevelopmentPage.objects.below(home).order_by("path")
        texts = [
            *QuestionsPage.objects.below(home).order_by("path"),
            *ComplaintsBoardPage.objects.below(home).order_by("path"),
            *StandardPage.objects.below(home).filter(in_footer=True).order_by("path"),
        ]
        ways = ContactPage.objects.below(home).order_by("path")
    visit = [line for line in (company.address, company.hours) if line]
    columns = [
        {"title": _("Developments"), "links": _link_all(places, request)},
        {"title": _("Good to know"), "links": _link_all(texts, request)},
        {
            "title": pgettext("the foot of the public site", "Visit us"),
            "lines": visit,
            "links": _link_all(ways, request),
        },
    ]
    return [column for column in columns if column.get("links") or column.get("lines")]


def _link_all(pages, request):
    return [{"label": page.title, "url": page.get_url(request)} for page in pages]
