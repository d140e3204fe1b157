"""A home changes hands: what passes on, what ends, and what is refused."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError

from accounts.actions import accept_invitation
from accounts.events.models import Event
from accounts.models import Invitation
from accounts.notices.models import Notice
from accounts.notices.tasks import deliver_due
from progress.former import messages_are_over
from progress.households.actions import invite_to_household
from progress.journeys.actions import start_journey
from progress.journeys.models import Journey, JourneyTemplate
from progress.models import Home, Ownership, RightState, Role
from progress.transfers import parts
from progress.transfers.actions import TransferError, transfer_home, undo_transfer
from progress.transfers.models import HomeTransfer
from progress.transfers.tasks import transfer_homes
from progress.updates.actions import publish_update
from progress.updates.models import Audience, Update, UpdatePhoto
from tests.factories import (
    NOW,
    TODAY,
    HomeFactory,
    InvitationFactory,
    OwnerFactory,
    OwnershipFactory,
    PrivateFileFactory,
    UpdateFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def ownership():
    return OwnershipFactory()


@pytest.fixture
def buyer():
    return OwnerFactory()


def transfer(home, *to, on=TODAY, at=NOW):
    return transfer_home(home=home, to=list(to), on=on, by=UserFactory(), at=at)


class TestToday:
    def test_rights_pass_from_the_whole_household_to_the_new_owners(self, ownership, buyer):
        household = [ownership] + [OwnershipFactory(home=ownership.home, role=role) for role in list(Role)[1:]]
        second = OwnerFactory()
        done = transfer(ownership.home, buyer, second)
        for tie in household:
            tie.refresh_from_db()
            assert (tie.state, tie.until) == ("ended", TODAY)
            assert not Home.objects.for_user(tie.owner.user).exists()
        live = ownership.home.ownerships.live().order_by("role").values_list("owner", "role", "since")
        assert set(live) == {(buyer.pk, "owner", TODAY), (second.pk, "co_owner", TODAY)}
        assert (done.state, done.done_at) == ("done", NOW)

    def test_the_new_owner_sees_updates_photos_and_journey_from_the_start(self, ownership, buyer):
        home = ownership.home
        update = UpdateFactory(development=home.development, homes=[home])
        photo = UpdatePhoto.objects.create(update=update, file=PrivateFileFactory(), order=0)
        journey = start_journey(home=home, template=JourneyTemplate.objects.first(), started=TODAY, by=None)
        transfer(home, buyer)
        for model, row in ((Update, update), (UpdatePhoto, photo), (Journey, journey), (Home, home)):
            assert list(model.objects.for_user(buyer.user)) == [row]
            assert list(model.objects.for_user(ownership.owner.user)) == []

    def test_both_sides_are_told(self, ownership, buyer, told):
        family = OwnershipFactory(home=ownership.home, role=Role.FAMILY)
        transfer(ownership.home, buyer)
        assert set(told()) == {
            (ownership.owner, "home-transferred"),
            (family.owner, "home-transferred"),
            (buyer, "welcome"),
        }
        deliver_due()
        assert set(Notice.objects.filter(channel="inbox").values_list("state", flat=True)) == {"sent"}

    def test_who_owns_it_before_and_after_is_not_seen_off(self, ownership, told):
        co_owner = OwnershipFactory(home=ownership.home, role=Role.CO_OWNER)
        transfer(ownership.home, co_owner.owner)
        assert set(told()) == {(ownership.owner, "home-transferred"), (co_owner.owner, "welcome")}
        assert list(ownership.home.ownerships.live().values_list("owner", "role")) == [(co_owner.owner.pk, "owner")]

    def test_messages_queued_before_go_to_nobody(self, ownership, buyer):
        update = UpdateFactory(development=ownership.home.development)
        Audience.objects.create(update=update, home=ownership.home)
        publish_update(update, by=None, at=NOW)
        transfer(ownership.home, buyer)
        deliver_due()
        states = Notice.objects.filter(kind="update-published").values_list("owner", "state")
        assert set(states) == {(ownership.owner.pk, "suppressed")}

    def test_open_invitations_close(self, ownership, buyer):
        tie = invite_to_household(
            home=ownership.home,
            name="Lin",
            role=Role.FAMILY,
            channel="email",
            address="lin@example.com",
            language="en",
            by=ownership.owner.user,
            at=NOW,
        )
        uninvited = InvitationFactory()
        OwnershipFactory(home=ownership.home, owner=uninvited.owner)
        other_home = InvitationFactory()
        OwnershipFactory(home=ownership.home, owner=other_home.owner)
        OwnershipFactory(owner=other_home.owner)
        transfer(ownership.home, buyer)
        states = [Invitation.objects.get(pk=each.pk).state(at=NOW) for each in (tie.invitation, uninvited, other_home)]
        assert states == ["revoked", "revoked", "open"]

    def test_a_right_that_has_not_begun_ends_too(self, ownership, buyer):
        later = OwnershipFactory(home=ownership.home, state=RightState.PENDING, since=TODAY + timedelta(days=5))
        transfer(ownership.home, buyer)
        later.refresh_from_db()
        assert (later.state, later.until) == ("ended", TODAY + timedelta(days=5))

    def test_other_homes_stay_as_they_are(self, ownership, buyer):
        second = OwnershipFactory(owner=ownership.owner)
        transfer(ownership.home, buyer)
        assert list(Home.objects.for_user(ownership.owner.user)) == [second.home]

    def test_a_home_without_owners_gets_its_first(self, buyer):
        home = HomeFactory()
        transfer(home, buyer)
        assert list(Home.objects.for_user(buyer.user)) == [home]

    def test_each_step_is_in_the_log_of_the_home(self, ownership, buyer):
        transfer(ownership.home, buyer)
        log = Event.objects.filter(home_id=ownership.home.pk).order_by("pk").values_list("verb", flat=True)
        assert list(log) == ["planned", "ended", "began", "transferred"]

    def test_one_part_that_fails_leaves_everything_as_it_was(self, ownership, buyer, monkeypatch):
        class Broken(parts.Part):
            def carry_out(self, transfer, *, former, by, at):
                raise RuntimeError

        monkeypatch.setattr(parts, "_parts", [*parts.all_parts(), Broken()])
        with pytest.raises(RuntimeError):
            transfer(ownership.home, buyer)
        assert list(ownership.home.ownerships.live()) == [ownership]
        assert (HomeTransfer.objects.count(), Notice.objects.count(), Event.objects.count()) == (0, 0, 0)

    def test_the_preview_counts_what_passes_on_and_what_ends(self, ownership):
        home = ownership.home
        UpdateFactory(development=home.development, homes=[home])
        OwnershipFactory(home=home, role=Role.TENANT)
        OwnershipFactory(home=home, former=True)
        lines = {what: [(str(line.label), line.count) for line in each] for what, each in parts.preview(home).items()}
        assert lines == {
            "passes_on": [("updates, with their photos", 1)],
            "ends": [("rights of owners and co-owners", 1), ("rights of tenants", 1)],
            "cancels": [],
        }


class TestLater:
    DAY = TODAY + timedelta(days=7)

    def test_nothing_happens_before_the_day(self, ownership, buyer, told):
        transfer(ownership.home, buyer, on=self.DAY)
        transfer_homes(at=NOW + timedelta(days=6))
        assert list(ownership.home.ownerships.live()) == [ownership]
        assert told() == []

    def test_it_is_carried_out_once_at_midnight_where_the_home_stands(self, ownership, buyer, told):
        development = ownership.home.development
        development.time_zone = "Pacific/Auckland"
        development.save()
        planned = transfer(ownership.home, buyer, on=self.DAY)
        midnight = datetime(2026, 11, 28, 11, tzinfo=UTC)  # 29 November in Auckland, still the 28th in Shanghai
        transfer_homes(at=midnight - timedelta(minutes=1))
        assert not buyer.ownerships.exists()
        transfer_homes(at=midnight)
        transfer_homes(at=midnight + timedelta(minutes=1))
        planned.refresh_from_db()
        assert (planned.state, planned.done_at, buyer.ownerships.get().since) == ("done", midnight, self.DAY)
        assert len(told()) == 2

    def test_a_worker_that_was_down_for_days_changes_no_dates(self, ownership, buyer):
        transfer(ownership.home, buyer, on=self.DAY)
        transfer_homes(at=NOW + timedelta(days=10))
        ownership.refresh_from_db()
        assert (ownership.until, buyer.ownerships.get().since) == (self.DAY, self.DAY)

    def test_undone_it_does_not_happen(self, ownership, buyer):
        planned = transfer(ownership.home, buyer, on=self.DAY)
        for _again in range(2):
            undo_transfer(planned, by=None, at=NOW)
        transfer_homes(at=NOW + timedelta(days=8))
        planned.refresh_from_db()
        assert (planned.state, buyer.ownerships.exists()) == ("undone", False)
        assert Event.objects.filter(verb="undone").count() == 1

    def test_carried_out_it_cannot_be_undone(self, ownership, buyer):
        done = transfer(ownership.home, buyer)
        with pytest.raises(TransferError, match="can't be undone"):
            undo_transfer(done, by=None, at=NOW)

    def test_one_that_fails_does_not_hold_up_the_others(self, ownership, buyer):
        erased = OwnerFactory()
        stuck = transfer(OwnershipFactory().home, erased, on=self.DAY)
        transfer(ownership.home, buyer, on=self.DAY)
        erased.erased_at = NOW
        erased.save()
        transfer_homes(at=NOW + timedelta(days=7))
        stuck.refresh_from_db()
        assert (stuck.state, buyer.ownerships.get().home) == ("planned", ownership.home)


class TestRefused:
    @pytest.mark.parametrize(
        ("on", "words"), [(TODAY - timedelta(days=1), "past"), (TODAY + timedelta(days=367), "within a year")]
    )
    def test_a_day_that_is_past_or_far_away(self, ownership, buyer, on, words):
        with pytest.raises(TransferError, match=words):
            transfer(ownership.home, buyer, on=on)

    def test_yesterday_by_the_homes_own_calendar(self, ownership, buyer):
        with pytest.raises(TransferError, match="past"):
            transfer(ownership.home, buyer, at=datetime(2026, 11, 22, 16, 30, tzinfo=UTC))  # the 23rd in Shanghai

    def test_to_oneself(self, ownership):
        co_owner = OwnershipFactory(home=ownership.home, role=Role.CO_OWNER)
        with pytest.raises(TransferError, match="theirs|them already"):
            transfer(ownership.home, co_owner.owner, ownership.owner)
        transfer(ownership.home, ownership.owner)  # the co-owner leaves: that is a change

    def test_twice(self, ownership, buyer):
        transfer(ownership.home, buyer, on=TODAY + timedelta(days=3))
        with pytest.raises(TransferError, match="November 25, 2026 already|25 November 2026 already"):
            transfer(ownership.home, OwnerFactory())

    def test_the_same_again_once_it_is_done(self, ownership, buyer):
        transfer(ownership.home, buyer)
        with pytest.raises(TransferError, match="belongs to them already"):
            transfer(ownership.home, buyer)

    def test_to_an_erased_customer(self, ownership):
        with pytest.raises(TransferError, match="erased"):
            transfer(ownership.home, OwnerFactory(user=None, erased_at=NOW))

    def test_to_nobody_to_eleven_and_to_one_twice(self, ownership, buyer):
        for to, words in (([], "one person"), (OwnerFactory.create_batch(11), "ten"), ([buyer, buyer], "twice")):
            with pytest.raises(TransferError, match=words):
                transfer(ownership.home, *to)
        assert not HomeTransfer.objects.exists()

    def test_two_planned_for_one_home_are_impossible(self, ownership):
        row = {"home": ownership.home, "on": TODAY, "created_at": NOW}
        HomeTransfer.objects.create(**row)
        with pytest.raises(IntegrityError):
            HomeTransfer.objects.create(**row)

    def test_done_without_a_time_is_impossible(self, ownership):
        with pytest.raises(IntegrityError, match="transfer_done_has_a_time"):
            HomeTransfer.objects.create(home=ownership.home, on=TODAY, created_at=NOW, state="done")


class TestMessagesOfFormerOwners:
    def test_they_are_over_180_days_after_the_last_home(self):
        ended = OwnershipFactory(former=True)  # ten days ago
        user = ended.owner.user
        assert not messages_are_over(user, on=TODAY + timedelta(days=169))
        assert messages_are_over(user, on=TODAY + timedelta(days=170))
        OwnershipFactory(owner=ended.owner)
        assert not messages_are_over(user, on=TODAY + timedelta(days=170))

    def test_who_never_had_a_home_keeps_them(self):
        assert not messages_are_over(OwnerFactory().user, on=TODAY)


def test_an_owner_who_sold_accepts_their_other_invitations_still(ownership, buyer):
    """Only what was given for this home ends."""
    other = OwnershipFactory()
    tie = invite_to_household(
        home=other.home,
        name="Shen",
        role=Role.FAMILY,
        channel="email",
        address=ownership.owner.user.email,
        language="en",
        by=other.owner.user,
        at=NOW,
    )
    transfer(ownership.home, buyer)
    accept_invitation(tie.invitation, password=None, language="", by=ownership.owner.user, at=NOW)
    assert Ownership.objects.live().get(owner=ownership.owner).home == other.home
