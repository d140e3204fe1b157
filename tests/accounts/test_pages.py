"""Every page of the log-in wears our look, in both languages, without inline style or script."""

import re
from html.parser import HTMLParser

import pytest
from allauth.account import urls as account_urls
from allauth.mfa.base import urls as base_urls
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import urls as codes_urls
from allauth.mfa.totp import urls as totp_urls
from allauth.mfa.webauthn import urls as webauthn_urls
from allauth.usersessions import urls as sessions_urls
from django.urls import reverse

from tests.accounts.conftest import PASSWORD
from tests.accounts.test_second_factor import set_up_app
from tests.factories import OwnershipFactory, StaffFactory, UserFactory

OPEN = {
    "account_login",
    "account_signup",
    "account_inactive",
    "account_request_login_code",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key_done",
}
SIGNED_IN = {
    "account_logout",
    "account_reauthenticate",
    "account_email",
    "account_change_password",
    "account_change_phone",
    "mfa_index",
    "mfa_activate_totp",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "usersessions_list",
}
WITHOUT_PASSWORD = {"account_set_password"}
WITH_APP = {
    "mfa_index",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes",
    "mfa_reauthenticate",
}
ON_THE_WAY = {  # tested below, each after the step before it
    "account_confirm_login_code",
    "account_email_verification_sent",
    "account_verify_phone",
    "account_reset_password_from_key",
    "mfa_authenticate",
    "mfa_login_webauthn",  # these two in test_passkeys.py
    "mfa_reauthenticate_webauthn",
}


class Inline(HTMLParser):
    """What a strict Content-Security-Policy would block."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        names = {name for name, _value in attrs}
        if tag == "style" or (tag == "script" and "src" not in names):
            self.found.append(tag)
        self.found += [name for name in names if name == "style" or name.startswith("on")]


def check(response, frame, language):
    page = response.content.decode()
    assert response.status_code in (200, 429)
    assert {"door": '<body class="door">', "page": 'class="masthead"'}[frame] in page
    assert f'<html lang="{ {"en": "en", "zh-hans": "zh-Hans"}[language] }"' in page
    assert len(re.findall(r"<h1>\s*\S", page)) == 1
    inline = Inline()
    inline.feed(page)
    assert inline.found == []


def test_every_page_of_allauth_is_here():
    lists = (account_urls, base_urls, totp_urls, codes_urls, webauthn_urls, sessions_urls)
    names = {pattern.name for module in lists for pattern in module.urlpatterns if hasattr(pattern, "name")}
    assert names == OPEN | SIGNED_IN | WITHOUT_PASSWORD | WITH_APP | ON_THE_WAY


@pytest.fixture(params=["en", "zh-hans"])
def language(request, client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = request.param
    return request.param


@pytest.fixture
def owner(db, language):
    return OwnershipFactory(owner__user__phone="+8613800138000", owner__user__language=language).owner.user


@pytest.mark.parametrize("name", sorted(OPEN))
def test_pages_for_strangers(client, db, language, name):
    check(client.get(reverse(name)), "door", language)


@pytest.mark.parametrize("name", sorted(SIGNED_IN))
def test_pages_of_an_owner(client, owner, sign_in, language, name):
    sign_in(owner)
    check(client.get(reverse(name)), "door" if "reauthenticate" in name else "page", language)


@pytest.mark.parametrize("name", sorted(SIGNED_IN))
def test_pages_of_staff_who_have_no_home(client, db, sign_in, language, name):
    sign_in(StaffFactory(language=language))
    check(client.get(reverse(name)), "door" if "reauthenticate" in name else "page", language)


def test_who_has_no_password_may_set_one(client, db, language):
    client.force_login(UserFactory(language=language))
    check(client.get(reverse("account_set_password")), "page", language)
    check(client.get(reverse("accounts:prove")), "door", language)


@pytest.mark.parametrize("name", sorted(WITH_APP - {"mfa_download_recovery_codes"}))
def test_pages_with_an_app(client, owner, sign_in, language, name):
    sign_in(owner)
    set_up_app(client)
    check(client.get(reverse(name)), "door" if "reauthenticate" in name else "page", language)


def test_the_recovery_codes_come_as_a_file_that_is_not_kept(client, owner, sign_in):
    sign_in(owner)
    set_up_app(client)
    response = client.get(reverse("mfa_download_recovery_codes"))
    assert response.headers["Content-Disposition"] == 'attachment; filename="recovery-codes.txt"'
    assert "no-store" in response.headers["Cache-Control"]
    assert len(response.content.split()) == 10


@pytest.mark.parametrize("login", ["person@example.com", "+8613800138000"])
def test_the_page_for_the_code(client, db, texts, language, login):
    response = client.post(reverse("account_request_login_code"), {"login": login}, follow=True)
    check(response, "door", language)


def test_the_page_for_the_code_of_a_new_email(client, owner, sign_in, language):
    sign_in(owner)
    response = client.post(reverse("account_email"), {"action_add": "1", "email": "new@example.com"}, follow=True)
    check(response, "door", language)


def test_the_page_for_the_code_of_a_new_telephone(client, owner, sign_in, texts, language):
    sign_in(owner)
    response = client.post(reverse("account_change_phone"), {"phone": "13900139000"}, follow=True)
    check(response, "door", language)


def test_without_a_gateway_the_telephone_can_not_be_changed(client, owner, sign_in, settings, language):
    settings.SMS_GATEWAY = ""
    sign_in(owner)
    check(client.get(reverse("account_change_phone")), "page", language)


def test_a_dead_link_for_a_new_password(client, db, language):
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": "x", "key": "y-z"})
    check(client.get(path), "door", language)


def test_the_page_for_the_second_factor(client, db, language):
    user = UserFactory(password=PASSWORD, language=language)
    Authenticator.objects.create(user=user, type="totp", data={"secret": "…"})
    response = client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD}, follow=True)
    check(response, "door", language)


def test_too_many_attempts(client, db, language):
    for _request in range(6):
        response = client.post(reverse("account_reset_password"), {"email": "a@example.com"})
    check(response, "door", language)
