"""An address that takes nothing any more is a promise of the staff: to ask for one that does."""

from datetime import UTC, datetime, timedelta
from unittest.mock import Mock

import pytest

from accounts.actions import move_address, set_address
from accounts.models import Address, Channel, Owner
from accounts.notices import corrections
from accounts.notices.addresses import address_of, reachable, suppress
from accounts.privacy.consequences import all_consequences
from progress.addresses import CODE, Addresses, notice_corrections
from progress.models import Assignment
from progress.promises import kinds
from progress.promises.models import Promise
from progress.promises.sweep import sweep
from tests.factories import NOW, OwnerFactory, OwnershipFactory, StaffFactory, UserFactory

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=3)


@pytest.fixture
def ownership():
    ownership = OwnershipFactory(owner__user=None)
    ownership.owner.addresses.create(channel=Channel.EMAIL, value="sun@example.com")
    return ownership


@pytest.fixture
def owner(ownership):
    return ownership.owner


def refuse(person, value="sun@example.com", at=NOW, channel=Channel.EMAIL):
    suppress(person, channel, value, reason="550 nobody here", at=at)


def promises():
    return list(Promise.objects.filter(kind=CODE).order_by("made_at"))


def states():
    return [promise.state for promise in promises()]


class TestOpened:
    def test_a_refused_address_is_promised_to_be_put_right_by_customer_service(self, ownership, owner):
        refuse(owner)
        [promise] = promises()
        assert (promise.owner, promise.development, promise.home) == (owner, ownership.home.development, None)
        assert (promise.team, promise.responsible) == (Assignment.Role.CUSTOMER_SERVICE, None)
        # Said on a Sunday morning: by the end of Monday's work.
        assert promise.due_at == datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
        assert str(promise) == f"Ask {owner} for an address that works"

    def test_refused_twice_it_is_promised_once(self, owner):
        refuse(owner)
        refuse(owner, value="SUN@example.com", at=LATER)
        assert len(promises()) == 1

    def test_each_address_has_its_own(self, owner):
        owner.addresses.create(channel=Channel.SMS, value="+8613800000001")
        refuse(owner)
        refuse(owner, "+8613800000001", channel=Channel.SMS)
        assert len(promises()) == 2

    def test_the_address_of_a_login_is_its_owners(self):
        tie = OwnershipFactory()
        refuse(tie.owner.user, tie.owner.user.email)
        assert [promise.owner for promise in promises()] == [tie.owner]

    @pytest.mark.parametrize("person", [UserFactory, OwnerFactory])
    def test_of_whoever_has_no_home_nothing_is_promised(self, person):
        person = person()
        refuse(person, getattr(person, "email", "a@example.com"))
        assert promises() == []

    def test_owners_read_nothing_of_it(self):
        assert CODE not in kinds.shown()

    def test_a_listener_that_breaks_keeps_no_address_in_use(self, owner, monkeypatch):
        broken = Mock(suppressed=Mock(side_effect=RuntimeError))
        broken.suppressed.__self__ = broken
        monkeypatch.setattr(corrections, "_listeners", [broken])
        refuse(owner)
        assert Address.objects.get().suppressed_reason == "550 nobody here"


class TestSettled:
    def test_another_address_keeps_it(self, owner):
        refuse(owner)
        staff = UserFactory()
        set_address(owner, channel=Channel.EMAIL, value="new@example.com", by=staff, at=LATER)
        [promise] = promises()
        assert (promise.state, promise.settled_by, promise.settled_at) == ("kept", staff, LATER)

    def test_the_same_address_written_once_more_is_tried_again_and_keeps_it(self, owner):
        refuse(owner)
        set_address(owner, channel=Channel.EMAIL, value="sun@example.com", by=UserFactory(), at=LATER)
        [person] = reachable(Owner.objects.all())
        assert (states(), address_of(person, Channel.EMAIL)) == (["kept"], ("sun@example.com", ""))

    def test_refused_again_it_is_promised_again(self, owner):
        refuse(owner)
        set_address(owner, channel=Channel.EMAIL, value="sun@example.com", by=UserFactory(), at=LATER)
        refuse(owner, at=LATER + timedelta(days=1))
        assert states() == ["kept", "due"]

    def test_the_same_row_refused_again_is_promised_again(self, owner):
        refuse(owner)
        Address.objects.update(suppressed_reason="")
        notice_corrections(at=LATER)
        refuse(owner, at=LATER)
        assert states() == ["kept", "due"]

    def test_an_address_that_the_owner_proves_keeps_it(self):
        tie = OwnershipFactory()
        login = tie.owner.user
        refuse(tie.owner, login.email)
        move_address(user=login, channel=Channel.EMAIL, old=login.email, new="proved@example.com", at=LATER)
        assert states() == ["kept"]

    def test_an_address_on_another_channel_does_not(self, owner):
        refuse(owner)
        set_address(owner, channel=Channel.SMS, value="+8613800000001", by=UserFactory(), at=LATER)
        assert states() == ["due"]

    def test_an_address_that_is_taken_off_has_nothing_to_be_put_right(self, owner):
        refuse(owner)
        set_address(owner, channel=Channel.EMAIL, value="", by=UserFactory(), at=LATER)
        assert states() == ["void"]

    def test_what_an_import_put_right_is_noticed(self, owner):
        refuse(owner)
        Address.objects.update(value="imported@example.com", suppressed_reason="")
        notice_corrections(at=LATER)
        assert states() == ["kept"]

    def test_what_nobody_put_right_stays_and_is_missed(self, ownership, owner):
        StaffFactory(group="Customer service", development=ownership.home.development)
        refuse(owner)
        notice_corrections(at=LATER)
        sweep(at=NOW + timedelta(days=2))
        assert states() == ["missed"]

    def test_an_erasure_makes_it_void(self, owner):
        refuse(owner)
        [erasing] = [each for each in all_consequences() if isinstance(each, Addresses)]
        erasing.carry_out(owner, by=UserFactory(), at=LATER)
        assert states() == ["void"]

    def test_whoever_has_left_is_not_asked(self, ownership, owner):
        refuse(owner)
        ownership.state, ownership.until = "ended", NOW.date()
        ownership.save()
        sweep(at=NOW + timedelta(days=2))
        assert states() == ["void"]
