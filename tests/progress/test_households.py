"""Who invites whom to a home, what they then see, and how it ends."""

from datetime import timedelta

import pytest
from django.db import IntegrityError

from accounts.actions import AccountError, accept_invitation, claim_invitation
from accounts.events.models import Event
from accounts.models import Address, Invitation, Owner, User
from accounts.notices.models import Notice
from accounts.notices.tasks import deliver_due
from progress.households import actions
from progress.households.actions import HouseholdError
from progress.households.models import HouseholdInvitation
from progress.models import Home, Ownership, RightState, Role
from progress.updates.models import Update
from tests.factories import NOW, TODAY, HomeFactory, OwnerFactory, OwnershipFactory, UpdateFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def ownership():
    return OwnershipFactory(owner__name="Shen Yue")


def invite(ownership, *, by=None, at=NOW, **fields):
    given = {"name": "Lin Wen", "role": Role.FAMILY, "channel": "email", "address": "lin@example.com", "language": "en"}
    return actions.invite_to_household(home=ownership.home, by=by or ownership.owner.user, at=at, **given | fields)


def accept(tie, *, by=None, at=NOW):
    return accept_invitation(tie.invitation, password="a long enough one", language="en", by=by, at=at)


class TestJoining:
    def test_family_gets_a_record_a_login_and_the_home(self, ownership, told):
        update = UpdateFactory(development=ownership.home.development, homes=[ownership.home])
        user = accept(invite(ownership))
        joined = user.owner.ownerships.get()
        assert user.owner.customer_no.startswith("H-")
        assert (joined.home, joined.role, joined.state, joined.since) == (ownership.home, "family", "live", TODAY)
        assert joined.invited_by == ownership.owner
        assert list(Update.objects.for_user(user)) == [update]
        assert told() == [(ownership.owner, "household-joined")]
        assert Address.objects.get(value="lin@example.com").owner == user.owner

    def test_a_tenant_sees_the_home_and_none_of_its_updates(self, ownership):
        UpdateFactory(development=ownership.home.development, homes=[ownership.home])
        user = accept(invite(ownership, role=Role.TENANT))
        assert list(Home.objects.for_user(user)) == [ownership.home]
        assert not Update.objects.for_user(user).exists()

    def test_who_has_a_home_already_keeps_their_record(self, ownership):
        other = OwnershipFactory(owner__user__email="lin@example.com")
        user = accept(invite(ownership), by=other.owner.user)
        assert user.owner == other.owner
        assert set(Home.objects.lived_in_by(user)) == {other.home, ownership.home}

    def test_the_message_says_who_invites_to_what(self, ownership):
        from accounts.notices import kinds
        from accounts.notices.messages import compose

        tie = invite(ownership)
        notice = Notice.objects.get(invitation=tie.invitation)
        text = compose(notice, kinds.get("invitation"), tie.invitation).text
        assert f"Shen Yue invites you, as family, to the page of {ownership.home}." in text

    def test_by_text_message(self, ownership):
        tie = invite(ownership, channel="sms", address="138 0013 8000")
        assert [notice.channel for notice in Notice.objects.filter(invitation=tie.invitation)] == ["sms"]
        assert str(accept(tie).phone) == "+8613800138000"

    def test_each_step_is_in_the_log_of_the_home(self, ownership):
        tie = invite(ownership)
        accept(tie)
        actions.remove_from_household(Ownership.objects.get(role="family"), by=ownership.owner.user, at=NOW)
        log = Event.objects.filter(home_id=ownership.home.pk).order_by("pk").values_list("verb", flat=True)
        assert list(log) == ["invited", "joined", "removed"]

    def test_what_is_said_is_said_in_full(self, ownership):
        user = accept(invite(ownership))
        deliver_due()
        joined = Notice.objects.get(kind="household-joined", channel="inbox")
        assert (joined.title, joined.url) == (
            "Lin Wen now belongs to your household",
            f"/my/homes/{ownership.home_id}/household/",
        )
        actions.remove_from_household(user.owner.ownerships.get(), by=ownership.owner.user, at=NOW)
        deliver_due()
        removed = Notice.objects.get(kind="household-removed", channel="inbox")
        assert (removed.title, removed.state) == (f"You no longer belong to {ownership.home}", "sent")

    def test_who_was_removed_before_the_message_left_is_not_announced(self, ownership):
        user = accept(invite(ownership))
        actions.remove_from_household(user.owner.ownerships.get(), by=ownership.owner.user, at=NOW)
        deliver_due()
        assert set(Notice.objects.filter(kind="household-joined").values_list("state", flat=True)) == {"suppressed"}


class TestPrintedCode:
    def test_nothing_is_sent_until_it_is_claimed(self, ownership):
        tie = invite(ownership, channel="code", address="ignored@example.com")
        assert (tie.invitation.address, Notice.objects.count()) == ("", 0)
        claimed = claim_invitation(tie.invitation, address="Lin@example.com", at=NOW)
        assert (claimed.channel, claimed.address, claimed.version) == ("email", "lin@example.com", 2)
        assert Notice.objects.get().invitation == claimed
        assert accept(HouseholdInvitation.objects.get()).owner.ownerships.get().home == ownership.home

    def test_it_proves_no_address_and_makes_no_login(self, ownership):
        with pytest.raises(AccountError, match="where we reach you"):
            accept(invite(ownership, channel="code", address=""))
        assert User.objects.count() == 1

    def test_who_is_signed_in_joins_with_their_login(self, ownership):
        user = UserFactory()
        accept(invite(ownership, channel="code", address=""), by=user)
        assert user.owner.ownerships.get().role == "family"
        assert not Address.objects.exists()

    def test_claimed_twice_is_refused(self, ownership):
        tie = invite(ownership, channel="code", address="")
        claim_invitation(tie.invitation, address="lin@example.com", at=NOW)
        with pytest.raises(AccountError, match="no longer open"):
            claim_invitation(tie.invitation, address="eve@example.com", at=NOW)

    @pytest.mark.parametrize("address", ["nobody", "a@", ""])
    def test_an_address_that_is_none_is_refused(self, ownership, address):
        with pytest.raises(AccountError):
            claim_invitation(invite(ownership, channel="code", address="").invitation, address=address, at=NOW)

    def test_only_a_code_has_no_address(self, ownership):
        with pytest.raises(IntegrityError, match="invitation_sent_has_an_address"):
            Invitation.objects.create(channel="email", address="", expires_at=NOW)


class TestRefused:
    @pytest.mark.parametrize("role", [Role.FAMILY, Role.TENANT])
    def test_family_and_tenants_neither_invite_nor_remove(self, ownership, role):
        member = OwnershipFactory(home=ownership.home, role=role)
        other = OwnershipFactory(home=ownership.home, role=Role.FAMILY)
        tie = invite(ownership)
        with pytest.raises(HouseholdError, match="Only the owners"):
            invite(ownership, by=member.owner.user, address="x@example.com")
        with pytest.raises(HouseholdError, match="Only the owners"):
            actions.remove_from_household(other, by=member.owner.user, at=NOW)
        with pytest.raises(HouseholdError, match="Only the owners"):
            actions.take_back(tie, by=member.owner.user, at=NOW)

    @pytest.mark.parametrize("fields", [{}, {"former": True}])
    def test_strangers_and_former_owners_do_not_invite(self, ownership, fields):
        home = ownership.home if fields else HomeFactory()
        outsider = OwnershipFactory(home=home, **fields).owner.user
        with pytest.raises(HouseholdError, match="Only the owners"):
            invite(ownership, by=outsider)

    @pytest.mark.parametrize("role", [Role.OWNER, Role.CO_OWNER])
    def test_only_staff_make_or_remove_owners(self, ownership, role):
        co_owner = OwnershipFactory(home=ownership.home, role=role)
        with pytest.raises(HouseholdError, match="ring us"):
            invite(ownership, role=role)
        with pytest.raises(HouseholdError, match="ring us"):
            actions.remove_from_household(co_owner, by=ownership.owner.user, at=NOW)

    def test_an_invitation_that_makes_an_owner_is_impossible(self, ownership):
        tie = invite(ownership)
        tie.role = Role.OWNER
        with pytest.raises(IntegrityError, match="household_invitation_makes_no_owners"):
            tie.save()

    def test_twice(self, ownership):
        invite(ownership)
        with pytest.raises(HouseholdError, match="invited already"):
            invite(ownership, address=" LIN@example.com ")

    def test_who_belongs_to_it_already(self, ownership):
        with pytest.raises(HouseholdError, match="belongs to your home already"):
            invite(ownership, address=ownership.owner.user.email)

    def test_who_joined_another_way_meanwhile(self, ownership):
        first, second = invite(ownership, channel="code"), invite(ownership, channel="code")
        user = accept(first, by=UserFactory())
        with pytest.raises(AccountError, match="already"):
            accept(second, by=user)

    @pytest.mark.parametrize(
        ("fields", "words"),
        [({"address": "nobody"}, "not an e-mail"), ({"name": " "}, "name"), ({"name": "a\nb"}, "one line")],
    )
    def test_an_address_or_a_name_that_is_none(self, ownership, fields, words):
        with pytest.raises(HouseholdError, match=words):
            invite(ownership, **fields)
        assert not Invitation.objects.exists()

    def test_the_eleventh_person(self, ownership):
        last = invite(ownership)
        OwnershipFactory.create_batch(9, home=ownership.home, role=Role.FAMILY)
        with pytest.raises(HouseholdError, match="Ten people"):
            invite(ownership, address="eleventh@example.com")
        with pytest.raises(AccountError, match="Ten people"):
            accept(last)
        assert not Owner.objects.filter(name="Lin Wen").exists()

    def test_the_eleventh_open_invitation(self, ownership):
        for number in range(10):
            invite(ownership, address=f"guest{number}@example.com")
        with pytest.raises(HouseholdError, match="Ten invitations"):
            invite(ownership)

    def test_more_than_twenty_a_day(self, ownership):
        for number in range(20):
            actions.take_back(invite(ownership, address=f"guest{number}@example.com"), by=ownership.owner.user, at=NOW)
        Invitation.objects.update(created_at=NOW)
        with pytest.raises(HouseholdError, match="enough for one day"):
            invite(ownership)
        invite(ownership, at=NOW + timedelta(days=1))

    def test_once_the_host_owns_it_no_longer(self, ownership):
        tie = invite(ownership)
        actions.end_right(ownership, on=TODAY)
        with pytest.raises(AccountError, match="no longer open"):
            accept(tie)

    def test_taken_back_it_opens_no_more(self, ownership):
        tie = invite(ownership)
        actions.take_back(tie, by=ownership.owner.user, at=NOW)
        with pytest.raises(AccountError, match="no longer open"):
            accept(tie)

    def test_used_it_cannot_be_taken_back(self, ownership):
        tie = invite(ownership)
        accept(tie)
        with pytest.raises(HouseholdError, match="used"):
            actions.take_back(tie, by=ownership.owner.user, at=NOW)


class TestRemoving:
    def test_it_ends_at_once_and_the_person_is_told(self, ownership, told):
        member = OwnershipFactory(home=ownership.home, role=Role.FAMILY)
        actions.remove_from_household(member, by=ownership.owner.user, at=NOW)
        actions.remove_from_household(member, by=ownership.owner.user, at=NOW)
        member.refresh_from_db()
        assert (member.state, member.until) == ("ended", TODAY)
        assert not Home.objects.for_user(member.owner.user).exists()
        assert told() == [(member.owner, "household-removed")]

    def test_a_right_that_has_not_begun_ends_too(self, ownership):
        later = TODAY + timedelta(days=9)
        member = OwnershipFactory(home=ownership.home, role=Role.TENANT, since=later, state=RightState.PENDING)
        actions.remove_from_household(member, by=ownership.owner.user, at=NOW)
        member.refresh_from_db()
        assert (member.state, member.until) == ("ended", later)

    def test_a_co_owner_decides_as_well(self, ownership):
        member = OwnershipFactory(home=ownership.home, role=Role.TENANT)
        co_owner = OwnershipFactory(home=ownership.home, role=Role.CO_OWNER)
        actions.remove_from_household(member, by=co_owner.owner.user, at=NOW)
        assert not Home.objects.for_user(member.owner.user).exists()

    def test_whoever_was_removed_can_be_invited_again(self, ownership):
        tie = invite(ownership)
        user = accept(tie)
        actions.remove_from_household(user.owner.ownerships.get(), by=ownership.owner.user, at=NOW)
        accept(invite(ownership), by=user)
        assert list(Home.objects.for_user(user)) == [ownership.home]

    def test_owners_stand_first_among_the_members(self, ownership):
        roles = (Role.TENANT, Role.FAMILY, Role.CO_OWNER)
        tenant, family, co_owner = (OwnershipFactory(home=ownership.home, role=role) for role in roles)
        OwnershipFactory(home=ownership.home, former=True)
        assert actions.members_of(ownership.home) == [ownership, co_owner, family, tenant]


def test_erased_owners_decide_nothing(ownership):
    Owner.objects.filter(pk=ownership.owner.pk).update(erased_at=NOW)
    with pytest.raises(HouseholdError, match="Only the owners"):
        invite(ownership)


def test_a_household_knows_its_own_invitations_only(ownership):
    tie = invite(ownership)
    elsewhere = OwnershipFactory(owner=OwnerFactory())
    family = OwnershipFactory(home=ownership.home, role=Role.FAMILY)
    seen = [HouseholdInvitation.objects.for_user(person.owner.user) for person in (ownership, elsewhere, family)]
    assert [list(rows) for rows in seen] == [[tie], [], []]
