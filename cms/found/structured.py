"""What a page is, in schema.org's words: one graph a page."""

import html
import json
from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.safestring import mark_safe

from cms.frame import CODES, home_of
from cms.models import ArticlePage, DevelopmentPage, HomePage, HouseTypePage, OpenDayPage, QuestionsPage
from cms.open_days import facts_of, open_days_of

from .addresses import absolute, address_of, canonical, original_of

# As Django's own json_script: nothing in it can end the element or begin another.
ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


def as_script(data):
    """The element. It is data, which the Content-Security-Policy lets stand; browsers don't run it."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308  escaped above


def graph(page, request, **told):
    """`told`: company, picture, description, at."""
    things = [thing for kind, tell in TOLD.items() if isinstance(page, kind) for thing in tell(page, request, **told)]
    if trail := breadcrumbs(page, request):
        things.append(trail)
    return {"@context": "https://schema.org", "@graph": [without_blanks(thing) for thing in things]}


def without_blanks(thing):
    return {name: value for name, value in thing.items() if value not in ("", None, [])}


def organization(company):
    kept = company.get("settings")
    logo = kept and kept.logo and kept.logo.get_rendition("max-600x600|format-png").url
    return without_blanks(
        {
            "@type": "Organization",
            "@id": absolute("/#company"),
            "name": company["name"],
            "legalName": str(kept.legal_name) if kept else "",
            "url": absolute("/"),
            "logo": absolute(logo) if logo else "",
            "telephone": company["hotline"],
            "address": str(kept.address) if kept else "",
            "contactPoint": {
                "@type": "ContactPoint",
                "contactType": "customer service",
                "telephone": company["hotline"],
                "availableLanguage": ["en", "zh-Hans"],
            },
        }
    )


def home(page, request, *, company, description, **more):
    yield organization(company)
    yield {
        "@type": "WebSite",
        "name": company["name"],
        "url": address_of(page, request),
        "inLanguage": language_of(page),
        "description": description,
        "publisher": {"@id": absolute("/#company")},
    }


def development(page, request, *, company, picture, description, at):
    url = canonical(page, request)
    place = {"@type": "Place", "name": page.title, "address": page.address or page.title}
    yield {
        "@type": "ApartmentComplex",
        "@id": f"{url}#place",
        "name": page.title,
        "description": description,
        "url": url,
        "image": picture,
        "address": page.address,
        "telephone": company["hotline"],
        "accommodationFloorPlan": floor_plans(page, request),
    }
    for day in open_days_of(page.development, at=at):
        yield {
            "@type": "Event",
            "name": day.title,
            "startDate": local(day.starts, page.development),
            "endDate": local(day.ends, page.development) if day.ends else "",
            "description": day.note,
            "url": absolute(day.url or url),
            "image": picture,
            "location": place,
            "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
            "eventStatus": "https://schema.org/EventScheduled",
            "organizer": organization(company),
        }


def open_day(page, request, *, company, picture, description, at):
    """The open day that the page describes: cancelled ones stay there, and say so."""
    facts = facts_of(page, at=at)
    if facts is None or facts.starts is None:
        return
    zone = ZoneInfo(facts.time_zone)
    state = "EventCancelled" if facts.is_cancelled else "EventScheduled"
    yield {
        "@type": "Event",
        "name": page.title,
        "description": description,
        "url": canonical(page, request),
        "image": picture,
        "inLanguage": language_of(page),
        "startDate": facts.starts.astimezone(zone).isoformat(),
        "endDate": facts.ends.astimezone(zone).isoformat(),
        "location": {
            "@type": "Place",
            "name": page.get_parent().title,
            "address": str(facts.route or facts.meeting_point or page.get_parent().title),
        },
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "eventStatus": f"https://schema.org/{state}",
        "maximumAttendeeCapacity": facts.capacity,
        "remainingAttendeeCapacity": facts.left,
        "organizer": organization(company),
    }


def floor_plans(page, request):
    """The development's house types, with their areas."""
    types = HouseTypePage.objects.child_of(page).live().public().select_related("house_type")
    return [
        without_blanks(
            {
                "@type": "FloorPlan",
                "name": each.title,
                "url": address_of(each, request),
                "floorSize": square_metres(each.house_type.area),
            }
        )
        for each in types
    ]


def square_metres(area):
    return {"@type": "QuantitativeValue", "value": float(area), "unitCode": "MTK"} if area else None


def questions(page, request, **more):
    entries = [entry for group in page.questions for entry in group.value["entries"]]
    asked = [{"@type": "Question", "name": entry["question"], "acceptedAnswer": answer(entry)} for entry in entries]
    if asked:
        yield {"@type": "FAQPage", "url": canonical(page, request), "mainEntity": asked}


def answer(entry):
    words = html.unescape(strip_tags(str(entry["answer"]).replace("</p>", " ").replace("</li>", " ")))
    return {"@type": "Answer", "text": " ".join(words.split())}


def article(page, request, *, company, picture, description, at):
    author = {"@type": "Person", "name": page.author_name} if page.author_name else organization(company)
    day = timezone.make_aware(datetime.combine(page.date, time()))
    yield {
        "@type": "NewsArticle",
        "headline": page.title[:110],
        "description": description,
        "image": picture,
        "datePublished": day.isoformat(),
        "dateModified": max(page.last_published_at or day, day).isoformat(),
        "author": author,
        "publisher": organization(company),
        "mainEntityOfPage": canonical(page, request),
        "inLanguage": language_of(page),
    }


def breadcrumbs(page, request):
    """From the front page to here; nothing on the front page itself."""
    front = home_of(page)
    if front is None or front.pk == page.pk:
        return None
    trail = page.get_ancestors(inclusive=True).filter(depth__gte=front.depth)
    steps = [
        {"@type": "ListItem", "position": number, "name": step.title, "item": address_of(step, request)}
        for number, step in enumerate(trail, start=1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": steps}


def language_of(page):
    code = original_of(page).locale.language_code
    return CODES.get(code, code)


def local(moment, development):
    return moment.astimezone(ZoneInfo(development.time_zone)).isoformat()


TOLD = {
    HomePage: home,
    DevelopmentPage: development,
    OpenDayPage: open_day,
    QuestionsPage: questions,
    ArticlePage: article,
}
