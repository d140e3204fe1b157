import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user
from django.urls import reverse

from tests.accounts.conftest import PASSWORD, mailed_code, totp_of
from tests.factories import StaffFactory, UserFactory

TOTP = reverse("mfa_activate_totp")


def set_up_app(client):
    """Set the authenticator app up; returns its secret."""
    secret = client.get(TOTP).context["form"].secret
    assert client.post(TOTP, {"code": totp_of(secret)}).url == reverse("mfa_view_recovery_codes")
    return secret


class TestApp:
    def test_the_secret_is_not_stored_in_plain_text(self, client, sign_in, db):
        sign_in(UserFactory())
        secret = set_up_app(client)
        stored = Authenticator.objects.get(type="totp")
        assert secret not in str(stored.data)
        assert stored.wrap().validate_code(totp_of(secret))

    def test_a_changed_key_still_reads_what_the_old_one_wrote(self, client, sign_in, settings, db):
        sign_in(UserFactory())
        secret = set_up_app(client)
        settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "a new key"
        assert Authenticator.objects.get(type="totp").wrap().validate_code(totp_of(secret))

    @pytest.mark.parametrize("by_code", [False, True], ids=["after the password", "after a code by e-mail"])
    def test_its_code_is_asked_at_the_next_login(self, client, sign_in, db, time_machine, by_code):
        time_machine.move_to("2026-11-22T10:00:00Z")
        user = UserFactory()
        sign_in(user)
        secret = set_up_app(client)
        client.logout()
        time_machine.move_to("2026-11-22T10:10:00Z")
        if by_code:
            client.post(reverse("account_request_login_code"), {"login": user.email})
            response = client.post(reverse("account_confirm_login_code"), {"code": mailed_code()})
        else:
            response = sign_in(user)
        assert (response.url, get_user(client).is_authenticated) == (reverse("mfa_authenticate"), False)
        client.post(reverse("mfa_authenticate"), {"code": totp_of(secret)})
        assert get_user(client) == user

    def test_a_recovery_code_opens_once(self, client, sign_in, db):
        user = UserFactory()
        sign_in(user)
        set_up_app(client)
        code = client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"][0]
        for expected in (user, None):
            client.logout()
            sign_in(user)
            client.post(reverse("mfa_authenticate"), {"code": code})
            came_in = get_user(client)
            assert (came_in if came_in.is_authenticated else None) == expected


class TestStaff:
    @pytest.fixture(autouse=True)
    def _required(self, settings):
        settings.STAFF_SECOND_FACTOR = True

    @pytest.fixture
    def staff(self, db):
        return StaffFactory(everywhere=True)

    @pytest.mark.parametrize("path", ["/desk/", "/site/"])
    def test_without_an_app_they_set_one_up_first(self, client, staff, sign_in, path):
        sign_in(staff)
        assert client.get(path).url == reverse("mfa_activate_totp", query={"next": path})
        set_up_app(client)
        assert client.get(path).status_code == 200

    def test_a_login_by_code_is_only_the_first_factor(self, client, staff):
        client.post(reverse("account_request_login_code"), {"login": staff.email})
        client.post(reverse("account_confirm_login_code"), {"code": mailed_code()})
        assert client.get("/desk/").url == reverse("mfa_activate_totp", query={"next": "/desk/"})

    def test_a_session_from_before_shows_the_app_now(self, client, staff, sign_in, time_machine):
        time_machine.move_to("2026-11-22T10:00:00Z")
        sign_in(staff)
        secret = set_up_app(client)
        client.logout()
        client.force_login(staff)
        time_machine.move_to("2026-11-22T10:10:00Z")
        prove = client.get("/site/").url
        assert prove == reverse("mfa_reauthenticate", query={"next": "/site/"})
        assert client.post(prove, {"code": totp_of(secret)}).url == "/site/"
        assert client.get("/site/").status_code == 200

    def test_taking_the_app_off_closes_the_desk(self, client, staff, sign_in):
        sign_in(staff)
        set_up_app(client)
        client.post(reverse("mfa_deactivate_totp"))
        assert client.get("/desk/").url == reverse("mfa_activate_totp", query={"next": "/desk/"})

    def test_the_way_there_and_the_way_out_stay_open(self, client, staff, sign_in):
        sign_in(staff)
        assert client.get(TOTP).status_code == 200
        assert client.get("/my/").status_code != 302 or "mfa" not in client.get("/my/").url
        assert client.post(reverse("account_logout")).status_code == 302

    def test_owners_are_not_asked(self, client, sign_in, db):
        sign_in(UserFactory())
        assert "mfa" not in client.get("/site/").headers.get("Location", "")

    def test_where_it_is_not_required_staff_go_through(self, client, staff, sign_in, settings):
        settings.STAFF_SECOND_FACTOR = False
        sign_in(staff)
        assert client.get("/site/").status_code == 200


def test_the_password_alone_is_no_way_around(client, db, settings):
    """With an app set up, nothing is open between the password and the app's code."""
    settings.STAFF_SECOND_FACTOR = True
    staff = StaffFactory(everywhere=True, password=PASSWORD)
    Authenticator.objects.create(user=staff, type="totp", data={"secret": "irrelevant"})
    client.post(reverse("account_login"), {"login": staff.email, "password": PASSWORD})
    assert client.get("/site/").status_code == 302
    assert not get_user(client).is_authenticated
