"""The Wagtail admin's own doors."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.factories import StaffFactory

pytestmark = pytest.mark.django_db

LOGIN = "/account/login/?next="


@pytest.fixture
def manager():
    return StaffFactory(group="Site managers", everywhere=True, password="a-Long-Passphrase-9")


def logged_in(client):
    return "_auth_user_id" in client.session


@pytest.mark.parametrize("path", ["/desk/", "/desk/home/", "/desk/pages/", "/desk/nothing-here/", "/desk/sprite/"])
def test_nobody_is_sent_to_the_one_log_in(client, path):
    assert client.get(path)["Location"] == LOGIN + path


def test_wagtails_log_in_leads_to_the_one_log_in(client):
    assert client.get("/desk/login/", {"next": "/desk/home/"})["Location"] == LOGIN + "/desk/home/"
    assert reverse("wagtailadmin_login") == "/desk/login/"


@pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)"])
def test_it_does_not_lead_elsewhere(client, target):
    assert client.get("/desk/login/", {"next": target})["Location"] == LOGIN + "/desk/"


def test_a_password_posted_to_wagtails_log_in_opens_nothing(client, manager):
    response = client.post("/desk/login/", {"username": manager.email, "password": "a-Long-Passphrase-9"})
    assert response["Location"] == LOGIN + "/desk/"
    assert not logged_in(client)


@pytest.mark.parametrize("path", ["/en/_util/login/", "/zh-hans/_util/login/"])
def test_wagtails_log_in_for_private_pages_opens_nothing(client, manager, path):
    assert client.get(path, {"next": "/desk/home/"})["Location"] == LOGIN + "/desk/home/"
    response = client.post(path, {"username": manager.email, "password": "a-Long-Passphrase-9"})
    assert (response["Location"], logged_in(client)) == (LOGIN + "/desk/", False)


@pytest.mark.parametrize("path", ["", "done/", "confirm/MQ/set-password/", "complete/"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_wagtails_password_reset_is_gone(client, manager, mailoutbox, path, method):
    response = getattr(client, method)(f"/desk/password_reset/{path}", {"email": manager.email})
    assert (response.status_code, mailoutbox) == (404, [])


def test_a_login_without_the_desk_is_not_sent_in_a_circle(client, stranger):
    client.force_login(stranger)
    assert [client.get(path).status_code for path in ("/desk/", "/desk/home/", "/desk/account/")] == [404] * 3


def test_logging_out_of_the_desk_is_logging_out(client, manager):
    client.force_login(manager)
    assert reverse("wagtailadmin_logout") == "/desk/logout/"
    client.get("/desk/logout/")
    assert logged_in(client)
    client.post("/desk/logout/")
    assert not logged_in(client)


def test_logging_out_needs_the_token(manager):
    client = Client(enforce_csrf_checks=True)
    client.force_login(manager)
    assert client.post("/desk/logout/").status_code == 403
    assert logged_in(client)


class TestAccount:
    def test_the_account_page_has_no_password_and_no_address(self, client, manager):
        client.force_login(manager)
        html = client.get("/desk/account/").content.decode()
        assert ['type="password"' in html, 'type="email"' in html, "avatar" in html and 'type="file"' in html] == [
            False,
            False,
            False,
        ]

    def test_what_is_posted_there_changes_neither_password_nor_address(self, client, manager):
        client.force_login(manager)
        form = {
            "person-name": "Ye Fan",
            "person-language": "zh-hans",
            "person-email": "taken@example.com",
            "person-is_superuser": "on",
            "name_email-email": "taken@example.com",
            "password-old_password": "a-Long-Passphrase-9",
            "password-new_password1": "another-Passphrase-9",
            "password-new_password2": "another-Passphrase-9",
            "messages-duties-email": "now",
            "messages-desk-email": "now",
            "messages-desk-sms": "now",
            "theme-theme": "dark",
            "theme-contrast": "system",
            "theme-density": "default",
            "theme-keyboard_shortcuts": "on",
        }
        assert client.post("/desk/account/", form).status_code == 302
        after = User.objects.get(pk=manager.pk)
        assert (after.name, after.language, after.email) == ("Ye Fan", "zh-hans", manager.email)
        assert after.check_password("a-Long-Passphrase-9")
        assert not after.is_superuser
