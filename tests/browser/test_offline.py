"""The owner's pages without a line, in a real browser whose network is cut."""

from dataclasses import replace
from types import SimpleNamespace

import pytest
from django.http import JsonResponse
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import User
from cms.checklists import actions
from cms.checklists.models import Tick
from cms.guides.models import GuideReading
from portal.home import checklists
from portal.ui import worker
from portal.ui.offline import OWNERS, area_of
from progress.models import Ownership
from tests.browser.conftest import PASSWORD
from tests.cms.checklists.guides import PASSPORT, TORCH, publish
from tests.factories import OwnershipFactory

pytestmark = pytest.mark.django_db(transaction=True)

PAGES = "async () => (await caches.keys()).filter((name) => name.startsWith('offline-pages-')).length"
SHELLS = "async () => (await caches.keys()).filter((name) => name.startsWith('offline-shell-'))"
UPDATE = "async () => (await navigator.serviceWorker.ready).update()"
CACHES = "async () => (await caches.keys()).length"
REST = "async () => (await caches.keys()).length + (await navigator.serviceWorker.getRegistrations()).length"
EIGHT_DAYS_LATER = """async () => {
  for (const name of (await caches.keys()).filter((name) => name.startsWith('offline-pages-'))) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const page = await cache.match(request), headers = new Headers(page.headers);
      headers.set("X-Kept-At", Date.now() - 8 * 24 * 3600 * 1000);
      await cache.put(request, new Response(await page.blob(), { headers }));
    }
  }
}"""
PATIENCE = 5  # times that a phone is asked again
POSTS = "async () => (await offline.posts()).length"


def owner(email):
    user = User.objects.create_user(email=email, name="Shen Yue", password=PASSWORD)
    user.emailaddress_set.create(email=user.email, verified=True, primary=True)
    return OwnershipFactory(owner__user=user, owner__name="Shen Yue")


@pytest.fixture
def tie(live_server):
    return owner("shen.yue@example.com")


@pytest.fixture
def guide(tie):
    """The address of a guide with a checklist."""
    page = publish(at=timezone.now())
    return f"/my/homes/{tie.home.pk}/guides/{page.translation_key}/"


@pytest.fixture
def server(monkeypatch):
    """What the server does with ticks: `server.is_down`, `server.calls`."""

    class Server:
        is_down = False
        calls = 0

    def tick(**fields):
        Server.calls += 1
        if Server.is_down:
            raise RuntimeError("The server is in trouble.")
        return accept(**fields)

    accept = actions.tick
    monkeypatch.setattr(actions, "tick", tick)
    return Server


def come_in(person, user):
    """Log in, and wait until the worker has fetched ahead what it is told to."""
    person.log_in(user)
    person.page.locator("#offline[data-ahead]").wait_for(state="attached")


def entry(page, words="Your identity card"):
    return page.get_by_role("button", name=words)


def becomes(page, script, value):
    """What the worker does by itself takes a moment."""
    for _attempt in range(200):
        if page.evaluate(script) == value:
            return
        page.wait_for_timeout(50)
    assert page.evaluate(script) == value


def ticked():
    return list(Tick.objects.order_by("item").values_list("item", "ticked"))


def test_a_guide_never_opened_opens_without_a_line_and_its_ticks_arrive_when_it_returns(visitor, tie, guide, server):
    person = visitor()
    page = person.page
    come_in(person, tie.owner.user)
    assert not GuideReading.objects.exists()

    page.context.set_offline(True)
    page.goto(f"{person.base}{guide}")
    expect(page.locator("#offline")).to_contain_text("You are offline; this is as of ")
    entry(page).click()
    entry(page, "A torch").click()
    expect(entry(page)).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_text("Kept here, will be sent")).to_have_count(2)
    second = page.context.new_page()
    second.goto(f"{person.base}{guide}")
    expect(entry(second)).to_have_attribute("aria-pressed", "true")
    expect(second.locator("[data-offline-count]")).to_contain_text("2")
    assert ticked() == []

    page.context.set_offline(False)
    expect(page.locator("[data-offline-count]")).to_be_hidden()
    expect(second.locator("[data-offline-count]")).to_be_hidden()
    assert ticked() == [(PASSPORT, True), (TORCH, True)]
    assert server.calls == 2  # each once, from one of the two tabs


def test_what_clashes_is_asked_and_what_is_refused_for_good_is_told(visitor, tie, guide, monkeypatch):
    person = visitor()
    page = person.page
    come_in(person, tie.owner.user)
    person.go(guide)
    page.context.set_offline(True)
    entry(page).click()
    expect(page.locator("[data-offline-count]")).to_contain_text("1")
    with monkeypatch.context() as clashing:
        clashing.setattr(actions, "tick", lambda **fields: SimpleNamespace(item=""))
        clashing.setattr(checklists, "redirect", lambda to: JsonResponse({"theirs": "Ticked by Han Mei"}, status=409))
        page.context.set_offline(False)
        expect(page.locator("#offline")).to_contain_text("There stands now: Ticked by Han Mei")
    Ownership.objects.filter(pk=tie.pk).update(state="ended", until=timezone.localdate())
    page.get_by_role("button", name="Send mine all the same").click()
    expect(page.locator("#offline")).to_contain_text("“Your identity card” could not be sent any more")
    expect(page.locator("[data-offline-count]")).to_be_hidden()
    # The next answer from the network takes the page away that was kept.
    page.goto(f"{person.base}{guide}")
    page.context.set_offline(True)
    page.goto(f"{person.base}{guide}")
    expect(page.get_by_role("heading", level=1)).to_have_text("This page is not on your phone")
    assert ticked() == []


def test_signing_out_and_another_login_leave_nothing_of_the_one_before(visitor, tie, guide, server):
    person = visitor()
    page = person.page
    come_in(person, tie.owner.user)
    person.go(guide)
    server.is_down = True
    entry(page).click()
    expect(page.get_by_text("Kept here, will be sent")).to_be_visible()
    assert (page.evaluate(PAGES), page.evaluate(POSTS)) == (1, 1)
    # Signed out from elsewhere, as by another password: this browser hears of it with the next page.
    page.context.clear_cookies()
    page.goto(f"{person.base}/my/")
    expect(page).to_have_url(f"{person.base}/account/login/?next=/my/")
    becomes(page, PAGES, 0)

    server.is_down = False
    come_in(person, owner("han.mei@example.com").owner.user)
    assert (page.evaluate(PAGES), page.evaluate(POSTS)) == (1, 0)
    page.context.set_offline(True)
    page.goto(f"{person.base}{guide}")
    expect(page.get_by_role("heading", level=1)).to_have_text("This page is not on your phone")
    page.context.set_offline(False)
    page.goto(f"{person.base}/account/logout/")
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(f"{person.base}/account/login/")
    assert page.evaluate("async () => [await caches.keys(), await indexedDB.databases()]") == [[], []]
    assert ticked() == []


def test_signed_out_elsewhere_an_open_page_asks_once_and_keeps_nothing(visitor, tie, guide):
    person = visitor()
    page = person.page
    come_in(person, tie.owner.user)
    person.go(guide)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.context.clear_cookies()
    page.evaluate("offline.changed()")
    becomes(page, PAGES, 0)
    page.wait_for_timeout(300)
    # The page asks for its newest parts; that its worker asks, too, the browser tells as a second request.
    assert (set(asked), len(asked) <= 2) == ({f"{person.base}{guide}"}, True)


def test_a_new_worker_takes_over_and_nothing_that_waits_is_lost(visitor, tie, guide, server, monkeypatch, settings):
    person = visitor()
    page = person.page
    come_in(person, tie.owner.user)
    person.go(guide)
    page.locator("#offline[data-ahead]").wait_for(state="attached")  # nothing is fetched ahead any more
    [old] = page.evaluate(SHELLS)
    server.is_down = True
    entry(page).click()
    expect(page.get_by_text("Kept here, will be sent")).to_be_visible()

    newer, off = (worker.worker_script(area_of(OWNERS), is_on=is_on) for is_on in (True, False))
    newer = newer.replace(old.removeprefix("offline-shell-"), "newer")
    monkeypatch.setattr(worker, "worker_script", lambda area, is_on: newer if is_on else off)
    page.evaluate(UPDATE)
    becomes(page, SHELLS, [old, "offline-shell-newer"])  # the old one as long as a kept page wears it
    page.context.set_offline(True)
    page.goto(f"{person.base}{guide}")
    expect(entry(page)).to_have_attribute("aria-pressed", "true")
    server.is_down = False
    page.context.set_offline(False)
    expect(page.locator("[data-offline-count]")).to_be_hidden()
    assert ticked() == [(PASSPORT, True)]

    page.context.set_offline(True)
    for _each in range(PATIENCE):  # what was on its way from the network is kept as of today once more
        page.evaluate(EIGHT_DAYS_LATER)
        page.goto(f"{person.base}{guide}")
        if page.locator("body").inner_text() == "Offline":
            break
    expect(page.locator("body")).to_have_text("Offline")
    page.context.set_offline(False)
    page.goto(f"{person.base}{guide}")
    page.locator("#offline[data-ahead]").wait_for(state="attached")
    settings.OFFLINE = False
    page.evaluate(UPDATE)
    becomes(page, CACHES, 0)  # it has taken its leave, and nobody navigates in the midst of that
    page.goto(f"{person.base}{guide}")
    becomes(page, REST, 0)


def test_a_page_of_somebody_signed_out_asks_once_and_not_without_end(visitor, tie, guide):
    person = visitor()
    page = person.page
    come_in(person, tie.owner.user)
    person.go(guide)
    asked = []
    page.context.on("request", lambda request: asked.append(request.url))
    page.context.clear_cookies()
    entry(page).click()
    expect(page.locator("#offline")).to_contain_text("is gone, since you were signed out meanwhile")
    page.wait_for_timeout(500)
    assert len(asked) <= 3  # whose it is, once; once more for the page; a new worker
    assert ticked() == []


def test_what_a_page_of_the_one_before_still_keeps_is_never_sent_for_the_next(visitor, tie, guide):
    other = owner("han.mei@example.com").owner
    OwnershipFactory(home=tie.home, owner=other, role="co_owner")
    person = visitor()
    page = person.page
    come_in(person, tie.owner.user)
    person.go(guide)
    second = page.context.new_page()
    second.goto(f"{person.base}/account/logout/")
    second.get_by_role("button", name="Sign out").click()
    expect(second).to_have_url(f"{person.base}/account/login/")
    come_in(replace(person, page=second), other.user)
    entry(page).click()
    becomes(second, POSTS, 0)
    page.wait_for_timeout(500)
    told = " ".join(each.locator("#offline").inner_text() for each in (page, second))  # whichever hears of it first
    assert ("is gone, since you were signed out meanwhile" in told, ticked()) == (True, [])
