"""The same thing done twice at the same moment, on PostgreSQL, where a lock protects it; and without the lock."""

from datetime import timedelta
from threading import Event as Flag
from unittest.mock import patch
from uuid import uuid4

import pytest

from accounts import actions as accounts
from accounts.events.models import Event
from accounts.models import Channel
from accounts.notices.actions import tell
from accounts.notices.models import Notice
from progress.actions import turn_rights
from progress.journeys.models import JourneyTemplate
from progress.models import Ownership, RightState
from progress.updates import actions
from progress.updates.actions import UpdateError
from progress.updates.models import Update
from tests.concurrency import all_at_once, without_locks
from tests.factories import (
    NOW,
    TODAY,
    OwnerFactory,
    OwnershipFactory,
    StaffFactory,
    UpdateFactory,
)

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]
TEXTS = {"title_en": "Nine floors closed", "body_en": "The glass came on Monday."}


@pytest.fixture
def staff():
    return StaffFactory(everywhere=True)


@pytest.fixture
def draft():
    home = OwnershipFactory().home
    update = UpdateFactory(development=home.development)
    update.audience.create(home=home)
    return update


def events(verb):
    return Event.objects.filter(verb=verb).count()


def slowly(function, seconds=0.3):
    """`function`, and then a pause that lets whoever is not held back overtake."""

    def slow(*args, **kwargs):
        result = function(*args, **kwargs)
        Flag().wait(seconds)
        return result

    return slow


def later(function, seconds):
    """A pause, and then `function`."""

    def begun(*args, **kwargs):
        Flag().wait(seconds)
        return function(*args, **kwargs)

    return begun


class TestPublishing:
    def race(self, draft, staff):
        with patch.object(actions, "_refuse_if_unready", slowly(actions._refuse_if_unready)):
            return all_at_once(lambda _n: actions.publish_update(draft, by=staff, at=NOW), range(3))

    def test_twice_at_once_publishes_once(self, draft, staff):
        outcomes = self.race(draft, staff)
        assert (outcomes.raised, events("published"), Notice.objects.count()) == ([], 1, 2)

    def test_without_the_lock_it_would_be_tried_several_times(self, draft, staff):
        with without_locks():
            outcomes = self.race(draft, staff)
        assert outcomes.raised or events("published") > 1  # or the homes are frozen twice, which the database refuses


class TestTheSameFormTwice:
    """Impatient fingers: the same id arrives twice."""

    def test_one_draft(self, draft, staff):
        update_id, place = uuid4(), draft.development

        def send(_n):
            return actions.draft_update(
                update_id=update_id, places=[place], texts=TEXTS, stage_code="", photos=[], by=staff
            ).pk

        outcomes = all_at_once(send, range(4))
        assert (outcomes.returned, outcomes.raised, events("drafted")) == ([update_id] * 4, [], 1)

    def test_one_correction(self, draft, staff):
        original, correction_id = actions.publish_update(draft, by=staff, at=NOW), uuid4()

        def send(_n):
            return actions.correct_update(original, correction_id=correction_id, texts=TEXTS, by=staff, at=NOW).pk

        outcomes = all_at_once(send, range(4))
        assert (outcomes.returned, outcomes.raised) == ([correction_id] * 4, [])
        assert (original.corrections.count(), Notice.objects.count()) == (1, 4)

    def test_one_draft_is_thrown_away_once(self, draft, staff):
        outcomes = all_at_once(lambda _n: actions.discard_update(draft, by=staff), range(3))
        assert (set(outcomes.raised), len(outcomes.returned), events("discarded")) == ({UpdateError}, 1, 1)


class TestTwoEditors:
    def race(self, draft, staff):
        """One edits while the other publishes."""

        def edit():
            place = draft.development
            return actions.edit_update(draft, places=[place], texts=TEXTS, stage_code="", photos=[], by=staff)

        publish = later(lambda: actions.publish_update(draft, by=staff, at=NOW), 0.1)
        with patch.object(actions, "_write", later(actions._write, 0.4)):
            return all_at_once(lambda act: act(), [edit, publish])

    def whole(self, draft):
        """Whether what is published is what its event says: edited before or not at all."""
        draft.refresh_from_db()
        done = list(Event.objects.order_by("id").values_list("verb", flat=True))
        return draft.is_published and done in (["published"], ["edited", "published"])

    def test_what_is_published_is_not_altered(self, draft, staff):
        outcomes = self.race(draft, staff)
        assert self.whole(draft)
        assert set(outcomes.raised) <= {UpdateError}

    def test_without_the_lock_it_would_be(self, draft, staff):
        with without_locks():
            self.race(draft, staff)
        assert not self.whole(draft)


class TestSchedules:
    @pytest.fixture
    def due(self, draft, staff):
        return actions.schedule_update(draft, publish_at=NOW, by=staff, at=NOW - timedelta(hours=1))

    def test_several_sweeps_publish_once(self, due):
        all_at_once(lambda _n: actions.publish_if_due(due, at=NOW), range(4))
        assert (events("published"), Notice.objects.count()) == (1, 2)

    @pytest.mark.parametrize(
        "act",
        [
            lambda update, by: actions.unschedule_update(update, by=by),
            lambda update, by: actions.schedule_update(update, publish_at=NOW + timedelta(days=1), by=by, at=NOW),
        ],
        ids=["a draft again", "put off"],
    )
    def test_what_was_taken_back_in_the_last_moment_is_not_published(self, due, staff, act):
        """The sweep has read its list, then waits for the lock."""
        with patch.object(actions, "record", slowly(actions.record)):
            outcomes = all_at_once(
                lambda step: step(),
                [lambda: act(due, staff), later(lambda: actions.publish_if_due(due, at=NOW), 0.1)],
            )
        due.refresh_from_db()
        assert (outcomes.raised, due.is_published) == ([], False)

    def test_scheduled_at_the_moment_of_publishing_it_stays_published(self, draft, staff):
        later = NOW + timedelta(days=1)
        outcomes = all_at_once(
            lambda act: act(),
            [
                lambda: actions.publish_update(draft, by=staff, at=NOW),
                lambda: actions.schedule_update(draft, publish_at=later, by=staff, at=NOW),
            ],
        )
        draft.refresh_from_db()
        assert (draft.is_published, set(outcomes.raised) <= {UpdateError}) == (True, True)


class TestInvitations:
    def race(self, owner, staff):
        return all_at_once(
            lambda n: accounts.invite_owner(
                owner=owner, address=f"me{n}@example.com", channel=Channel.EMAIL, by=staff, at=NOW
            ),
            range(4),
        )

    def test_several_at_once_leave_one_open(self, staff):
        owner = OwnerFactory(user=None)
        outcomes = self.race(owner, staff)
        assert outcomes.raised == []
        assert owner.invitations.filter(revoked_at=None).count() == 1

    def test_without_the_lock_some_would_break(self, staff):
        owner = OwnerFactory(user=None)
        with without_locks():
            outcomes = self.race(owner, staff)
        assert len(outcomes.raised) >= 1

    def test_taken_back_and_accepted_at_once_it_is_one_of_both(self, staff):
        owner = OwnerFactory(user=None)
        invitation = accounts.invite_owner(
            owner=owner, address="me@example.com", channel=Channel.EMAIL, by=staff, at=NOW
        )
        outcomes = all_at_once(
            lambda act: act(),
            [
                lambda: accounts.revoke_invitation(invitation, by=staff, at=NOW),
                lambda: accounts.accept_invitation(invitation, password=None, language="en", at=NOW),
            ],
        )
        invitation.refresh_from_db()
        owner.refresh_from_db()
        assert (outcomes.raised, bool(owner.user)) == ([accounts.AccountError], bool(invitation.used_at))


class TestRights:
    @pytest.fixture
    def ties(self):
        for _n in range(20):
            OwnershipFactory(state=RightState.PENDING, since=TODAY)
            OwnershipFactory(state=RightState.LIVE, until=TODAY)

    def test_turned_several_times_at_once_each_turns_once(self, ties):
        outcomes = all_at_once(lambda _n: turn_rights(on=TODAY), range(4))
        assert (outcomes.raised, sum(outcomes.returned), events("began"), events("ended")) == ([], 40, 20, 20)
        assert not Ownership.objects.filter(state=RightState.PENDING).exists()

    def test_without_the_lock_they_would_turn_more_than_once(self, ties):
        with without_locks():
            outcomes = all_at_once(lambda _n: turn_rights(on=TODAY), range(4))
        assert sum(outcomes.returned) > 40


def test_told_several_times_at_once_each_is_told_once(draft):
    owners = [OwnershipFactory(home=draft.audience.get().home, role="family").owner for _n in range(30)]
    update = UpdateFactory(homes=[draft.audience.get().home])
    outcomes = all_at_once(lambda _n: tell(owners, "update-published", update, at=NOW), range(4))
    assert (outcomes.raised, Notice.objects.count()) == ([], 60)


def test_one_journey_of_a_kind_begins(draft):
    from progress.journeys.actions import start_journey

    home, template = draft.audience.get().home, JourneyTemplate.objects.first()
    all_at_once(lambda _n: start_journey(home=home, template=template, started=TODAY, by=None), range(3))
    assert home.journeys.count() == 1


def test_a_photo_is_taken_out_once(draft, staff):
    from progress.updates.models import UpdatePhoto
    from tests.factories import PrivateFileFactory

    photo = UpdatePhoto.objects.create(update=draft, file=PrivateFileFactory(), order=0)
    photos = [UpdatePhoto.objects.select_related("file", "update").get(pk=photo.pk) for _n in range(3)]
    outcomes = all_at_once(lambda each: actions.remove_photo(each, by=staff), photos)
    assert (outcomes.raised, events("photo removed"), Update.objects.count()) == ([], 1, 1)
