"""Guides with a checklist, as marketing would publish them."""

import json
from uuid import uuid4

from django.utils.timezone import localdate
from wagtail.models import Locale

from cms.guides.actions import publish_edition
from cms.guides.models import GuideIndexPage, GuidePage
from cms.models import HomePage
from progress.journeys.actions import start_journey
from progress.journeys.models import JourneyTemplate, Milestone
from tests.factories import NOW, TODAY

PASSPORT, TORCH, METERS = "passport", "torch", "meters"  # ids of entries; real ones are UUIDs
BRING = [
    {"id": PASSPORT, "text": "Your identity card", "note": "The original."},
    {"id": TORCH, "text": "A torch", "milestone": "keys", "days": -7},
    {"id": METERS, "text": "We read the meters", "milestone": "keys", "days": 3, "ours": True},
]


def publish(entries=BRING, *, key=None, number=1, title="What to bring", language="en", at=NOW, **fields):
    """Publish an edition of a guide with these entries. Returns its page; `page.translation_key` is the guide's key."""
    key = key or uuid4()
    page = GuidePage.objects.filter(translation_key=key, locale__language_code=language).first()
    fields |= {"title": title, "version": number, "body": json.dumps(body_of(entries))}
    if page is None:
        locale = Locale.objects.get_or_create(language_code=language)[0]
        page = GuidePage(translation_key=key, locale=locale, slug=f"guide-{uuid4().hex[:8]}", **fields)
        index_page(locale).add_child(instance=page)
    else:
        for name, value in fields.items():
            setattr(page, name, value)
        page.save()
    page = GuidePage.objects.get(pk=page.pk)
    page.valid_from = page.valid_from or localdate(at)
    publish_edition(page=page, by=None, at=at)
    return page


def body_of(entries):
    items = [
        {"type": "item", "id": each["id"], "value": {k: v for k, v in each.items() if k != "id"}} for each in entries
    ]
    return [{"type": "checklist", "id": "list", "value": {"heading": "Before you leave", "items": items}}]


def index_page(locale):
    index = GuideIndexPage.objects.filter(locale=locale).first()
    if index is None:
        home = HomePage.objects.filter(locale=locale).first()
        index = GuideIndexPage(title="Guides", slug=f"guides-{locale.language_code}", locale=locale)
        home.add_child(instance=index)
    return index


def dated(home, *, code="keys", on=None, **fields):
    """A journey of `home` on which one milestone is planned. Returns the Milestone."""
    template = JourneyTemplate.objects.in_force().get(kind="new_home")
    journey = home.journeys.first() or start_journey(home=home, template=template, started=TODAY, by=None)
    Milestone.objects.filter(journey=journey, template__code=code).update(planned=on, **fields)
    return Milestone.objects.get(journey=journey, template__code=code)
