"""Two customer records of one person become one, and two again."""

from datetime import timedelta

import pytest
from django.db import IntegrityError

from accounts.events.models import Event
from accounts.merges.actions import MergeError, merge_owners, undo_merge
from accounts.merges.models import OwnerMerge
from accounts.merges.movers import all_movers
from accounts.models import Address, Owner
from accounts.notices.models import Notice
from progress.models import Home, Role
from progress.transfers.actions import transfer_home
from progress.updates.models import Receipt
from tests.factories import NOW, TODAY, InvitationFactory, OwnerFactory, OwnershipFactory, StaffFactory, UpdateFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept():
    return OwnerFactory()


@pytest.fixture
def gone():
    return OwnerFactory()


def merge(kept, gone, at=NOW):
    return merge_owners(kept=kept, gone=gone, by=None, at=at)


def tell(owner, key):
    return Notice.objects.create(key=key, kind="x", subject_kind="x", subject_id="1", owner=owner, channel="email")


def state_of(*owners):
    """All that refers to these records, as it stands."""
    rows = {
        f"{name} {owner.pk}": list(mover.rows(owner).order_by("pk").values())
        for name, mover in all_movers().items()
        for owner in owners
    }
    logins = Owner.objects.filter(pk__in=[owner.pk for owner in owners]).order_by("pk")
    return rows, list(logins.values("pk", "user", "user__is_active"))


class TestMerging:
    def test_homes_addresses_messages_and_receipts_move(self, kept, gone):
        home, update = OwnershipFactory(owner=gone).home, UpdateFactory()
        Address.objects.create(owner=gone, channel="sms", value="+8613800138000")
        notice = tell(gone, "n")
        Receipt.objects.create(update=update, owner=gone)
        merge(kept, gone)
        assert list(Home.objects.for_user(kept.user)) == [home]
        assert (kept.addresses.count(), kept.receipts.count(), list(kept.notices.all())) == (1, 1, [notice])
        assert all(mover.count(gone) == 0 for mover in all_movers().values())

    def test_what_both_have_stays_where_it_is(self, kept, gone):
        update = UpdateFactory()
        for owner in (kept, gone):
            for value in ("+8613800138000", f"+861380013800{1 + (owner == gone)}"):
                Address.objects.create(owner=owner, channel="sms", value=value)
            Receipt.objects.create(update=update, owner=owner)
        merge(kept, gone)
        assert (kept.addresses.count(), gone.addresses.count()) == (3, 1)
        assert (kept.receipts.count(), gone.receipts.count()) == (1, 1)

    @pytest.mark.parametrize(
        ("mine", "theirs", "role"),
        [
            (Role.OWNER, Role.FAMILY, "owner"),
            (Role.TENANT, Role.CO_OWNER, "co_owner"),
            (Role.FAMILY, Role.FAMILY, "family"),
        ],
    )
    def test_where_both_belong_to_a_home_the_stronger_role_remains(self, kept, gone, mine, theirs, role):
        home = OwnershipFactory(owner=kept, role=mine).home
        other = OwnershipFactory(home=home, owner=gone, role=theirs)
        merge(kept, gone)
        other.refresh_from_db()
        assert (home.ownerships.live().get().role, home.ownerships.live().get().owner) == (role, kept)
        assert (other.state, other.owner) == ("ended", gone)

    def test_a_login_goes_along_where_there_is_none(self, gone):
        kept = OwnerFactory(user=None)
        login = gone.user
        merge(kept, gone)
        assert Owner.objects.get(user=login) == kept

    def test_a_second_login_is_closed_and_its_next_page_is_the_log_in(self, client, kept, gone):
        client.force_login(gone.user)
        assert client.get("/my/").status_code == 200
        merge(kept, gone)
        assert client.get("/my/").url.startswith("/account/login/")
        gone.user.refresh_from_db()
        assert not gone.user.is_active

    def test_open_invitations_of_the_record_that_goes_close(self, kept):
        invitation = InvitationFactory()
        merge(kept, invitation.owner)
        invitation.refresh_from_db()
        assert invitation.state(at=NOW) == "revoked"

    def test_both_records_have_it_in_their_log(self, kept, gone):
        undo_merge(merge(kept, gone), by=None, at=NOW)
        verbs = [
            list(Event.objects.filter(subject_id=str(o.pk)).order_by("pk").values_list("verb", flat=True))
            for o in (kept, gone)
        ]
        assert verbs == [["took over", "gave back"], ["merged", "taken apart"]]


class TestUndoing:
    def test_everything_is_as_before(self, kept, gone):
        both = OwnershipFactory(owner=kept, role=Role.FAMILY).home
        OwnershipFactory(home=both, owner=gone)
        OwnershipFactory(owner=gone)
        OwnershipFactory(owner=gone, former=True)
        for owner in (kept, gone):
            tell(owner, f"n{owner.pk}")
            Address.objects.create(owner=owner, channel="sms", value="+8613800138000")
        before = state_of(kept, gone)
        done = merge(kept, gone)
        assert state_of(kept, gone) != before
        for _again in range(2):
            undo_merge(done, by=None, at=NOW + timedelta(days=29))
        assert state_of(kept, gone) == before

    def test_a_login_that_moved_comes_back(self, gone):
        kept = OwnerFactory(user=None)
        before = state_of(kept, gone)
        undo_merge(merge(kept, gone), by=None, at=NOW)
        assert state_of(kept, gone) == before

    def test_what_came_meanwhile_stays(self, kept, gone):
        done = merge(kept, gone)
        new = tell(kept, "later")
        undo_merge(done, by=None, at=NOW)
        assert (list(kept.notices.all()), gone.notices.exists()) == ([new], False)

    def test_a_home_sold_meanwhile_does_not_come_back(self, kept, gone):
        home = OwnershipFactory(owner=kept).home
        OwnershipFactory(home=home, owner=gone, role=Role.CO_OWNER)
        done = merge(kept, gone)
        buyer = OwnerFactory()
        transfer_home(home=home, to=[buyer], on=TODAY, by=None, at=NOW)
        undo_merge(done, by=None, at=NOW)
        assert [tie.owner for tie in home.ownerships.live()] == [buyer]

    def test_after_30_days_it_is_refused(self, kept, gone):
        done = merge(kept, gone)
        with pytest.raises(MergeError, match="30 days"):
            undo_merge(done, by=None, at=NOW + timedelta(days=30))

    def test_the_last_merge_is_undone_first(self, kept, gone):
        first = merge(kept, gone)
        merge(OwnerFactory(), kept)
        with pytest.raises(MergeError, match="Undo that first"):
            undo_merge(first, by=None, at=NOW)

    def test_undone_they_can_be_merged_again(self, kept, gone):
        undo_merge(merge(kept, gone), by=None, at=NOW)
        merge(gone, kept)
        assert OwnerMerge.objects.count() == 2


class TestRefused:
    def test_one_and_the_same(self, kept):
        with pytest.raises(MergeError, match="same record"):
            merge(kept, kept)
        with pytest.raises(IntegrityError, match="merge_of_two_records"):
            OwnerMerge.objects.create(kept=kept, gone=kept, moved={}, at=NOW)

    def test_twice(self, kept, gone):
        merge(kept, gone)
        for pair in ((kept, gone), (OwnerFactory(), gone), (gone, OwnerFactory())):
            with pytest.raises(MergeError, match="already"):
                merge(*pair)

    def test_an_erased_one(self, kept):
        with pytest.raises(MergeError, match="erased"):
            merge(kept, OwnerFactory(user=None, erased_at=NOW))

    def test_closing_a_login_of_the_staff(self, kept):
        with pytest.raises(MergeError, match="works at the desk"):
            merge(kept, OwnerFactory(user=StaffFactory()))


def test_every_reference_to_a_customer_moves():
    names = set(all_movers())
    assert names >= {
        "accounts.address.owner",
        "accounts.invitation.owner",
        "notices.notice.owner",
        "progress.ownership.owner",
        "progress.ownership.invited_by",
        "updates.receipt.owner",
        "households.householdinvitation.invited_by",
        "transfers.newowner.owner",
    }
