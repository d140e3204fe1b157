"""Passkeys without a browser: who may reach what, and what is posted instead of an answer.

What a browser does with them stands in tests/browser/test_passkeys.py.
"""

import json

import pytest
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user
from django.urls import reverse

from tests.accounts.conftest import PASSWORD
from tests.factories import StaffFactory, UserFactory

pytestmark = pytest.mark.django_db

LOGIN, ADD = reverse("mfa_login_webauthn"), reverse("mfa_add_webauthn")
HANDLE = {"response": {"userHandle": "eA"}}


def passkey(user, name="Telephone"):
    return Authenticator.objects.create(user=user, type="webauthn", data={"name": name, "credential": {}})


@pytest.mark.parametrize(
    "answer", ["", "x", "[]", "7", "null", "{}", json.dumps(HANDLE), '{"response": null}', '{"id": {"a": 1}}']
)
def test_what_is_no_answer_lets_nobody_in(client, answer):
    client.get(LOGIN, headers={"accept": "application/json"})
    assert client.post(LOGIN, {"credential": answer}).url == reverse("account_login")
    assert not get_user(client).is_authenticated


@pytest.mark.parametrize("answer", ["", "x", "[]", "{}", '{"response": null}', '{"id": "a", "response": {}}'])
def test_what_is_no_passkey_is_not_added(client, sign_in, answer):
    sign_in(UserFactory())
    client.get(ADD)
    assert client.post(ADD, {"name": "x", "passwordless": "on", "credential": answer}).status_code == 200
    assert not Authenticator.objects.exists()


def test_the_challenge_is_given_to_scripts_and_people_see_the_door(client):
    options = client.get(LOGIN, headers={"accept": "application/json"}).json()["request_options"]["publicKey"]
    assert (options["userVerification"], options.get("allowCredentials", [])) == ("required", [])
    assert client.get(LOGIN).url == reverse("account_login")


def test_others_are_neither_renamed_nor_removed(client, sign_in):
    theirs = passkey(UserFactory())
    sign_in(UserFactory())
    for page in ("mfa_edit_webauthn", "mfa_remove_webauthn"):
        url = reverse(page, args=[theirs.pk])
        assert [client.get(url).status_code, client.post(url, {"name": "mine"}).status_code] == [404, 404]
    theirs.refresh_from_db()
    assert theirs.data["name"] == "Telephone"


def test_it_is_asked_for_after_the_password(client):
    user = UserFactory(password=PASSWORD)
    Authenticator.objects.create(user=user, type="totp", data={"secret": "x"})
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    assert b"passkey_show" in client.get(reverse("mfa_authenticate")).content
    assert not get_user(client).is_authenticated


class TestProvingItAgain:
    @pytest.fixture
    def user(self, client):
        user = UserFactory(password=PASSWORD)
        client.force_login(user)
        return user

    def test_whoever_has_a_passkey_is_asked_for_it_and_for_nothing_less(self, client, user):
        passkey(user)
        assert client.get(reverse("account_email")).status_code == 200
        answer = client.post(reverse("account_email"), {"action_add": "1", "email": "new@example.com"})
        assert answer.url.split("?")[0] == reverse("mfa_reauthenticate_webauthn")

    def test_a_password_alone_is_then_no_proof(self, client, user):
        passkey(user)
        client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
        assert client.get(ADD).url.split("?")[0] == reverse("mfa_reauthenticate_webauthn")


class TestStaff:
    @pytest.fixture(autouse=True)
    def _required(self, settings):
        settings.STAFF_SECOND_FACTOR = True

    def test_with_a_passkey_alone_they_show_that(self, client):
        staff = StaffFactory(everywhere=True)
        passkey(staff)
        client.force_login(staff)
        assert client.get("/site/").url == reverse("mfa_reauthenticate_webauthn") + "?next=%2Fsite%2F"

    def test_a_session_that_came_in_by_passkey_has_passed(self, client, rf):
        staff = StaffFactory(everywhere=True)
        passkey(staff)
        client.force_login(staff)
        request = rf.get("/")
        request.session = client.session
        record_authentication(request, staff, method="mfa", type="webauthn", passwordless=True)
        request.session.save()
        assert client.get("/site/").status_code == 200
