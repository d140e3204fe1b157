"""What a phone may keep of the owner's pages, for whom, and when it has to forget."""

import json
import re

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from cms.guides.models import GuideReading
from portal.home.worker import AHEAD
from portal.ui import worker
from portal.ui.offline import person_of
from tests.cms.checklists.guides import publish
from tests.factories import HomeDocumentFactory, OwnershipFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def tie(client):
    tie = OwnershipFactory()
    client.force_login(tie.owner.user)
    return tie


@pytest.fixture
def fresh_worker():
    worker.worker_script.cache_clear()
    yield
    worker.worker_script.cache_clear()


class TestWhatMayBeKept:
    @pytest.mark.parametrize(("name", "is_kept"), [("documents", True), ("home", True), ("people", False)])
    def test_a_page_says_whose_it_is_and_whether_it_may_be_kept(self, client, tie, name, is_kept):
        response = client.get(reverse(f"home:{name}", args=[tie.home.pk]))
        assert response.headers["X-Offline-Person"] == person_of(tie.owner.user)
        assert response.headers.get("X-Offline-Keep") == ("page" if is_kept else None)
        assert response.headers["Cache-Control"] == "private, no-store"

    def test_what_stands_for_a_person_is_theirs_alone_and_not_their_id(self, tie):
        assert person_of(tie.owner.user) != person_of(UserFactory())
        assert str(tie.owner.user.pk) not in person_of(tie.owner.user)

    def test_a_page_that_says_something_once_is_not_kept(self, client, tie):
        address = reverse("home:documents", args=[tie.home.pk])
        client.post(reverse("home:diary-ask", args=[tie.home.pk]))
        other = OwnershipFactory(owner=tie.owner).home
        client.post(reverse("home:diary-ask", args=[other.pk]))  # refused in words: one is being made
        assert "X-Offline-Keep" not in client.get(address).headers
        assert client.get(address).headers["X-Offline-Keep"] == "page"

    def test_a_part_for_htmx_is_not_kept(self, client, tie):
        response = client.get(reverse("home:documents", args=[tie.home.pk]), headers={"HX-Request": "true"})
        assert "X-Offline-Keep" not in response.headers

    def test_nothing_may_be_kept_while_it_is_switched_off(self, client, tie, settings):
        settings.OFFLINE = False
        response = client.get(reverse("home:documents", args=[tie.home.pk]))
        assert "X-Offline-Keep" not in response.headers
        assert b"data-worker" not in response.content

    def test_a_home_that_was_lost_is_not_found_so_that_the_phone_forgets_it(self, client):
        former = OwnershipFactory(former=True)
        client.force_login(former.owner.user)
        response = client.get(reverse("home:documents", args=[former.home.pk]), headers={"X-Offline": "keep"})
        assert (response.status_code, "X-Offline-Keep" in response.headers) == (404, False)


class TestWhoIsThere:
    def test_the_state_names_who_is_signed_in_and_gives_a_token(self, client, tie):
        said = client.get(reverse("home:offline-state")).json()
        assert said["person"] == person_of(tie.owner.user)
        assert len(said["token"]) == 64

    def test_nobody_is_told_as_that(self, client):
        assert client.get(reverse("home:offline-state")).status_code == 401

    @pytest.mark.parametrize("asked", ["keep", "send"])
    def test_a_way_to_the_log_in_is_told_as_nobody(self, client, asked):
        response = client.get(reverse("home:front"), headers={"X-Offline": asked})
        assert response.status_code == 401

    def test_what_was_sent_from_the_phone_and_done_is_answered_without_a_page(self, client, tie):
        profile = {"name": "Shen Yue", "language": "en"}
        response = client.post(reverse("home:profile"), profile, headers={"X-Offline": "send"})
        assert (response.status_code, response.content) == (204, b"")

    def test_a_new_token_is_good_for_what_waited(self, tie):
        client = Client(enforce_csrf_checks=True)
        client.force_login(tie.owner.user)
        address, fields = reverse("home:profile"), {"name": "Shen Yue", "language": "en"}
        assert client.post(address, fields | {"csrfmiddlewaretoken": "x" * 64}).status_code == 403
        token = client.get(reverse("home:offline-state")).json()["token"]
        assert client.post(address, fields | {"csrfmiddlewaretoken": token}).status_code == 302

    def test_signing_out_clears_what_the_browser_holds(self, client, tie):
        response = client.post(reverse("account_logout"))
        assert response.headers["Clear-Site-Data"] == '"cache", "storage"'

    def test_signing_in_clears_what_somebody_else_has_left(self, client):
        user = UserFactory(password="a-long-word-for-tests-42")
        user.emailaddress_set.create(email=user.email, verified=True, primary=True)
        fields = {"login": user.email, "password": "a-long-word-for-tests-42"}
        response = client.post(reverse("account_login"), fields)
        assert (response.status_code, response.headers["Clear-Site-Data"]) == (302, '"storage"')


class TestAhead:
    def fetched(self, client):
        return dict(client.get(reverse("home:offline-ahead")).json()["pages"])

    def test_the_pages_to_fetch_are_the_front_the_guides_and_papers_of_the_persons_own_homes(self, client, tie):
        OwnershipFactory()
        guide = publish(at=timezone.now())
        publish(at=timezone.now(), for_kinds=["renovation"])
        own = [
            reverse("home:offline"),
            reverse("home:front"),
            reverse("home:guide", args=[tie.home.pk, guide.translation_key]),
            *(reverse(f"home:{name}", args=[tie.home.pk]) for name in AHEAD),
        ]
        assert list(self.fetched(client)) == own
        assert client.get(reverse("home:offline-ahead")).json()["person"] == person_of(tie.owner.user)

    def test_a_guide_that_was_amended_is_fetched_again(self, client, tie):
        guide = publish(at=timezone.now())
        before = self.fetched(client)
        publish(at=timezone.now(), key=guide.translation_key, title="Better words")
        after = self.fetched(client)
        assert [address for address in before if after[address] != before[address]] == [
            reverse("home:guide", args=[tie.home.pk, guide.translation_key])
        ]

    def test_fetching_ahead_counts_as_read_by_nobody(self, client, tie):
        guide = publish(at=timezone.now())
        address = reverse("home:guide", args=[tie.home.pk, guide.translation_key])
        client.get(address, headers={"X-Offline": "keep"})
        assert not GuideReading.objects.exists()
        client.get(address)
        assert GuideReading.objects.count() == 1

    def test_fetching_ahead_leaves_the_home_that_was_open_last(self, client, tie):
        homes = [tie.home, OwnershipFactory(owner=tie.owner).home]
        addresses = [reverse("home:home", args=[home.pk]) for home in homes]
        client.get(addresses[0])
        client.get(addresses[1], headers={"X-Offline": "keep"})
        assert client.session["home"] == str(homes[0].pk)
        client.get(addresses[1])
        assert client.session["home"] == str(homes[1].pk)


class TestWorker:
    def config(self, client):
        return json.loads(re.match(r"const CONFIG = (.*);\n", client.get(reverse("home:worker")).content.decode())[1])

    def test_it_is_never_cached_and_may_control_the_owners_pages(self, client):
        response = client.get(reverse("home:worker"))
        assert response.headers["Content-Type"] == "text/javascript; charset=utf-8"
        assert "no-store" in response.headers["Cache-Control"]
        assert reverse("home:worker").rpartition("/")[0] + "/" == reverse("home:front")

    def test_another_stylesheet_makes_another_version(self, client, monkeypatch, fresh_worker):
        before, read = self.config(client)["version"], worker._read
        monkeypatch.setattr(worker, "_read", lambda name: read(name) + (b" " if name.endswith("base.css") else b""))
        worker.worker_script.cache_clear()
        assert self.config(client)["version"] != before

    def test_switched_off_it_is_one_that_takes_its_leave(self, client, settings):
        settings.OFFLINE = False
        script = client.get(reverse("home:worker")).content.decode()
        assert "registration.unregister()" in script
        assert "CONFIG" not in script

    def test_its_patterns_find_the_files_and_no_pages(self, client, tie):
        patterns = [re.compile(pattern) for pattern in self.config(client)["files"]]
        document = HomeDocumentFactory(home=tie.home)
        addresses = [
            reverse("home:document", args=[document.pk]),
            reverse("home:photo-file", args=[document.pk, "thumb"]),
            reverse("home:documents", args=[tie.home.pk]),
            reverse("home:documents-new", args=[document.pk]),
        ]
        assert [any(p.search(address) for p in patterns) for address in addresses] == [True, True, False, False]


class TestManifest:
    @pytest.mark.parametrize(("lang", "name"), [("en", "Yanxia Homes"), ("zh-hans", "檐下"), ("xx", "Yanxia Homes")])
    def test_it_has_the_name_in_the_readers_language(self, client, lang, name):
        said = client.get(reverse("home:manifest"), {"lang": lang}).json()
        assert (said["name"], said["start_url"]) == (name, "/my/")

    def test_its_icons_are_as_large_as_it_says(self, client):
        icons = client.get(reverse("home:manifest")).json()["icons"]
        sizes = {}
        for icon in icons:
            with Image.open(finders.find(icon["src"].removeprefix("/static/"))) as image:
                sizes[icon["sizes"], icon["purpose"]] = f"{image.width}x{image.height}" == icon["sizes"]
        assert sizes == {("192x192", "any"): True, ("512x512", "any"): True, ("512x512", "maskable"): True}
