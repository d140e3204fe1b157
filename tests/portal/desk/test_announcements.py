"""Staff announce something with the form of updates, and see who has not read it."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse

from progress.models import Role
from progress.updates.actions import publish_update
from progress.updates.models import Update
from tests.factories import NOW, BuildingFactory, OwnershipFactory, StaffFactory, UpdateFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def building():
    return BuildingFactory(name="Building 3", development__time_zone="Europe/Helsinki")


@pytest.fixture
def manager(client, building):
    client.force_login(StaffFactory(development=building.development))
    return client


def filled(building, **changes):
    given = {"update_id": uuid4(), "kind": "announcement", "places": [f"building:{building.pk}"], "home_numbers": ""}
    given |= {"title_en": "Water off on Tuesday", "body_en": "From nine.", "valid_until": "2030-11-24T12:00"}
    return given | changes


def new(client, data):
    return client.post(reverse("site:update-new"), data)


def test_an_announcement_is_written_in_the_developments_time(manager, building):
    new(manager, filled(building, valid_from="2030-11-24T09:00", emergency="on"))
    update = Update.objects.get()
    assert (update.kind, update.urgent, update.emergency) == ("announcement", True, True)
    assert update.valid_from == datetime(2030, 11, 24, 7, 0, tzinfo=UTC)
    assert update.valid_until == datetime(2030, 11, 24, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"valid_until": ""}, "Please write until when it is valid."),
        ({"valid_from": "2030-11-24T12:00"}, "It ends before it begins."),
        ({"valid_until": "soon"}, "Enter a valid date/time."),
        ({"kind": "promise"}, "Select a valid choice."),
    ],
)
def test_what_cannot_be_is_refused_in_words(manager, building, changes, words):
    assert words in new(manager, filled(building, **changes)).content.decode()
    assert Update.objects.count() == 0


def test_news_has_no_terms_whatever_is_sent(manager, building):
    new(manager, filled(building, kind="progress", urgent="on"))
    update = Update.objects.get()
    assert (update.kind, update.urgent, update.valid_until) == ("progress", False, None)


def test_the_form_shows_the_terms_again_and_keeps_them(manager, building):
    new(manager, filled(building, urgent="on"))
    update = Update.objects.get()
    url = reverse("site:update-edit", args=[update.pk])
    html = manager.get(url).content.decode()
    assert 'value="2030-11-24T12:00"' in html
    manager.post(url, filled(building, urgent="on", title_en="Water off on Wednesday"))
    again = Update.objects.get()
    assert (again.title_en, again.urgent, again.valid_until) == ("Water off on Wednesday", True, update.valid_until)


def test_the_page_counts_tenants_and_lists_who_has_not_opened_it(manager, building, client):
    tie = OwnershipFactory(home__building=building, home__number="3-1102")
    OwnershipFactory(home=tie.home, role=Role.TENANT)
    new(manager, filled(building))
    update = Update.objects.get()
    url = reverse("site:update", args=[update.pk])
    assert manager.get(url).context["owner_count"] == 2
    publish_update(update, by=None, at=NOW)
    response = manager.get(url)
    assert [home.number for home, _name in dict(response.context["told"])[False]] == ["3-1102", "3-1102"]
    assert tie.owner.name not in response.content.decode()
    client.force_login(StaffFactory(group="Supervisors", development=building.development))
    assert tie.owner.name in client.get(url).content.decode()
    update.receipts.update(opened_at=NOW)
    told = dict(client.get(url).context["told"])
    assert (len(told[True]), told[False]) == (2, [])


def test_a_home_elsewhere_of_the_same_owner_is_not_named(manager, building):
    tie = OwnershipFactory(home__building=building)
    OwnershipFactory(owner=tie.owner, home__number="99-99")
    new(manager, filled(building))
    update = publish_update(Update.objects.get(), by=None, at=NOW)
    html = manager.get(reverse("site:update", args=[update.pk])).content.decode()
    assert tie.home.number in html
    assert "99-99" not in html


def test_an_end_that_is_past_is_refused_when_it_is_written(manager, building):
    with time_machine.travel(datetime(2030, 11, 24, 10, 1, tzinfo=UTC)):  # 12:01 in Helsinki
        manager.force_login(StaffFactory(development=building.development))
        assert "This time is past." in new(manager, filled(building)).content.decode()
    assert Update.objects.count() == 0


def test_one_that_is_over_meanwhile_is_not_published(manager, building):
    new(manager, filled(building))
    update = Update.objects.get()
    with time_machine.travel(datetime(2030, 11, 24, 10, 1, tzinfo=UTC)):
        manager.force_login(StaffFactory(development=building.development))
        html = manager.post(reverse("site:update-publish", args=[update.pk]), follow=True).content.decode()
    assert "It would no longer be valid then." in html
    assert Update.objects.get().state == "draft"


def test_the_end_is_not_called_optional(manager):
    html = manager.get(reverse("site:update-new")).content.decode()
    label = html[html.index("Valid until") :].partition("</label>")[0]
    assert "an announcement needs it" in label
    assert "optional" not in label


def test_the_words_are_about_people_since_family_and_tenants_are_told_too(manager, building):
    OwnershipFactory(home__building=building, role=Role.TENANT)
    new(manager, filled(building))
    update = Update.objects.get()
    assert "People who are told" in manager.get(reverse("site:update", args=[update.pk])).content.decode()
    html = manager.post(reverse("site:update-publish", args=[update.pk]), follow=True).content.decode()
    assert "Published. 1 person is told now." in html


class TestCustomerService:
    """They announce, and post nothing else; where, their assignments say."""

    @pytest.fixture
    def service(self, client, building):
        client.force_login(StaffFactory(group="Customer service", development=building.development))
        return client

    def test_they_write_and_publish_announcements(self, service, building, told):
        tenant = OwnershipFactory(home__building=building, role=Role.TENANT)
        url = new(service, filled(building)).url
        assert service.get(url).status_code == 200
        service.post(reverse("site:update-publish", args=[Update.objects.get().pk]))
        assert told() == [(tenant.owner, "announcement-published")]

    def test_no_news_is_theirs_to_write(self, service, building):
        html = new(service, filled(building, kind="progress")).content.decode()
        assert "Select a valid choice." in html
        assert new(service, filled(building, kind="")).status_code == 200
        assert Update.objects.count() == 0

    def test_an_end_is_asked_for(self, service, building):
        assert "required" in new(service, filled(building, valid_until="")).content.decode()

    @pytest.mark.parametrize("name", ["update", "update-edit", "update-publish", "update-discard", "update-correct"])
    def test_news_of_others_is_not_found(self, service, building, name):
        update = UpdateFactory(development=building.development)
        call = service.post if name in ("update-publish", "update-discard") else service.get
        assert call(reverse(f"site:{name}", args=[update.pk])).status_code == 404
        assert Update.objects.filter(pk=update.pk, state="draft").exists()

    def test_their_list_has_announcements_only(self, service, building):
        UpdateFactory(development=building.development)
        new(service, filled(building))
        shown = service.get(reverse("site:front")).context["waiting"]
        assert [update.kind for update in shown] == ["announcement"]

    def test_elsewhere_they_announce_nothing(self, service):
        html = new(service, filled(BuildingFactory())).content.decode()
        assert "Select a valid choice." in html
        assert Update.objects.count() == 0

    def test_the_desk_links_to_what_is_theirs(self, service, building):
        news = UpdateFactory(development=building.development)
        new(service, filled(building))
        announcement = Update.objects.get(kind="announcement")
        for page in (reverse("desk_update:index"), reverse("wagtailadmin_home")):
            html = service.get(page).content.decode()
            assert reverse("desk_updates:update", args=[announcement.pk]) in html
            assert reverse("desk_updates:update", args=[news.pk]) not in html
            assert reverse("desk_updates:update-new") in html


def test_whoever_publishes_on_the_desk_stays_there(manager, building):
    new(manager, filled(building))
    at = {"args": [Update.objects.get().pk], "current_app": "desk_updates"}
    page = manager.get(reverse("site:update", **at)).content.decode()
    assert f'action="{reverse("site:update-publish", **at)}"' in page


def test_news_lists_who_has_opened_it_too(manager, building):
    tie = OwnershipFactory(home__building=building)
    update = UpdateFactory(development=building.development)
    update.audience.create(building=building)
    publish_update(update, by=None, at=NOW)
    update.receipts.update(opened_at=NOW)
    page = manager.get(reverse("site:update", args=[update.pk]))
    assert [home for home, _name in dict(page.context["told"])[True]] == [tie.home]
    assert "Who has opened it" in page.content.decode()
