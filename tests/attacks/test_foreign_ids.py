"""Other people's ids, in addresses and in what is posted."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Invitation
from accounts.notices.models import Notice
from progress.journeys.actions import start_journey
from progress.journeys.models import JourneyTemplate
from progress.models import RightState
from progress.updates.models import Update, UpdatePhoto
from tests.factories import (
    TODAY,
    AssignmentFactory,
    BuildingFactory,
    HomeFactory,
    OwnershipFactory,
    PrivateFileFactory,
    StaffFactory,
    UpdateFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def building():
    return BuildingFactory(name="Building 3")


@pytest.fixture
def staff(building):
    return StaffFactory(development=building.development)


@pytest.fixture
def manager(client, staff):
    client.force_login(staff)
    return client


@pytest.fixture
def elsewhere():
    """A published update of a development that isn't the manager's."""
    home = HomeFactory(number="901")
    return UpdateFactory(development=home.development, homes=[home])


def filled(building, **changes):
    return {
        "update_id": uuid4(),
        "places": [f"building:{building.pk}"],
        "home_numbers": "",
        "stage_code": "",
        "title_en": "Nine floors closed",
        "body_en": "The glass came on Monday.",
    } | changes


CORRECTION = {"title_en": "It was floor eight", "body_en": "We miscounted."}


def correct(client, update, **data):
    return client.post(reverse("site:update-correct", args=[update.pk]), CORRECTION | data)


class TestTheIdThatAFormBrings:
    @pytest.mark.parametrize("state", ["draft", "published"])
    def test_somebody_elses_update_is_neither_shown_nor_changed(self, manager, building, elsewhere, state):
        theirs = elsewhere if state == "published" else UpdateFactory(development=elsewhere.development)
        before = Update.objects.filter(pk=theirs.pk).values().get()
        response = manager.post(reverse("site:update-new"), filled(building, update_id=theirs.pk), follow=True)
        assert response.status_code == 404
        assert Update.objects.filter(pk=theirs.pk).values().get() == before
        assert theirs.title_en not in response.content.decode()

    @pytest.mark.parametrize("whose", ["mine", "theirs", "the original"])
    def test_a_correction_under_an_id_that_is_taken_is_refused(self, manager, building, elsewhere, whose):
        home = HomeFactory(building=building)
        original = UpdateFactory(development=building.development, homes=[home])
        taken = {"theirs": elsewhere, "mine": UpdateFactory(development=building.development)}.get(whose, original)
        response = correct(manager, original, update_id=taken.pk)
        assert (response.status_code, original.corrections.count()) == (200, 0)

    def test_the_id_of_an_edit_is_that_of_its_address(self, manager, building, elsewhere):
        draft = UpdateFactory(development=building.development)
        manager.post(reverse("site:update-edit", args=[draft.pk]), filled(building, update_id=elsewhere.pk))
        draft.refresh_from_db()
        assert (draft.title_en, Update.objects.count()) == ("Nine floors closed", 2)

    @pytest.mark.parametrize("bad", ["", "1", "x" * 36, "\x00", "00000000-0000-0000-0000-00000000000g"])
    def test_one_that_is_none_is_a_refusal(self, manager, building, bad):
        assert manager.post(reverse("site:update-new"), filled(building, update_id=bad)).status_code == 200
        assert Update.objects.count() == 0


class TestPlaces:
    def test_those_of_another_development_are_refused(self, manager, building, elsewhere):
        theirs = elsewhere.homes.get()
        for bad in (
            {"places": [f"development:{theirs.development_id}"]},
            {"places": [f"building:{theirs.building_id}"]},
            {"places": [f"home:{theirs.pk}"]},
            {"places": [f"building:{building.development_id}"]},
            {"places": ["building:"]},
            {"places": [":"]},
            {"places": [], "home_numbers": theirs.number},
            {"home_numbers": f"{theirs.building.name}/{theirs.number}"},
        ):
            response = manager.post(reverse("site:update-new"), filled(building, **bad))
            assert (response.status_code, bool(response.context["form"].errors)) == (200, True), bad
        assert list(Update.objects.all()) == [elsewhere]

    def test_a_draft_is_not_moved_to_a_development_that_isnt_theirs(self, manager, building, elsewhere):
        draft = UpdateFactory(development=building.development)
        foreign = filled(building, places=[f"development:{elsewhere.development_id}"])
        manager.post(reverse("site:update-edit", args=[draft.pk]), foreign)
        draft.refresh_from_db()
        assert draft.development == building.development

    def test_a_draft_that_moved_away_is_gone_for_whoever_stays(self, manager, building):
        both = StaffFactory(everywhere=True)
        draft, other = UpdateFactory(development=building.development), BuildingFactory()
        client = Client()
        client.force_login(both)
        client.post(reverse("site:update-edit", args=[draft.pk]), filled(other))
        assert manager.get(reverse("site:update", args=[draft.pk])).status_code == 404


class TestStaffWhoOwnAHomeElsewhere:
    """At work one's own home gives no rights: it is a neighbour's development."""

    @pytest.fixture(autouse=True)
    def _home(self, staff, elsewhere):
        OwnershipFactory(owner__user=staff, home=elsewhere.homes.get())

    def test_they_read_about_it_as_owners(self, manager, elsewhere):
        assert manager.get(reverse("home:update", args=[elsewhere.pk])).status_code == 200

    def test_they_do_not_post_for_it(self, manager, building, elsewhere):
        theirs = elsewhere.homes.get()
        for bad in (
            {"places": [f"development:{theirs.development_id}"]},
            {"places": [f"building:{theirs.building_id}"]},
            {"places": [], "home_numbers": theirs.number},
        ):
            manager.post(reverse("site:update-new"), filled(building, **bad))
        assert list(Update.objects.all()) == [elsewhere]

    def test_they_neither_see_nor_correct_it_as_staff(self, manager, elsewhere):
        photo = UpdatePhoto.objects.create(update=elsewhere, file=PrivateFileFactory(), order=0)
        assert elsewhere.title_en not in manager.get(reverse("site:front")).content.decode()
        for name, args in (
            ("site:update", [elsewhere.pk]),
            ("site:update-correct", [elsewhere.pk]),
            ("desk_updates:update", [elsewhere.pk]),
            ("site:photo-caption", [photo.pk]),
            ("site:photo-file", [photo.pk, "thumb"]),
        ):
            assert manager.get(reverse(name, args=args)).status_code == 404, name
        assert correct(manager, elsewhere, update_id=uuid4()).status_code == 404
        assert Update.objects.count() == 1


class TestATabKeptOpen:
    def test_after_the_assignment_ended_nothing_can_be_done_in_it(self, manager, staff, building):
        draft = UpdateFactory(development=building.development)
        draft.audience.create(building=building)
        photo = UpdatePhoto.objects.create(update=draft, file=PrivateFileFactory(), order=0)
        assert manager.get(reverse("site:update-edit", args=[draft.pk])).status_code == 200
        staff.assignments.update(state=RightState.ENDED, until=TODAY)
        for name in ("publish", "schedule", "unschedule", "discard", "edit", "correct"):
            data = filled(building, publish_at="2027-01-01T10:00")
            response = manager.post(reverse(f"site:update-{name}", args=[draft.pk]), data)
            assert response.status_code == 404, name
        for name in ("caption", "remove"):
            assert manager.post(reverse(f"site:photo-{name}", args=[photo.pk])).status_code == 404, name
        manager.post(reverse("site:update-new"), filled(building))
        assert [(u.state, u.title_en) for u in Update.objects.all()] == [("draft", draft.title_en)]

    def test_out_of_the_group_it_is_refused_at_once(self, manager, staff, building):
        staff.groups.clear()
        assert manager.post(reverse("site:update-new"), filled(building)).status_code in {403, 404}

    def test_assigned_elsewhere_one_does_not_publish_here(self, manager, staff, building):
        draft = UpdateFactory(development=building.development)
        staff.assignments.all().delete()
        AssignmentFactory(user=staff)
        assert manager.post(reverse("site:update-publish", args=[draft.pk])).status_code == 404


def test_a_photo_is_not_reached_through_another_ones_update(client):
    mine, theirs = OwnershipFactory(), OwnershipFactory()
    updates = [UpdateFactory(development=o.home.development, homes=[o.home]) for o in (mine, theirs)]
    photos = [UpdatePhoto.objects.create(update=u, file=PrivateFileFactory(), order=0) for u in updates]
    client.force_login(mine.owner.user)
    assert client.get(reverse("home:photo-file", args=[photos[0].file_id, "thumb"])).status_code == 404
    assert client.get(reverse("home:photo-file", args=[updates[1].pk, "thumb"])).status_code == 404
    assert client.get(reverse("home:photo", args=[updates[1].pk, photos[0].pk])).status_code == 404


def test_a_message_on_another_channel_is_no_page(client):
    """What went out by e-mail may hold a link that opens something; only the inbox is shown."""
    owner = OwnershipFactory().owner
    mail = Notice.objects.create(key="m", kind="invitation", subject_id="1", owner=owner, channel="email", title="x")
    client.force_login(owner.user)
    assert client.get(reverse("home:message", args=[mail.pk])).status_code == 404


class TestDeskForms:
    def test_an_owner_elsewhere_is_not_tied_to_ones_home(self, client, building):
        client.force_login(StaffFactory(group="Supervisors", development=building.development))
        home, foreign = HomeFactory(building=building), OwnershipFactory()
        data = {"home": home.pk, "owner": foreign.owner_id, "role": "owner", "since": "2026-01-01"}
        response = client.post(reverse("desk_ownership:add"), data)
        assert (response.status_code, home.ownerships.count()) == (200, 0)
        assert foreign.owner.name not in response.content.decode()

    def test_a_second_live_tie_of_the_same_two_is_refused_in_words(self, client, building):
        client.force_login(StaffFactory(group="Supervisors", development=building.development))
        tie = OwnershipFactory(home__building=building)
        data = {"home": tie.home_id, "owner": tie.owner_id, "role": "family", "since": "2026-01-01"}
        response = client.post(reverse("desk_ownership:add"), data)
        assert (response.status_code, tie.home.ownerships.count()) == (200, 1)

    def test_what_has_ended_does_not_lose_its_last_day(self, client, building):
        client.force_login(StaffFactory(group="Supervisors", development=building.development))
        tie = OwnershipFactory(home__building=building, former=True)
        response = client.post(reverse("desk_ownership:edit", args=[tie.pk]), {"role": "owner", "until": ""})
        tie.refresh_from_db()
        assert (response.status_code, tie.state) == (200, "ended")
        assert tie.until

    def test_an_assignment_can_not_be_moved_by_its_ids(self, client, building):
        client.force_login(StaffFactory(group="Supervisors", development=building.development))
        here, other = AssignmentFactory(development=building.development), AssignmentFactory()
        data = {"user": other.user_id, "development": other.development_id, "role": "supervisor", "until": ""}
        client.post(reverse("desk_assignment:edit", args=[here.pk]), data)
        after = type(here).objects.get(pk=here.pk)
        assert (after.user_id, after.development_id) == (here.user_id, here.development_id)

    def test_a_building_is_not_moved_away_from_its_homes(self, client, building):
        """Or whoever posts for the building there would reach the homes that stayed here."""
        client.force_login(StaffFactory(group="Supervisors", everywhere=True))
        other = BuildingFactory().development
        client.post(reverse("desk_building:edit", args=[building.pk]), {"name": "B", "development": other.pk})
        after = type(building).objects.get(pk=building.pk)
        assert (after.name, after.development_id) == ("B", building.development_id)

    def test_a_journey_is_not_begun_again_beside_another(self, client, building):
        client.force_login(StaffFactory(development=building.development))
        home, template = HomeFactory(building=building), JourneyTemplate.objects.first()
        first = start_journey(home=home, template=template, started=TODAY, by=None)
        type(first).objects.update(ended=TODAY)
        start_journey(home=home, template=template, started=TODAY, by=None)
        given = {"ended": "", "initial-ended": TODAY}
        assert client.post(reverse("desk_journey:edit", args=[first.pk]), given).status_code == 200
        first.refresh_from_db()
        assert first.ended == TODAY

    def test_a_journey_does_not_end_before_it_began(self, client, building):
        client.force_login(StaffFactory(development=building.development))
        home = HomeFactory(building=building)
        journey = start_journey(home=home, template=JourneyTemplate.objects.first(), started=TODAY, by=None)
        response = client.post(reverse("desk_journey:edit", args=[journey.pk]), {"ended": "2020-01-01"})
        journey.refresh_from_db()
        assert (response.status_code, journey.ended) == (200, None)

    def test_staff_are_invited_into_groups_alone(self, client):
        client.force_login(StaffFactory(group="Supervisors", everywhere=True))
        data = {"name": "New", "email": "new@example.com", "groups": ["99999"], "is_superuser": "on"}
        assert client.post(reverse("wagtailusers_users:invite"), data).status_code == 200
        assert not Invitation.objects.exists()
