"""Colleagues who want more than they have, and people who should be gone."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth import get_user
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from accounts.actions import AccountError, accept_invitation
from accounts.leaving import leave
from accounts.models import Invitation, User
from progress.models import Assignment
from progress.staff.actions import Post, invite_colleague
from progress.staff.models import StaffInvitation
from tests.factories import NOW, TODAY, DevelopmentFactory, StaffFactory, StaffInvitationFactory, UserFactory

PASSWORD = "lantern under the eaves"


def url(name, row):
    return reverse(f"wagtailusers_users:{name}", args=[row.pk])


@pytest.fixture
def here(db):
    return DevelopmentFactory()


@pytest.fixture
def boss(here):
    return StaffFactory(group="Supervisors", development=here)


@pytest.fixture
def desk(client, boss):
    client.force_login(boss)
    return client


class TestLeavers:
    @pytest.fixture
    def leaver(self, here):
        user = StaffFactory(group="Supervisors", development=here, password=PASSWORD)
        user.emailaddress_set.create(email=user.email, verified=True, primary=True)
        return user

    def test_each_of_their_browsers_is_out_at_the_next_click(self, leaver, boss):
        browsers = [Client(), Client()]
        for browser in browsers:
            browser.post(reverse("account_login"), {"login": leaver.email, "password": PASSWORD})
            assert browser.get("/site/").status_code == 200
        leave(leaver, by=boss, at=NOW)
        assert [browser.get("/site/").url.split("?")[0] for browser in browsers] == [reverse("account_login")] * 2
        assert not UserSession.objects.filter(user=leaver).exists()

    def test_a_session_kept_aside_does_not_come_to_life_when_they_come_back(self, client, leaver, boss):
        client.force_login(leaver)
        leave(leaver, by=boss, at=NOW)
        User.objects.filter(pk=leaver.pk).update(is_active=True)
        assert not get_user(client).is_authenticated

    @pytest.mark.parametrize("way", ["password", "code", "reset"])
    def test_no_way_leads_back_in(self, client, leaver, boss, mailoutbox, way):
        leave(leaver, by=boss, at=NOW)
        pages = {
            "password": (reverse("account_login"), {"login": leaver.email, "password": PASSWORD}),
            "code": (reverse("account_request_login_code"), {"login": leaver.email}),
            "reset": (reverse("account_reset_password"), {"email": leaver.email}),
        }
        page, form = pages[way]
        client.post(page, form)
        assert not get_user(client).is_authenticated
        assert not [mail for mail in mailoutbox if any(part.isdigit() and len(part) == 6 for part in mail.body.split())]

    def test_whom_they_sent_themselves_at_another_address_stays_outside(self, leaver, boss, here):
        post = Post("supervisor", here, TODAY)
        promise = invite_colleague(
            email="private@example.com",
            name="Me Again",
            groups=[Group.objects.get(name="Supervisors")],
            posts=[post],
            by=leaver,
            at=NOW,
        )
        leave(leaver, by=boss, at=NOW)
        with pytest.raises(AccountError):
            accept_invitation(promise.invitation, password=None, language="en", at=NOW)
        assert not User.objects.filter(email="private@example.com").exists()


class TestMoreThanTheyHave:
    def test_a_supervisor_of_one_place_neither_promotes_nor_sends_elsewhere(self, desk, here):
        other, colleague = DevelopmentFactory(), StaffFactory(development=here)
        groups = [group.pk for group in Group.objects.all()]
        desk.post(url("edit", colleague), {"name": "x", "language": "en", "groups": groups, "is_superuser": "on"})
        group = Group.objects.get(name="Supervisors").pk
        place = {"role": "supervisor", "since": "2026-11-22"}
        for more in ({"developments": [other.pk]}, {"everywhere": "on"}, {"developments": [here.pk, other.pk]}):
            form = {"name": "New", "email": "new@example.com", "groups": [group]}
            desk.post(reverse("wagtailusers_users:invite"), form | place | more)
        for development in (other.pk, ""):
            desk.post(reverse("desk_assignment:add"), {"user": colleague.pk, "development": development} | place)
        after = User.objects.get(pk=colleague.pk)
        assert (after.is_superuser, [each.name for each in after.groups.all()]) == (False, ["Site managers"])
        assert (Invitation.objects.count(), Assignment.objects.exclude(development=here).count()) == (0, 0)

    def test_an_invitation_is_not_sent_again_by_whoever_may_not_promise_it(self, desk):
        high = StaffInvitationFactory(administrator=True)
        for what in ("resend", "revoke"):
            assert desk.post(url(f"invitation_{what}", high)).status_code == 404
        assert StaffInvitation.objects.waiting().get().invitation.version == 1

    def test_one_s_own_rights_are_not_in_the_form(self, desk, boss):
        groups = [group.pk for group in Group.objects.all()]
        desk.post(url("edit", boss), {"name": "x", "language": "en", "groups": groups, "is_superuser": "on"})
        after = User.objects.get(pk=boss.pk)
        assert (after.is_superuser, [each.name for each in after.groups.all()]) == (False, ["Supervisors"])

    def test_owners_are_not_reached_through_the_pages_of_colleagues(self, desk):
        owner = UserFactory()
        Authenticator.objects.create(user=owner, type="totp", data={"secret": "x"})
        pages = ("leave", "access", "log_out", "reset", "work", "come_back")
        assert [desk.post(url(page, owner)).status_code for page in pages] == [404] * 6
        assert Authenticator.objects.filter(user=owner).exists()

    def test_a_link_that_was_used_gives_nothing_a_second_time(self, client, boss, here):
        post = Post("site_manager", here, TODAY)
        promise = invite_colleague(email="n@example.com", name="N", groups=[], posts=[post], by=boss, at=NOW)
        user = accept_invitation(promise.invitation, password=None, language="en", at=NOW)
        user.assignments.all().delete()
        with pytest.raises(AccountError):
            accept_invitation(promise.invitation, password=None, language="en", at=NOW, by=user)
        assert not user.assignments.exists()
