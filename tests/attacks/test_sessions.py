"""Sessions, second factors and codes: fixed, stolen, shown twice, kept open."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user
from django.test import Client
from django.urls import reverse

from tests.accounts.conftest import PASSWORD, mailed_code, totp_of
from tests.factories import NOW, InvitationFactory, OwnershipFactory, StaffFactory, UserFactory

pytestmark = pytest.mark.django_db
TOTP = reverse("mfa_activate_totp")
LATER = NOW + timedelta(minutes=10)


def log_in(client, user):
    if not user.check_password(PASSWORD):
        user.set_password(PASSWORD)
        user.save()
    return client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})


def set_up_app(client):
    secret = client.get(TOTP).context["form"].secret
    client.post(TOTP, {"code": totp_of(secret)})
    return secret


def is_in(client):
    return get_user(client).is_authenticated


class TestFixation:
    """A session id that somebody planted in a browser is another one after the person came in."""

    @pytest.fixture
    def planted(self, client):
        session = client.session
        session["planted"] = True
        session.save()
        client.cookies["sessionid"] = session.session_key
        return session.session_key

    def test_at_log_in(self, client, planted):
        log_in(client, UserFactory())
        assert is_in(client)
        assert client.session.session_key != planted

    def test_at_log_in_by_code(self, client, planted):
        user = UserFactory()
        client.post(reverse("account_request_login_code"), {"login": user.email})
        client.post(reverse("account_confirm_login_code"), {"code": mailed_code()})
        assert is_in(client)
        assert client.session.session_key != planted

    def test_at_an_invitation(self, client, planted, time_machine):
        time_machine.move_to(NOW)
        client.post(InvitationFactory().path, {"password": "", "language": "en"})
        assert is_in(client)
        assert client.session.session_key != planted

    def test_whoever_logs_out_leaves_nothing(self, client):
        log_in(client, UserFactory())
        cookie = client.cookies["sessionid"].value
        client.post(reverse("account_logout"))
        client.cookies["sessionid"] = cookie
        assert not is_in(client)


class TestOpenSessions:
    def test_those_elsewhere_end_with_a_new_password(self, client):
        user, elsewhere = UserFactory(), Client()
        log_in(client, user)
        log_in(elsewhere, user)
        new = "another lantern, another eave"
        data = {"oldpassword": PASSWORD, "password1": new, "password2": new}
        client.post(reverse("account_change_password"), data)
        assert (is_in(client), is_in(elsewhere)) == (True, False)

    @pytest.mark.parametrize("path", ["/my/", "/my/profile/", "/account/email/"])
    def test_those_of_a_closed_login_end_at_once(self, client, path):
        ownership = OwnershipFactory()
        log_in(client, ownership.owner.user)
        assert client.get(path).status_code == 200
        type(ownership.owner.user).objects.filter(pk=ownership.owner.user_id).update(is_active=False)
        assert client.get(path).url.startswith("/account/login/")

    def test_a_closed_member_of_staff_posts_nothing_more(self, client):
        staff = StaffFactory(everywhere=True)
        client.force_login(staff)
        type(staff).objects.update(is_active=False)
        for path in ("/site/updates/new/", "/desk/site/updates/new/", "/desk/home/new/", "/desk/"):
            assert client.post(path).url.startswith("/account/login/"), path

    def test_a_profile_saved_while_the_login_is_being_closed_does_not_open_it_again(self, client, monkeypatch):
        user = OwnershipFactory().owner.user
        client.force_login(user)
        from portal.home import forms

        def closed_meanwhile(form):
            type(user).objects.filter(pk=user.pk).update(is_active=False)
            return form.cleaned_data

        monkeypatch.setattr(forms.ProfileForm, "clean", closed_meanwhile)
        client.post(reverse("home:profile"), {"name": "Me", "language": "en"})
        user.refresh_from_db()
        assert (user.name, user.is_active) == ("Me", False)


class TestCodesShownTwice:
    """A code of the app is good for 90 seconds, since clocks differ, and opens once in all of them."""

    @pytest.mark.parametrize("seconds", [1, 25, 31, 55])
    def test_one_that_was_used_opens_nothing(self, client, time_machine, seconds):
        time_machine.move_to(NOW, tick=False)
        user = UserFactory()
        log_in(client, user)
        secret = set_up_app(client)
        time_machine.move_to(LATER, tick=False)
        code, onlooker = totp_of(secret), Client()
        # The telephone's clock is up to 30 seconds ahead or behind; so the code lives on.
        for browser, expected in ((client, True), (onlooker, False)):
            browser.logout()
            log_in(browser, user)
            browser.post(reverse("mfa_authenticate"), {"code": code})
            assert is_in(browser) == expected
            time_machine.shift(seconds)

    def test_the_one_that_set_the_app_up_opens_nothing(self, client, time_machine):
        time_machine.move_to(NOW, tick=False)
        user = UserFactory()
        log_in(client, user)
        code = totp_of(set_up_app(client))
        onlooker = Client()
        log_in(onlooker, user)
        onlooker.post(reverse("mfa_authenticate"), {"code": code})
        assert not is_in(onlooker)

    def test_another_persons_code_of_the_same_digits_is_theirs(self):
        from accounts.codes import use_once

        first, second = UserFactory(), UserFactory()
        assert (use_once(first, "123 456"), use_once(second, "123456"), use_once(first, "123456")) == (
            True,
            True,
            False,
        )


class TestAroundTheSecondFactor:
    @pytest.fixture(autouse=True)
    def _required(self, settings):
        settings.STAFF_SECOND_FACTOR = True

    PATHS = ("/site/", "/site/updates/new/", "/desk/", "/desk/site/updates/new/", "/desk/home/new/", "/desk/account/")

    def assert_closed(self, client, where="mfa_"):
        for path in self.PATHS:
            for method in ("get", "post", "put", "head"):
                for headers in ({}, {"HX-Request": "true"}, {"X-Requested-With": "XMLHttpRequest"}):
                    response = getattr(client, method)(path, headers=headers)
                    assert response.status_code == 302, (path, method)
                    assert response.url.startswith("/account/2fa/"), (path, method)

    def test_by_invitation(self, client, time_machine):
        from django.contrib.auth.models import Group

        time_machine.move_to(NOW)
        invitation = InvitationFactory(owner=None, name="New")
        invitation.groups.set(Group.objects.filter(name="Supervisors"))
        client.post(invitation.path, {"password": "", "language": "en"})
        assert is_in(client)
        self.assert_closed(client)

    def test_by_password(self, client):
        log_in(client, StaffFactory(everywhere=True))
        self.assert_closed(client)

    def test_by_a_new_password(self, client, mailoutbox):
        staff = StaffFactory(everywhere=True)
        log_in(client, staff)
        set_up_app(client)
        client.logout()
        client.post(reverse("account_reset_password"), {"email": staff.email})
        link = next(word for word in mailoutbox[-1].body.split() if "/password/reset/key/" in word)
        page = client.get("/" + link.split("/", 3)[3], follow=True)
        new = "another lantern, another eave"
        client.post(page.redirect_chain[-1][0], {"password1": new, "password2": new})
        assert not is_in(client)
        client.post(reverse("account_login"), {"login": staff.email, "password": new})
        assert not is_in(client)
        assert client.get("/desk/").url.startswith("/account/login/")

    def test_a_session_from_before_takes_no_app_off_and_reads_no_recovery_code(self, client):
        staff = StaffFactory(everywhere=True)
        log_in(client, staff)
        set_up_app(client)
        stolen = Client()
        stolen.force_login(staff)
        for name in ("mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes", TOTP):
            path = name if name.startswith("/") else reverse(name)
            for method in ("get", "post"):
                assert getattr(stolen, method)(path).status_code in {302, 405}, name
        assert staff.authenticator_set.filter(type="totp").exists()

    def test_a_photo_of_the_desk_is_behind_it_too(self, client):
        """Staff see drafts' and others' photos only where the second factor was asked."""
        from progress.updates.models import UpdatePhoto
        from tests.factories import HomeFactory, PrivateFileFactory, UpdateFactory

        home = HomeFactory()
        update = UpdateFactory(development=home.development, homes=[home])
        photo = UpdatePhoto.objects.create(update=update, file=PrivateFileFactory(), order=0)
        log_in(client, StaffFactory(everywhere=True))
        assert client.get(reverse("home:photo-file", args=[photo.pk, "thumb"])).status_code == 404
        assert client.get(reverse("site:photo-file", args=[photo.pk, "thumb"])).status_code == 302


def test_the_number_of_a_closed_login_can_not_be_taken_over(client, texts):
    """Nobody is told whose it was, and nothing breaks."""
    UserFactory(email=None, phone="+8613800001111", is_active=False)
    user = UserFactory()
    log_in(client, user)
    client.post(reverse("account_change_phone"), {"phone": "138 0000 1111"})
    sent = texts()
    from tests.accounts.conftest import code_in

    code = code_in(sent[-1][1]) if sent else "000000"
    response = client.post(reverse("account_verify_phone"), {"code": code})
    user.refresh_from_db()
    assert (response.status_code < 500, user.phone) == (True, None)
