"""Passkeys of other people, and keys that were found: by themselves they open nothing that they should not."""

import json

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user
from django.test import Client
from django.urls import reverse

from accounts.leaving import leave
from tests.accounts.conftest import PASSWORD
from tests.attacks.keys import SoftKey, challenge_of
from tests.factories import NOW, StaffFactory, UserFactory

pytestmark = pytest.mark.django_db

LOGIN, ADD = reverse("mfa_login_webauthn"), reverse("mfa_add_webauthn")
SECOND, AGAIN = reverse("mfa_authenticate"), reverse("mfa_reauthenticate_webauthn")


@pytest.fixture
def victim():
    return SoftKey(UserFactory(password=PASSWORD)).registered()


@pytest.fixture
def thief():
    """Somebody with a login and a passkey of their own."""
    return SoftKey(UserFactory(password=PASSWORD)).registered()


def begun(client):
    """A fresh challenge for coming in by passkey."""
    client.get(LOGIN, headers={"accept": "application/json"})
    return challenge_of(client)


def come_in(client, answer):
    client.post(LOGIN, {"credential": answer})
    user = get_user(client)
    return user if user.is_authenticated else None


def half_in(client, user):
    """The password was right, and now they are asked for the second factor."""
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    client.get(SECOND)
    return challenge_of(client)


class TestComingIn:
    def test_with_the_own_finger_one_comes_in(self, client, victim):
        assert come_in(client, victim.shown(begun(client))) == victim.user

    def test_a_key_of_ones_own_opens_nobody_elses_login(self, client, victim, thief):
        assert come_in(client, thief.shown(begun(client), handle=victim.user)) is None
        assert come_in(client, thief.shown(begun(client), handle=UserFactory())) is None
        assert come_in(client, SoftKey(victim.user).shown(begun(client))) is None

    def test_without_finger_or_pin_it_opens_nothing(self, client, victim):
        assert come_in(client, victim.shown(begun(client), verified=False)) is None

    def test_nor_with_the_challenge_of_a_page_that_asks_for_none(self, client, victim, thief):
        """The page after one's own password is content with a touch; what it began must not end at the door."""
        for give_up in (lambda: None, lambda: client.post(reverse("account_logout")), lambda: clock.shift(1000)):
            with time_machine.travel(NOW, tick=False) as clock:
                challenge = half_in(client, thief.user)
                give_up()
                assert come_in(client, victim.shown(challenge, verified=False)) is None

    def test_an_answer_is_good_once(self, client, victim):
        answer = victim.shown(begun(client))
        assert come_in(client, answer) == victim.user
        client.post(reverse("account_logout"))
        begun(client)
        assert come_in(client, answer) is None

    def test_one_that_was_given_to_another_site_is_none(self, client, victim):
        assert come_in(client, victim.shown(begun(client), origin="https://evil.example")) is None
        assert come_in(client, victim.shown(begun(client), origin="http://testserver")) is None
        elsewhere = SoftKey(victim.user, host="evil.example")
        elsewhere.id, elsewhere.private = victim.id, victim.private
        assert come_in(client, elsewhere.shown(begun(client), origin="https://testserver")) is None
        assert come_in(client, victim.shown(begun(client), kind="webauthn.create")) is None

    def test_that_of_another_session_is_none(self, client, victim):
        answer = victim.shown(begun(Client()))
        begun(client)
        assert come_in(client, answer) is None

    def test_whoever_has_left_does_not_come_in(self, client):
        staff = StaffFactory(group="Supervisors", everywhere=True)
        key = SoftKey(staff).registered()
        leave(staff, by=StaffFactory(group="Supervisors", everywhere=True, is_superuser=True), at=NOW)
        assert come_in(client, key.shown(begun(client))) is None

    def test_nor_a_closed_login_that_still_has_its_key(self, client, victim):
        type(victim.user).objects.filter(pk=victim.user.pk).update(is_active=False)
        assert come_in(client, victim.shown(begun(client))) is None


class TestTheSecondFactor:
    def test_another_ones_key_is_none(self, client, victim, thief):
        for handle in (victim.user, thief.user):
            challenge = half_in(client, victim.user)
            client.post(SECOND, {"credential": thief.shown(challenge, handle=handle)})
            assert not get_user(client).is_authenticated

    def test_nor_is_it_one_to_prove_it_again(self, client, victim, thief, long_in):
        client.force_login(victim.user)
        long_in(client)
        for key in (thief, SoftKey(victim.user)):
            client.get(AGAIN)
            client.post(AGAIN, {"credential": key.shown(challenge_of(client), handle=victim.user)})
            assert client.get(ADD).url.startswith(AGAIN)
        client.get(AGAIN)
        client.post(AGAIN, {"credential": victim.shown(challenge_of(client))})
        assert client.get(ADD).status_code == 200


class TestAdding:
    def test_a_session_left_open_adds_none(self, client, victim, long_in):
        come_in(client, victim.shown(begun(client)))
        client.get(ADD)
        challenge = challenge_of(client)
        long_in(client)
        form = {"name": "x", "passwordless": "on", "credential": json.dumps(SoftKey(victim.user).made(challenge))}
        assert client.post(ADD, form).url.startswith(AGAIN)
        assert Authenticator.objects.filter(user=victim.user, type="webauthn").count() == 1

    def test_one_that_asks_for_no_finger_is_not_taken_to_come_in_by(self, client):
        user = UserFactory()
        client.force_login(user)
        for passwordless in ({"passwordless": "on"}, {}):
            client.get(ADD)
            made = SoftKey(user).made(challenge_of(client), verified=False)
            client.post(ADD, {"name": "x", "credential": json.dumps(made)} | passwordless)
        keys = Authenticator.objects.filter(user=user, type="webauthn")
        assert [key.wrap().is_passwordless for key in keys if key.wrap().authenticator_data.is_user_verified()] == []

    def test_staff_who_know_the_password_alone_do_not_make_themselves_a_second_factor(self, client, settings):
        settings.STAFF_SECOND_FACTOR = True
        staff = StaffFactory(group="Supervisors", everywhere=True, password=PASSWORD)
        SoftKey(staff).registered()
        client.force_login(staff)  # by password, from before
        assert client.get(ADD).url.startswith(AGAIN)
        mine = SoftKey(staff)
        assert client.post(ADD, {"name": "x", "credential": json.dumps(mine.made(b"x" * 32))}).url.startswith(AGAIN)
        assert client.get("/desk/").url.startswith("/account/2fa/")

    @pytest.mark.parametrize("name", ["mfa_edit_webauthn", "mfa_remove_webauthn"])
    def test_another_ones_is_neither_renamed_nor_removed(self, client, victim, thief, name):
        client.force_login(thief.user)
        row = Authenticator.objects.get(user=victim.user)
        session = client.session
        session["account_authentication_methods"] = [{"method": "mfa", "at": 4_000_000_000, "type": "webauthn"}]
        session.save()
        for pk in (row.pk, 10**30):
            url = reverse(name, args=[pk])
            assert client.post(url, {"name": "mine"}).status_code == 404
        row.refresh_from_db()
        assert row.data["name"] == "Key"
