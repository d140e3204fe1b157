"""Inviting owners from their file, and the logins of the staff."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.urls import reverse

from accounts.events.models import Event
from accounts.models import Invitation, User
from tests.factories import (
    NOW,
    TODAY,
    AssignmentFactory,
    HouseholdInvitationFactory,
    OwnerFactory,
    OwnershipFactory,
    StaffFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def newcomer(ours):
    """An owner of ours who has no login and no invitation."""
    return OwnershipFactory(home=ours.home, owner=OwnerFactory(user=None)).owner


@pytest.fixture
def service(client, ours):
    client.force_login(StaffFactory(group="Customer service", development=ours.development))
    return client


class TestInvite:
    def invite(self, client, owner, **form):
        return client.post(
            reverse("desk_owner:invite", args=[owner.pk]), {"channel": "email", "address": "new@example.com"} | form
        )

    @time_machine.travel(NOW, tick=False)
    def test_customer_service_invites_an_owner(self, service, newcomer):
        assert self.invite(service, newcomer)["Location"] == reverse("desk_owner:inspect", args=[newcomer.pk])
        invitation = Invitation.objects.get(owner=newcomer)
        assert (invitation.address, invitation.expires_at) == ("new@example.com", NOW + timedelta(days=14))

    def test_a_wrong_address_is_refused_in_words(self, service, newcomer):
        self.invite(service, newcomer, address="not an address")
        page = service.get(reverse("desk_owner:inspect", args=[newcomer.pk]))
        assert (Invitation.objects.count(), len(list(page.context["messages"]))) == (0, 1)

    def test_an_owner_with_a_login_is_not_invited(self, service, ours):
        self.invite(service, ours.owner)
        assert Invitation.objects.count() == 0
        assert b"desk_owner:invite" not in service.get(reverse("desk_owner:inspect", args=[ours.owner.pk])).content

    @time_machine.travel(NOW)
    def test_send_again_makes_a_new_link(self, service, invited):
        url = reverse("desk_owner:invitation_resend", args=[invited.owner.pk, invited.pk])
        assert service.get(url).status_code == 405
        service.post(url)
        invited.refresh_from_db()
        assert invited.version == 2

    @time_machine.travel(NOW)
    def test_take_back_revokes(self, service, invited):
        service.post(reverse("desk_owner:invitation_revoke", args=[invited.owner.pk, invited.pk]))
        invited.refresh_from_db()
        assert invited.state(at=NOW) == "revoked"

    def test_strangers_to_the_development_and_site_managers_find_nothing(self, client, ours, theirs, newcomer, invited):
        urls = [
            reverse("desk_owner:invite", args=[newcomer.pk]),
            reverse("desk_owner:invitation_resend", args=[invited.owner.pk, invited.pk]),
            reverse("desk_owner:invitation_revoke", args=[invited.owner.pk, invited.pk]),
        ]
        for person in (
            StaffFactory(group="Customer service", development=theirs.development),
            StaffFactory(group="Site managers", development=ours.development),
        ):
            client.force_login(person)
            assert [client.post(url, {"channel": "email", "address": "x@example.com"}).status_code for url in urls] == [
                404
            ] * 3

    def test_an_invitation_of_somebody_else_is_not_found_under_ones_own_owner(self, service, newcomer, invited):
        assert service.post(reverse("desk_owner:invitation_revoke", args=[newcomer.pk, invited.pk])).status_code == 404

    def test_opening_the_file_is_logged(self, service, ours):
        service.get(reverse("desk_owner:inspect", args=[ours.owner.pk]))
        assert Event.objects.get(verb="looked at").subject_id == str(ours.owner.pk)


class TestLogins:
    @pytest.fixture
    def colleague(self, ours):
        return StaffFactory(group="Site managers", name="Colleague", development=ours.development)

    def edit(self, client, user, **form):
        data = {"name": user.name, "language": "en"} | form
        return client.post(reverse("wagtailusers_users:edit", args=[user.pk]), data)

    def test_the_list_has_staff_only_and_no_administrators(self, desk, supervisor, ours, colleague):
        admin = User.objects.create_superuser("admin@example.com")
        listed = list(desk.get(reverse("wagtailusers_users:index")).context["object_list"])
        named = ours.rows["desk_card"].user
        assert sorted(listed, key=str) == sorted([supervisor, colleague, named], key=str)
        for user in (ours.owner.user, admin):
            assert desk.get(reverse("wagtailusers_users:edit", args=[user.pk])).status_code == 404

    def test_a_supervisor_gives_groups_but_neither_addresses_nor_administration(self, desk, colleague):
        group = Group.objects.get(name="Customer service")
        self.edit(desk, colleague, groups=[group.pk], email="mine@example.com", is_superuser="on", password1="x")
        after = User.objects.get(pk=colleague.pk)
        assert (list(after.groups.all()), after.email, after.is_superuser) == ([group], colleague.email, False)
        assert Event.objects.get(subject_id=str(colleague.pk), verb="changed")

    @pytest.mark.parametrize("also_here", [False, True])
    def test_who_also_works_elsewhere_is_not_a_supervisor_of_here_s_to_change(self, desk, ours, theirs, also_here):
        elsewhere = StaffFactory(group="Site managers", development=theirs.development)
        if also_here:
            AssignmentFactory(user=elsewhere, development=ours.development)
        assert self.edit(desk, elsewhere).status_code == 404
        assert User.objects.get(pk=elsewhere.pk).groups.exists()

    def test_nobody_promotes_themselves(self, desk, supervisor):
        self.edit(desk, supervisor, groups=[group.pk for group in Group.objects.all()], is_superuser="on")
        after = User.objects.get(pk=supervisor.pk)
        assert (after.is_active, [group.name for group in after.groups.all()], after.is_superuser) == (
            True,
            ["Supervisors"],
            False,
        )

    def test_an_administrator_makes_an_administrator(self, client, colleague):
        client.force_login(User.objects.create_superuser("admin@example.com"))
        self.edit(client, colleague, is_superuser="on")
        assert User.objects.get(pk=colleague.pk).is_superuser

    def test_no_login_is_created_or_deleted_there(self, desk, colleague):
        paths = ["/desk/users/new/", f"/desk/users/delete/{colleague.pk}/", f"/desk/users/usage/{colleague.pk}/"]
        assert [desk.get(path).status_code for path in paths] == [404] * 3
        assert [desk.post(path, {"email": "new@example.com"}).status_code for path in paths] == [404] * 3
        assert not User.objects.filter(email="new@example.com").exists()

    def test_groups_are_for_administrators(self, desk):
        assert desk.get("/desk/groups/")["Location"] == "/desk/"

    @pytest.mark.parametrize("group", ["Site managers", "Customer service", "Marketing"])
    def test_other_groups_find_no_logins(self, client, group, colleague):
        client.force_login(StaffFactory(group=group, everywhere=True))
        paths = [
            reverse("wagtailusers_users:index"),
            reverse("wagtailusers_users:invite"),
            reverse("wagtailusers_users:edit", args=[colleague.pk]),
            reverse("wagtailusers_users:history", args=[colleague.pk]),
        ]
        assert [client.get(path).status_code for path in paths] == [404] * 4

    def test_a_supervisor_invites_staff(self, desk):
        group = Group.objects.get(name="Site managers")
        form = {"name": "Ye Fan", "email": "ye@example.com", "groups": [group.pk], "since": "2026-11-22"}
        assert desk.post(reverse("wagtailusers_users:invite"), form).status_code == 302
        invitation = Invitation.objects.get(owner=None)
        assert (invitation.address, list(invitation.groups.all())) == ("ye@example.com", [group])

    def test_a_name_of_two_lines_is_refused(self, desk):
        group = Group.objects.get(name="Site managers")
        form = {"name": "Ye\nFan", "email": "ye@example.com", "groups": [group.pk], "since": "2026-11-22"}
        assert desk.post(reverse("wagtailusers_users:invite"), form).status_code == 200
        assert not Invitation.objects.exists()

    def test_a_person_without_groups_is_not_among_the_staff(self, desk):
        assert desk.get(reverse("wagtailusers_users:edit", args=[UserFactory().pk])).status_code == 404


def test_a_right_ended_by_hand_ends_the_invitations_of_its_holder(desk, ours):
    tie = HouseholdInvitationFactory(home=ours.home, invited_by=ours.owner)
    ownership = ours.rows["desk_ownership"]
    form = {"home": ours.home.pk, "owner": ours.owner.pk, "role": ownership.role, "since": ownership.since}
    with time_machine.travel(NOW):
        desk.post(reverse("desk_ownership:edit", args=[ownership.pk]), form | {"until": TODAY})
    tie.invitation.refresh_from_db()
    assert tie.invitation.state(at=NOW) == "revoked"
