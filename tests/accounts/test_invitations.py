import re
from datetime import timedelta
from uuid import uuid4

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import get_user
from django.contrib.auth.models import Group
from django.core import mail
from django.db import IntegrityError
from django.urls import reverse

from accounts.actions import (
    AccountError,
    accept_invitation,
    invite_owner,
    invite_staff,
    resend_invitation,
    revoke_invitation,
)
from accounts.events.models import Event
from accounts.links import make_mac
from accounts.models import Channel, Invitation, User
from accounts.notices.delivery import deliver
from accounts.notices.models import Notice
from tests.accounts.conftest import PASSWORD, token_free
from tests.concurrency import all_at_once, without_locks
from tests.factories import NOW, InvitationFactory, OwnerFactory, OwnershipFactory, StaffFactory, UserFactory

ACCEPT = {"password": "", "language": "en"}


def invite(owner, address="shen@example.com", channel=Channel.EMAIL, at=NOW):
    return invite_owner(owner=owner, address=address, channel=channel, by=None, at=at)


def accept(invitation, at=NOW, by=None):
    return accept_invitation(invitation, password=None, language="en", at=at, by=by)


@pytest.fixture
def owner(db):
    return OwnerFactory(user=None, name="Shen Yue", language="en")


class TestInvite:
    def test_the_message_goes_to_the_invited_address_with_a_link_that_opens(self, owner, client):
        owner.addresses.create(channel="email", value="elsewhere@example.com")
        invite(owner, " Shen@Example.com ")
        deliver(clock=lambda: NOW)
        (message,) = mail.outbox
        link = re.search(r"/invitation/\S+", message.body)[0]
        assert (message.to, client.get(link).status_code) == (["shen@example.com"], 200)

    def test_by_text_message(self, owner, texts):
        invite(owner, "138 0013 8000", Channel.SMS)
        deliver(clock=lambda: NOW)
        ((number, text),) = texts()
        assert (number, "/invitation/" in text) == ("+8613800138000", True)

    def test_staff_without_any_record_get_theirs(self, db):
        group = Group.objects.get(name="Site managers")
        invite_staff(email="wei@example.com", name="Wei", groups=[group], by=StaffFactory(), at=NOW)
        deliver(clock=lambda: NOW)
        assert [message.to for message in mail.outbox] == [["wei@example.com"]]

    @pytest.mark.parametrize(
        ("address", "channel"),
        [("nobody", "email"), ("", "email"), ("a@b.example\nBcc: x@y.example", "email"), ("123", "sms"), ("", "sms")],
    )
    def test_an_address_that_is_none_is_refused(self, owner, address, channel):
        with pytest.raises(AccountError, match="is not"):
            invite(owner, address, channel)

    def test_the_inbox_is_no_way_to_invite(self, owner):
        with pytest.raises(AccountError):
            invite(owner, "x", Channel.INBOX)

    @pytest.mark.parametrize("name", ["Wei\nBcc: x@example.com", "Wei\rx", "Wei\u2028x", "Wei\x00", " "])
    def test_a_line_break_in_a_name_or_no_name_is_refused(self, db, name):
        with pytest.raises(AccountError):
            invite_staff(email="wei@example.com", name=name, groups=[], by=None, at=NOW)

    def test_an_erased_owner_can_not_be_invited(self, db):
        with pytest.raises(AccountError, match="erased"):
            invite(OwnerFactory(user=None, erased_at=NOW))

    def test_an_owner_with_a_login_needs_none(self, db):
        with pytest.raises(AccountError, match="already has a login"):
            invite(OwnerFactory())

    def test_a_second_invitation_ends_the_first(self, owner):
        first, second = invite(owner), invite(owner, "new@example.com")
        first.refresh_from_db()
        assert (first.state(at=NOW), second.state(at=NOW)) == ("revoked", "open")

    def test_two_open_ones_are_impossible_even_without_the_action(self, owner):
        InvitationFactory(owner=owner)
        with pytest.raises(IntegrityError, match=r"one_open_invitation|owner_id"):
            InvitationFactory(owner=owner)

    def test_it_says_who_invited_whom(self, owner):
        staff = UserFactory()
        invitation = invite_owner(owner=owner, address="a@example.com", channel=Channel.EMAIL, by=staff, at=NOW)
        event = Event.objects.get()
        assert (event.actor, event.verb, event.subject_id) == (staff, "invited", str(invitation.pk))


class TestAgain:
    def test_the_old_link_is_dead_and_the_new_one_good_for_14_days(self, owner, client, time_machine):
        invitation = invite(owner, at=NOW)
        old, later = invitation.path, NOW + timedelta(days=20)
        time_machine.move_to(later)
        new = resend_invitation(invitation, by=None, at=later)
        assert [client.get(path).status_code for path in (old, new.path)] == [404, 200]
        assert new.expires_at == later + timedelta(days=14)
        assert Notice.objects.count() == 2

    @pytest.mark.parametrize("field", ["used_at", "revoked_at"])
    def test_one_that_is_over_is_not_sent_again(self, db, field):
        with pytest.raises(AccountError, match="over"):
            resend_invitation(InvitationFactory(**{field: NOW}), by=None, at=NOW)

    def test_a_used_one_can_not_be_taken_back(self, db):
        with pytest.raises(AccountError, match="used"):
            revoke_invitation(InvitationFactory(used_at=NOW), by=None, at=NOW)

    def test_what_was_taken_back_is_not_delivered(self, owner):
        revoke_invitation(invite(owner), by=None, at=NOW)
        deliver(clock=lambda: NOW)
        assert mail.outbox == []


class TestAccept:
    def test_the_address_counts_as_verified_everywhere(self, owner):
        user = accept(invite(owner))
        owner.refresh_from_db()
        assert (owner.user, user.email, user.name) == (user, "shen@example.com", "Shen Yue")
        assert list(EmailAddress.objects.values_list("user", "email", "verified", "primary")) == [
            (user.pk, "shen@example.com", True, True)
        ]
        assert owner.addresses.get().verified_at == NOW
        assert Event.objects.filter(verb="accepted", actor=user).count() == 1

    def test_an_owner_known_by_telephone_alone_gets_a_login(self, owner):
        user = accept(invite(owner, "13800138000", Channel.SMS))
        assert (user.email, user.phone.as_e164, user.phone_verified) == (None, "+8613800138000", True)

    def test_staff_get_their_groups_when_they_accept(self, db):
        group = Group.objects.get(name="Site managers")
        invitation = invite_staff(email="wei@example.com", name="Wei", groups=[group], by=None, at=NOW)
        user = accept(invitation)
        assert (list(user.groups.all()), user.is_staff, user.addresses.get().value) == (
            [group],
            True,
            "wei@example.com",
        )

    @pytest.mark.parametrize(
        "spoilt",
        [{"used_at": NOW}, {"revoked_at": NOW}, {"expires_at": NOW}, {"owner__erased_at": NOW}],
        ids=["used", "revoked", "expired", "of an erased owner"],
    )
    def test_one_that_is_not_open_makes_nobody(self, db, spoilt):
        with pytest.raises(AccountError, match="no longer open"):
            accept(InvitationFactory(**spoilt))
        assert not User.objects.exists()

    def test_a_login_that_is_there_is_never_taken_over(self, owner):
        UserFactory(email="shen@example.com")
        with pytest.raises(AccountError, match="sign in with it first"):
            accept(invite(owner))

    def test_that_login_takes_the_invitation_itself(self, owner):
        user = UserFactory(email="shen@example.com")
        assert accept(invite(owner), by=user) == user
        owner.refresh_from_db()
        assert owner.user == user

    def test_another_login_can_not(self, owner):
        UserFactory(email="shen@example.com")
        with pytest.raises(AccountError, match="somebody else"):
            accept(invite(owner), by=UserFactory())

    def test_a_login_belongs_to_one_customer(self, owner):
        invitation = invite(owner)
        other = OwnerFactory(user__email="shen@example.com")
        with pytest.raises(AccountError, match="another customer"):
            accept(invitation, by=other.user)

    def test_nobody_is_invited_to_another_customer_s_address(self, owner):
        OwnerFactory(user__email="shen@example.com")
        with pytest.raises(AccountError, match="Another customer signs in"):
            invite(owner)

    def test_an_owner_who_got_a_login_meanwhile_keeps_it(self, owner):
        invitation = invite(owner)
        owner.user = UserFactory()
        owner.save()
        with pytest.raises(AccountError, match="no longer open"):
            accept(invitation)


class TestRace:
    """The same link, clicked many times at the same moment."""

    @pytest.fixture
    def invitation(self, transactional_db):
        return InvitationFactory()

    def test_it_makes_one_login(self, invitation):
        outcomes = all_at_once(accept, [invitation] * 6)
        assert (len(outcomes.returned), outcomes.raised) == (1, [AccountError] * 5)
        assert User.objects.count() == 1

    def test_two_invitations_to_one_address_make_one_login(self, invitation):
        other = InvitationFactory(address=invitation.address)
        outcomes = all_at_once(accept, [invitation, other])
        assert (len(outcomes.returned), outcomes.raised) == (1, [AccountError])

    @pytest.mark.postgresql
    def test_without_the_lock_it_would_be_accepted_twice(self, invitation):
        """The login is linked instead of made, so that the unique address does not hide the missing lock."""
        user = UserFactory(email=invitation.address)
        staff = InvitationFactory(owner=None, address=user.email)
        with without_locks():
            outcomes = all_at_once(lambda each: accept(each, by=user), [staff] * 6)
        assert len(outcomes.returned) > 1


class TestPage:
    @pytest.fixture(autouse=True)
    def _today(self, time_machine):
        time_machine.move_to(NOW)

    @pytest.fixture
    def invitation(self, db):
        return InvitationFactory(owner__name="Shen Yue", owner__language="en", address="shen@example.com")

    def test_looking_changes_nothing(self, client, invitation):
        for _visit in range(3):
            response = client.get(invitation.path)
            client.head(invitation.path)
        invitation.refresh_from_db()
        assert (response.status_code, invitation.state(at=NOW), User.objects.count()) == (200, "open", 0)

    def test_the_link_is_kept_from_caches_and_other_sites(self, client, invitation):
        response = client.get(invitation.path)
        assert response.headers["Referrer-Policy"] == "same-origin"
        assert "no-store" in response.headers["Cache-Control"]

    @pytest.mark.parametrize("password", ["", PASSWORD])
    def test_accepting_lets_them_in(self, client, invitation, password):
        response = client.post(invitation.path, {"password": password, "language": "zh-hans"})
        user = get_user(client)
        assert (response.url, user.email, user.language) == ("/my/", "shen@example.com", "zh-hans")
        assert user.has_usable_password() == bool(password)
        assert client.get(invitation.path).context["state"] == "mine"

    def test_a_weak_password_is_refused(self, client, invitation):
        assert client.post(invitation.path, ACCEPT | {"password": "shen@example.com"}).status_code == 200
        assert not User.objects.exists()

    def test_without_text_messages_who_has_only_a_telephone_needs_a_password(self, client, settings, db):
        settings.SMS_GATEWAY = ""
        invitation = InvitationFactory(channel=Channel.SMS, address="+8613800138000")
        assert client.post(invitation.path, ACCEPT).status_code == 200
        assert not User.objects.exists()

    def test_a_wrong_link_and_an_unknown_one_get_the_same_answer(self, client, invitation):
        wrong = reverse("accounts:invitation", args=[invitation.pk, make_mac("feed", invitation.pk, 1)])
        unknown = reverse("accounts:invitation", args=[uuid4(), make_mac("invitation", uuid4(), 1)])
        for method in (client.get, client.post):
            pages = [method(path) for path in (wrong, unknown)]
            assert [page.status_code for page in pages] == [404, 404]
            assert token_free(pages[0]).replace(wrong, "") == token_free(pages[1]).replace(unknown, "")
            assert "400 000 0826" in pages[0].content.decode()

    @pytest.mark.parametrize(
        ("spoilt", "state"),
        [
            ({"used_at": NOW}, "used"),
            ({"revoked_at": NOW}, "revoked"),
            ({"expires_at": NOW}, "expired"),
            ({"owner__erased_at": NOW}, "revoked"),
        ],
    )
    def test_one_that_is_over_says_how_to_go_on(self, client, db, spoilt, state):
        path = InvitationFactory(**spoilt).path
        assert client.get(path).context["state"] == state
        assert client.post(path, ACCEPT).status_code == 403
        assert not User.objects.exists()

    def test_somebody_else_is_told_who_is_in_and_changes_nothing(self, client, invitation):
        client.force_login(UserFactory(name="A neighbour"))
        page = client.get(invitation.path).content.decode()
        assert "A neighbour" in page
        assert f'name="next" value="{invitation.path}"' in page
        assert client.post(invitation.path, ACCEPT).status_code == 403
        invitation.refresh_from_db()
        assert invitation.state(at=NOW) == "open"

    def test_they_sign_out_and_are_back(self, client, invitation):
        client.force_login(UserFactory())
        response = client.post(reverse("account_logout"), {"next": invitation.path}, follow=True)
        assert (response.redirect_chain[-1][0], response.context["form"].is_bound) == (invitation.path, False)

    def test_who_has_a_login_there_signs_in_first_and_then_accepts(self, client, invitation, sign_in):
        user = UserFactory(email="shen@example.com")
        assert client.get(invitation.path).context["state"] == "sign-in"
        assert client.post(invitation.path, ACCEPT).status_code == 403
        assert sign_in(user, next=invitation.path).url == invitation.path
        assert client.get(invitation.path).status_code == 200
        assert client.post(invitation.path).url == "/my/"
        invitation.owner.refresh_from_db()
        assert invitation.owner.user == user

    def test_a_refusal_comes_back_to_the_page(self, client, sign_in, invitation):
        other = OwnerFactory(user__email="shen@example.com")
        sign_in(other.user)
        response = client.post(invitation.path, follow=True)
        assert "another customer record" in response.content.decode()

    def test_it_is_read_in_the_owners_language(self, client, db):
        path = InvitationFactory(owner__language="zh-hans").path
        assert '<html lang="zh-Hans"' in client.get(path).content.decode()
        client.post(reverse("set_language"), {"language": "en"})
        assert '<html lang="en"' in client.get(path).content.decode()

    def test_nothing_of_the_home_is_said_before_it_is_accepted(self, client, db):
        ownership = OwnershipFactory(owner__user=None)
        page = client.get(InvitationFactory(owner=ownership.owner).path).content.decode()
        assert ownership.owner.name in page
        assert ownership.home.development.name_en not in page

    def test_the_proof_was_the_link_so_staff_can_go_on_at_once(self, client, settings, db):
        settings.STAFF_SECOND_FACTOR = True
        invitation = Invitation.objects.create(address="w@example.com", name="Wei", expires_at=NOW + timedelta(days=1))
        invitation.groups.add(Group.objects.get(name="Site managers"))
        client.post(invitation.path, ACCEPT)
        assert client.get(client.get("/site/").url).status_code == 200
