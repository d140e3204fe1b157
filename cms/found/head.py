"""What the head of a public page tells search engines and whoever shares it."""

import re
from dataclasses import dataclass

from django.templatetags.static import static
from django.utils.html import strip_tags
from django.utils.text import Truncator
from wagtail.images.shortcuts import get_rendition_or_not_found

from cms.frame import CODES
from cms.models import ArticlePage

from .addresses import absolute, alternates, canonical, original_of
from .structured import graph

SHARED = "fill-1200x630|format-jpeg"
DEFAULT_PICTURE = ("ui/art/email-banner.png", 1200, 460)
NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
SHORT = 160  # what search engines show of a description
LOCALES = {"en": "en_GB", "zh-hans": "zh_CN"}


@dataclass(frozen=True)
class Picture:
    url: str
    width: int
    height: int
    alt: str = ""


@dataclass(frozen=True)
class Head:
    title: str
    description: str
    canonical: str
    alternates: list
    kind: str
    locale: str
    other_locales: list
    picture: Picture
    data: dict


def head_of(page, request, *, company, at):
    """For any page of ours; `company` is what every template knows."""
    picture, links, description = picture_of(page), alternates(page, request), description_of(page)
    original = original_of(page)
    language = original.locale.language_code
    others = [LOCALES[code] for code in LOCALES if code != language and CODES.get(code, code) in dict(links)]
    return Head(
        title=page.seo_title or page.title,
        description=description,
        canonical=canonical(page, request),
        alternates=links,
        kind="article" if isinstance(page, ArticlePage) else "website",
        locale=LOCALES.get(language, language),
        other_locales=others,
        picture=picture,
        data=graph(page, request, company=company, picture=picture.url, description=description, at=at),
    )


def description_of(page):
    """What was written for search engines, else the lead."""
    words = page.search_description or getattr(page, "lead", "")
    return Truncator(plain(words)).chars(SHORT)


def plain(words):
    return re.sub(r"\s+", " ", in_xml(strip_tags(words))).strip()


def in_xml(words):
    """Without the characters that XML does not know; a clipboard brings them along unseen."""
    return NOT_IN_XML.sub(" ", words)


def picture_of(page):
    """The page's own, cut as others show it; a drawing of ours where it has none."""
    if not getattr(page, "cover", None):
        name, width, height = DEFAULT_PICTURE
        return Picture(absolute(static(name)), width, height)
    made = get_rendition_or_not_found(page.cover, SHARED)
    return Picture(absolute(made.url), made.width, made.height, page.cover_alt)
