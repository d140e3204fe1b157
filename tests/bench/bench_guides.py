"""Whether an owner's guides stay as quick with 2,000 of them as with 20, in two editions each. `make bench`."""

from time import perf_counter
from uuid import uuid4

import time_machine
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Page

from cms.guides.models import AudienceEntry, Edition, EditionText, GuideIndexPage, GuidePage, GuideReading
from tests.cms.guides.factories import GuidePageFactory
from tests.factories import NOW, OwnershipFactory
from tests.progress.test_journeys import start

FEW, MANY, ROUNDS = 20, 2_000, 30
SECTIONS = [{"title": f"Section {number}", "digest": "0" * 16} for number in range(8)]
BLOCKS = [{"type": "text", "value": "<h2>Section 1</h2><p>Text.</p>", "id": "a"}]
WORDS = {"title": "Guide", "lead": "Two.", "blocks": BLOCKS, "sections": SECTIONS, "published_at": NOW}
SLOWER = 0.1  # seconds that 2,000 guides may cost beside what 20 do


def write(numbers, home):
    """A guide for each of `numbers`, in two editions and two languages, with a page for each."""
    editions, entries, texts = [], [], []
    for key in (uuid4() for _number in numbers):
        editions += [Edition(guide_key=key, number=version, published_at=NOW) for version in (1, 2)]
    Edition.objects.bulk_create(editions)
    for language in ("en", "zh-hans"):
        pages = pages_in(language, numbers)
        for place, edition in enumerate(editions):
            texts.append(EditionText(edition=edition, page=pages[place // 2], language=language, **WORDS))
    for place, edition in enumerate(editions):
        pairs = audience(numbers[place // 2], home)
        entries += [AudienceEntry(edition=edition, sort=sort, value=value) for sort, value in pairs]
    AudienceEntry.objects.bulk_create(entries)
    EditionText.objects.bulk_create(texts)
    return editions


def pages_in(language, numbers):
    """Pages in the tree, without asking the tree for each."""
    index = GuideIndexPage.objects.get(locale__language_code=language)
    kind = ContentType.objects.get_for_model(GuidePage)
    rows = Page.objects.bulk_create(
        Page(
            title="Guide", draft_title="Guide", slug=f"g-{number}", content_type=kind, locale=index.locale, live=True,
            path=f"{index.path}{number + 100:04}", depth=index.depth + 1, url_path=f"{index.url_path}g-{number}/",
        )
        for number in numbers
    )  # fmt: skip
    pages = [GuidePage(page_ptr=row) for row in rows]
    for page in pages:
        page.save_base(raw=True)  # its own columns
    return pages


def audience(number, home):
    if number % 10 == 0:
        return [("kind", "new_home"), ("stage", "welcome"), ("role", "owner"), ("role", "family")]
    if number % 10 == 1:
        return [("development", str(home.development_id)), ("stage", "always")]
    return [("kind", "new_home"), ("stage", "handover"), ("building", str(uuid4()))]


def analyse():
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def measured(client, urls):
    """{page: (queries, ms)} at its best: what else the machine does is not counted."""
    found = {}
    for name, url in urls.items():
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        asked, times = len(queries), []
        for _round in range(ROUNDS):
            began = perf_counter()
            client.get(url)
            times.append(perf_counter() - began)
        found[name] = (asked, 1000 * min(times))
    return found


@time_machine.travel(NOW, tick=True)
def bench_guides_for_an_owner(transactional_db):
    tie = OwnershipFactory()
    start(home=tie.home)
    for language in ("en", "zh-hans"):
        GuidePageFactory(language=language)
    client = Client()
    client.force_login(tie.owner.user)
    names = ("home:guides", "home:home", "home:journey")
    urls = {name: reverse(name, args=[tie.home.pk]) for name in names}
    found = []
    for numbers in (range(FEW), range(FEW, MANY)):
        editions = write(numbers, tie.home)
        readings = (GuideReading(owner=tie.owner, guide_key=e.guide_key, number=1, at=NOW) for e in editions[::4])
        GuideReading.objects.bulk_create(readings)
        urls.setdefault("home:guide", reverse("home:guide", args=[tie.home.pk, editions[0].guide_key]))
        analyse()
        found.append(measured(client, urls))
    few, many = found
    for name in urls:
        print(f"{name}: {few[name][0]} queries, {few[name][1]:.1f} ms with {FEW}; {many[name][1]:.1f} ms with {MANY}")
    explain(tie)
    assert {name: many[name][0] for name in ("home:guides", "home:guide")} == {
        name: few[name][0] for name in ("home:guides", "home:guide")
    }
    assert all(many[name][1] - few[name][1] < 1000 * SLOWER for name in ("home:guides", "home:guide"))


def explain(tie):
    """What the database does to find the guides of a home, and how long that takes."""
    editions = Edition.objects.for_home(tie.home, roles={tie.role}, on=NOW.date()).in_order()[:30]
    times = []
    for _round in range(ROUNDS):
        began = perf_counter()
        list(editions.all())
        times.append(perf_counter() - began)
    print(f"the query: {1000 * min(times):.1f} ms")
    print(editions.explain())
