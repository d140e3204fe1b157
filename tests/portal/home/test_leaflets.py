"""What owners see of leaflets, and the diary of their home."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.notices.actions import tell
from accounts.notices.delivery import deliver
from accounts.notices.models import Notice
from progress.leaflets.models import Diary
from progress.models import Role
from tests.factories import NOW, DiaryFactory, LeafletFactory, OwnershipFactory, StaffFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def tie(client):
    tie = OwnershipFactory()
    client.force_login(tie.owner.user)
    return tie


@pytest.fixture
def leaflet(tie):
    return LeafletFactory(building=tie.home.building, sent=True)


def page(client, name, *args, **kwargs):
    return client.get(reverse(f"home:{name}", args=args), **kwargs)


class TestLeaflets:
    def test_of_the_home_are_listed(self, client, tie, leaflet):
        of_all = LeafletFactory(building=None, development=tie.home.development, sent=True)
        LeafletFactory(building=tie.home.building, month="2026-09-01", ready=True)
        LeafletFactory(sent=True)
        assert set(page(client, "leaflets", tie.home.pk).context["leaflets"]) == {leaflet, of_all}

    def test_the_readers_language_comes_first(self, client, tie, leaflet):
        files = page(client, "leaflet", leaflet.pk).context["files"]
        assert [(code, file) for code, _name, file in files] == [
            ("en", leaflet.file_en),
            ("zh-hans", leaflet.file_zh),
        ]
        tie.owner.user.language = "zh-hans"
        tie.owner.user.save()
        assert [code for code, *_rest in page(client, "leaflet", leaflet.pk).context["files"]] == ["zh-hans", "en"]

    def test_the_file_is_kept_by_no_cache_and_guessed_by_no_browser(self, client, leaflet):
        answer = page(client, "leaflet-file", leaflet.pk, "zh-hans")
        assert answer.headers["Cache-Control"] == "private, no-cache"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert 'filename="leaflet-2026-10-zh-hans.jpg"' in answer.headers["Content-Disposition"]
        list(answer)  # a file is closed once it is read

    @pytest.mark.parametrize("state", ["ready", "waiting"])
    def test_what_is_not_sent_is_not_found(self, client, tie, state):
        leaflet = LeafletFactory(building=tie.home.building, ready=True) if state == "ready" else None
        leaflet = leaflet or LeafletFactory(building=tie.home.building)
        assert page(client, "leaflet", leaflet.pk).status_code == 404
        assert page(client, "leaflet-file", leaflet.pk, "en").status_code == 404

    def test_in_no_other_language_there_is_one(self, client, leaflet):
        assert page(client, "leaflet-file", leaflet.pk, "fr").status_code == 404

    def test_of_the_next_building_are_not_found(self, client, tie):
        other = LeafletFactory(building__development=tie.home.development, sent=True)
        assert page(client, "leaflet", other.pk).status_code == 404
        assert page(client, "leaflet-file", other.pk, "en").status_code == 404

    @pytest.mark.parametrize("fields", [{"former": True}, {"role": Role.TENANT}])
    def test_are_not_for_former_owners_and_tenants(self, client, leaflet, fields):
        client.force_login(OwnershipFactory(home__building=leaflet.building, **fields).owner.user)
        assert page(client, "leaflet", leaflet.pk).status_code == 404
        assert page(client, "leaflet-file", leaflet.pk, "en").status_code == 404

    def test_opened_the_message_is_read(self, client, tie, leaflet):
        tell([tie.owner], "leaflet-sent", leaflet, at=NOW)
        deliver(clock=lambda: NOW + timedelta(minutes=1))
        page(client, "leaflet", leaflet.pk)
        assert Notice.objects.get(kind="leaflet-sent", channel="inbox").read_at is not None


class TestDiary:
    def test_is_asked_for_once_however_often_the_button_is_pressed(self, client, tie):
        for _each in range(2):
            answer = client.post(reverse("home:diary-ask", args=[tie.home.pk]))
        assert answer.headers["Location"] == reverse("home:leaflets", args=[tie.home.pk])
        diary = Diary.objects.get()
        assert (diary.asked_by, diary.home, diary.language) == (tie.owner.user, tie.home, "en")

    def test_is_not_asked_for_by_looking(self, client, tie):
        assert page(client, "diary-ask", tie.home.pk).status_code == 405

    def test_its_progress_is_a_page_to_come_back_to(self, client, tie):
        DiaryFactory(home=tie.home, asked_by=tie.owner.user, progress=40)
        whole = page(client, "leaflets", tie.home.pk).content.decode()
        part = page(client, "leaflets", tie.home.pk, headers={"HX-Request": "true"}).content.decode()
        assert ('value="40"' in whole, 'value="40"' in part, "<html" in part) == (True, True, False)
        assert 'http-equiv="refresh"' in whole

    def test_is_fetched_while_it_is_there(self, client, tie):
        diary = DiaryFactory(home=tie.home, asked_by=tie.owner.user, ready=True, ready_at=timezone.now())
        answer = page(client, "diary", diary.pk)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "private, no-cache")
        list(answer)  # a file is closed once it is read
        Diary.objects.update(ready_at=timezone.now() - timedelta(days=7))
        assert page(client, "diary", diary.pk).status_code == 404
        assert page(client, "leaflets", tie.home.pk).context["diary"] is None

    def test_is_nobody_elses(self, client, tie):
        diary = DiaryFactory(home=tie.home, asked_by=tie.owner.user, ready=True, ready_at=timezone.now())
        others = [
            OwnershipFactory(home=tie.home, role=Role.CO_OWNER).owner.user,
            OwnershipFactory().owner.user,
            StaffFactory(group="Supervisors", everywhere=True),
        ]
        for user in others:
            client.force_login(user)
            assert page(client, "diary", diary.pk).status_code == 404

    def test_is_not_the_former_owners_any_more(self, client, tie):
        diary = DiaryFactory(home=tie.home, asked_by=tie.owner.user, ready=True, ready_at=timezone.now())
        tie.state, tie.until = "ended", timezone.localdate()
        tie.save()
        assert page(client, "diary", diary.pk).status_code == 404

    def test_family_read_leaflets_and_print_no_diary(self, client, tie):
        client.force_login(OwnershipFactory(home=tie.home, role=Role.FAMILY).owner.user)
        assert page(client, "leaflets", tie.home.pk).context["diary"] is None
        assert client.post(reverse("home:diary-ask", args=[tie.home.pk])).status_code == 404

    def test_one_too_many_says_so(self, client, tie):
        DiaryFactory(tie__owner=tie.owner)
        answer = client.post(reverse("home:diary-ask", args=[tie.home.pk]), follow=True)
        assert [str(message) for message in answer.context["messages"]] == [
            "The diary of another home of yours is being made. Please wait until it is ready."
        ]
