"""From draft to published, and corrected in the open."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from accounts.events.models import Event
from accounts.notices.delivery import deliver
from accounts.notices.models import Notice
from progress.models import Ownership, RightState, Role
from progress.updates import actions
from progress.updates.actions import UpdateError
from progress.updates.models import Receipt, Update
from progress.updates.tasks import publish_due_updates
from tests.factories import (
    NOW,
    TODAY,
    BuildingFactory,
    HomeFactory,
    OwnerFactory,
    OwnershipFactory,
    UpdateFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

TEXTS = {"title_en": "Windows", "title_zh": "外窗", "body_en": "Floor nine is closed.", "body_zh": "九层已封窗。"}


def draft(*places, update_id=None, texts=TEXTS):
    return actions.draft_update(
        update_id=update_id or uuid4(),
        places=places,
        texts=texts,
        stage_code="construction",
        photos=[],
        by=UserFactory(),
    )


def publish(*places):
    return actions.publish_update(draft(*places), by=None, at=NOW)


class TestPublishing:
    def test_exactly_the_owners_of_the_building_are_told(self, told):
        ours = OwnershipFactory()
        neighbour = OwnershipFactory(home__building=ours.home.building)
        OwnershipFactory(home__building=BuildingFactory(development=ours.home.development))
        publish(ours.home.building)
        assert set(told()) == {(ours.owner, "update-published"), (neighbour.owner, "update-published")}

    def test_the_whole_development_reaches_homes_without_a_building(self, told):
        ownership = OwnershipFactory(home=HomeFactory(building=None, development=HomeFactory().development))
        publish(ownership.home.development)
        assert told() == [(ownership.owner, "update-published")]

    def test_tenants_former_and_erased_owners_are_not_told(self, told):
        home = HomeFactory()
        OwnershipFactory(home=home, role=Role.TENANT)
        OwnershipFactory(home=home, former=True)
        OwnershipFactory(home=home, owner=OwnerFactory(erased_at=NOW))
        publish(home)
        assert (told(), Receipt.objects.count()) == ([], 0)

    def test_an_owner_of_two_homes_is_told_once(self, told):
        first = OwnershipFactory()
        second = OwnershipFactory(owner=first.owner, home__building=first.home.building)
        publish(first.home, second.home)
        assert told() == [(first.owner, "update-published")]

    def test_publishing_twice_changes_nothing(self, told):
        update = publish(OwnershipFactory().home)
        later = actions.publish_update(update, by=None, at=NOW + timedelta(hours=1))
        assert (later.published_at, len(told())) == (NOW, 1)
        assert Event.objects.filter(verb="published").count() == 1

    def test_without_an_audience_it_is_refused(self):
        with pytest.raises(UpdateError, match="whom this update is for"):
            actions.publish_update(UpdateFactory(), by=None, at=NOW)

    def test_without_a_text_it_is_refused(self):
        empty = draft(HomeFactory(), texts={"title_en": "Windows"})
        with pytest.raises(UpdateError, match="write a text"):
            actions.publish_update(empty, by=None, at=NOW)

    def test_a_home_that_is_sold_keeps_its_updates_for_the_new_owner(self):
        ownership = OwnershipFactory()
        update = publish(ownership.home)
        new = OwnershipFactory(home=ownership.home)
        assert list(Update.objects.for_user(new.owner.user)) == [update]

    def test_of_one_batch_only_whoever_sold_is_not_told(self):
        ties = [OwnershipFactory()]
        ties += [OwnershipFactory(home__building=ties[0].home.building) for _ in range(5)]
        publish(ties[0].home.building)
        Notice.objects.exclude(channel="inbox").delete()
        Ownership.objects.filter(pk=ties[3].pk).update(state=RightState.ENDED, until=TODAY)
        with CaptureQueriesContext(connection) as queries:
            deliver(clock=lambda: NOW)
        states = dict(Notice.objects.values_list("owner", "state"))
        assert states == {tie.owner_id: "suppressed" if tie == ties[3] else "sent" for tie in ties}
        assert sum("progress_ownership" in query["sql"] for query in queries) == 1  # for all at once

    def test_whoever_sold_before_the_message_left_is_not_told(self):
        ownership = OwnershipFactory()
        publish(ownership.home)
        ownership.until, ownership.state = NOW.date(), "ended"
        ownership.save()
        from accounts.notices.tasks import deliver_due

        deliver_due()
        assert set(Notice.objects.values_list("state", flat=True)) == {"suppressed"}

    def test_opening_is_noted_once(self):
        ownership = OwnershipFactory()
        update = publish(ownership.home)
        for hours in (1, 2):
            actions.note_opened(update, user=ownership.owner.user, at=NOW + timedelta(hours=hours))
        assert update.receipts.get().opened_at == NOW + timedelta(hours=1)


class TestDrafting:
    def test_a_form_sent_twice_makes_one_draft(self):
        home, update_id = HomeFactory(), uuid4()
        assert draft(home, update_id=update_id) == draft(home, update_id=update_id)
        assert Update.objects.count() == 1

    def test_what_is_published_cannot_be_edited_or_thrown_away(self):
        update = publish(HomeFactory())
        with pytest.raises(UpdateError, match="Correct it instead"):
            actions.discard_update(update, by=None)
        with pytest.raises(UpdateError, match="Correct it instead"):
            actions.edit_update(update, places=[], texts=TEXTS, stage_code="", photos=[], by=None)

    def test_editing_replaces_the_audience(self):
        first, second = HomeFactory(), HomeFactory()
        update = draft(first)
        actions.edit_update(update, places=[second], texts=TEXTS, stage_code="", photos=[], by=None)
        assert list(actions.homes_of(update)) == [second]

    def test_a_title_is_required_even_without_the_action(self):
        with pytest.raises(IntegrityError, match="update_has_a_title"):
            UpdateFactory(title_en="", title_zh="")

    def test_published_without_a_time_is_impossible(self):
        with pytest.raises(IntegrityError, match="update_published_has_a_time"):
            UpdateFactory(state=Update.State.PUBLISHED)


class TestScheduling:
    def test_it_is_published_when_its_time_has_come(self, told):
        ownership = OwnershipFactory()
        update = actions.schedule_update(draft(ownership.home), publish_at=NOW, by=None, at=NOW - timedelta(hours=1))
        publish_due_updates(at=NOW - timedelta(minutes=1))
        assert told() == []
        publish_due_updates(at=NOW)
        publish_due_updates(at=NOW + timedelta(minutes=1))
        update.refresh_from_db()
        assert (update.state, told()) == ("published", [(ownership.owner, "update-published")])

    def test_a_time_that_is_past_is_refused(self):
        with pytest.raises(UpdateError, match="still to come"):
            actions.schedule_update(draft(HomeFactory()), publish_at=NOW, by=None, at=NOW)

    def test_made_a_draft_again_it_is_not_published(self):
        update = actions.schedule_update(draft(HomeFactory()), publish_at=NOW, by=None, at=NOW - timedelta(hours=1))
        actions.unschedule_update(update, by=None)
        publish_due_updates(at=NOW)
        update.refresh_from_db()
        assert update.state == Update.State.DRAFT

    def test_one_that_cannot_be_published_does_not_hold_up_the_others(self):
        broken = UpdateFactory(state=Update.State.SCHEDULED, publish_at=NOW - timedelta(hours=1))
        sound = actions.schedule_update(draft(HomeFactory()), publish_at=NOW, by=None, at=NOW - timedelta(hours=1))
        publish_due_updates(at=NOW)
        states = [Update.objects.get(pk=update.pk).state for update in (broken, sound)]
        assert states == ["scheduled", "published"]


class TestCorrecting:
    def test_the_original_stays_and_its_readers_are_told(self, told):
        ownership = OwnershipFactory()
        original = publish(ownership.home)
        correction = actions.correct_update(
            original,
            correction_id=uuid4(),
            texts=TEXTS | {"body_en": "It was floor eight."},
            by=UserFactory(),
            at=NOW + timedelta(hours=1),
        )
        original.refresh_from_db()
        assert (original.body_en, correction.corrects) == ("Floor nine is closed.", original)
        assert told() == [(ownership.owner, "update-published"), (ownership.owner, "correction-published")]

    def test_the_form_sent_twice_makes_one_correction(self):
        original, correction_id = publish(HomeFactory()), uuid4()
        for _once_more in range(2):
            actions.correct_update(original, correction_id=correction_id, texts=TEXTS, by=UserFactory(), at=NOW)
        assert original.corrections.count() == 1

    def test_a_draft_is_edited_instead(self):
        with pytest.raises(UpdateError, match="edit it instead"):
            actions.correct_update(draft(HomeFactory()), correction_id=uuid4(), texts=TEXTS, by=UserFactory(), at=NOW)

    def test_a_correction_without_an_original_is_impossible(self):
        with pytest.raises(IntegrityError, match="correction_names_what_it_corrects"):
            UpdateFactory(kind=Update.Kind.CORRECTION)


class TestAudience:
    def test_a_row_names_exactly_one_place(self):
        update, home = UpdateFactory(), HomeFactory()
        with pytest.raises(IntegrityError, match="audience_names_one_place"):
            update.audience.create(home=home, building=home.building)
