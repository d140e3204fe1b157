"""Inviting colleagues: what is promised, by whom, and what becomes of it when they accept."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command

from accounts.actions import AccountError, accept_invitation, revoke_invitation
from accounts.events.models import Event
from accounts.models import Invitation, User
from accounts.notices.models import Notice
from progress.models import Assignment, RightState
from progress.staff.actions import Post, invite_colleague, resend_to_colleague
from progress.staff.models import StaffInvitation
from tests.factories import (
    NOW,
    TODAY,
    DevelopmentFactory,
    OwnerFactory,
    StaffFactory,
    StaffInvitationFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def here():
    return DevelopmentFactory()


@pytest.fixture
def supervisor(here):
    return StaffFactory(group="Supervisors", development=here)


@pytest.fixture
def admin():
    return User.objects.create_superuser("admin@example.com")


def group(name):
    return Group.objects.get(name=name)


def invite(by, *, groups=("Site managers",), places=(), until=None, since=TODAY, email="ye@example.com", **more):
    posts = [Post("site_manager", place, since, until) for place in places]
    return invite_colleague(
        email=email, name="Ye Fan", groups=[group(name) for name in groups], posts=posts, by=by, at=NOW, **more
    )


def accept(promise, *, at=NOW, by=None):
    return accept_invitation(promise.invitation, password=None, language="en", at=at, by=by)


def places_of(user):
    return [(each.development, each.state) for each in user.assignments.all()]


class TestAccepting:
    def test_groups_and_places_are_theirs_at_once(self, supervisor, here):
        user = accept(invite(supervisor, places=[here]))
        assert (list(user.groups.all()), places_of(user)) == ([group("Site managers")], [(here, RightState.LIVE)])
        assert not user.is_superuser

    def test_nothing_is_theirs_before(self, supervisor, here):
        invite(supervisor, places=[here])
        assert Assignment.objects.exclude(user=supervisor).count() == 0

    def test_a_place_from_next_week_begins_next_week(self, supervisor, here):
        user = accept(invite(supervisor, places=[here], since=TODAY + 7 * DAY))
        assert places_of(user) == [(here, RightState.PENDING)]

    def test_accepted_late_the_place_begins_that_day(self, supervisor, here):
        user = accept(invite(supervisor, places=[here]), at=NOW + 3 * DAY)
        assert user.assignments.get().since == TODAY + 3 * DAY

    def test_a_place_that_is_over_by_then_is_not_given(self, supervisor, here):
        user = accept(invite(supervisor, places=[here], until=TODAY + DAY), at=NOW + 3 * DAY)
        assert places_of(user) == []

    def test_several_places_and_all_places(self, admin, here):
        two = accept(invite(admin, places=[here, DevelopmentFactory()]))
        everywhere = accept(invite(admin, places=[None], email="all@example.com"))
        assert (two.assignments.count(), places_of(everywhere)) == (2, [(None, RightState.LIVE)])

    def test_an_owner_is_staff_with_the_same_login(self, admin, here):
        owner = OwnerFactory(user=UserFactory(email="ye@example.com")).user
        promise = invite(admin, places=[here])
        assert accept(promise, by=owner) == owner
        assert places_of(owner) == [(here, RightState.LIVE)]

    def test_a_place_they_have_is_not_given_twice(self, supervisor, here):
        user = accept(invite(supervisor, places=[here]))
        accept(invite(supervisor, places=[here]), by=user)
        assert user.assignments.count() == 1

    @pytest.mark.parametrize("fall", ["leaves", "loses the place", "loses the group"])
    def test_a_promise_of_somebody_who_may_no_longer_make_it_is_not_kept(self, supervisor, here, fall):
        promise = invite(supervisor, places=[here])
        if fall == "leaves":
            User.objects.filter(pk=supervisor.pk).update(is_active=False)
        elif fall == "loses the place":
            supervisor.assignments.update(state=RightState.ENDED, until=TODAY)
        else:
            supervisor.groups.clear()
        with pytest.raises(AccountError, match="no longer holds"):
            accept(promise)
        assert not User.objects.filter(email="ye@example.com").exists()

    def test_an_administrator_is_made_by_an_administrator_s_word(self, admin):
        user = accept(invite(admin, administrator=True))
        assert user.is_superuser
        assert Event.objects.get(verb="made administrator").actor == admin


class TestPromising:
    def refused(self, by, **promise):
        with pytest.raises(AccountError, match="rights that you don't have"):
            invite(by, **promise)
        return not Invitation.objects.exists()

    def test_a_supervisor_of_one_place_promises_no_other_and_not_all(self, supervisor, here):
        assert self.refused(supervisor, places=[here, DevelopmentFactory()])
        assert self.refused(supervisor, places=[None])

    def test_who_works_everywhere_sends_everywhere(self):
        assert invite(StaffFactory(group="Supervisors", everywhere=True), places=[None]).posts.count() == 1

    def test_a_group_that_may_more_is_not_given(self, supervisor):
        assert self.refused(supervisor, groups=["Marketing"])
        assert invite(supervisor, groups=["Site managers", "Customer service", "Supervisors"])

    def test_a_supervisor_makes_no_administrators(self, supervisor):
        assert self.refused(supervisor, administrator=True)

    @pytest.mark.parametrize("name", ["Site managers", "Customer service", "Marketing"])
    def test_the_other_groups_invite_nobody(self, name, here):
        assert self.refused(StaffFactory(group=name, development=here), groups=[name])

    def test_a_second_invitation_takes_the_first_back(self, supervisor, here):
        first, second = invite(supervisor, places=[here]), invite(supervisor)
        first.invitation.refresh_from_db()
        assert (first.invitation.state(at=NOW), second.invitation.state(at=NOW)) == ("revoked", "open")

    def test_a_closed_login_is_opened_first(self, supervisor):
        UserFactory(email="ye@example.com", is_active=False)
        with pytest.raises(AccountError, match="closed login"):
            invite(supervisor)

    def test_whoever_sends_it_again_answers_for_it(self, supervisor, admin, here):
        promise = invite(supervisor, places=[here])
        resend_to_colleague(promise, by=admin, at=NOW)
        supervisor.groups.clear()
        assert accept(promise).is_active

    def test_nobody_sends_again_what_they_could_not_promise(self, supervisor, admin):
        promise = invite(admin, administrator=True)
        with pytest.raises(AccountError, match="rights that you don't have"):
            resend_to_colleague(promise, by=supervisor, at=NOW)

    def test_taken_back_it_gives_nothing(self, supervisor, here):
        promise = invite(supervisor, places=[here])
        revoke_invitation(promise.invitation, by=supervisor, at=NOW)
        with pytest.raises(AccountError, match="no longer open"):
            accept(promise)


class TestScope:
    def test_open_invitations_are_seen_where_they_lead(self, supervisor, admin, here):
        there = DevelopmentFactory()
        ours, theirs = StaffInvitationFactory(places=[here]), StaffInvitationFactory(places=[there])
        both, mine = StaffInvitationFactory(places=[here, there]), StaffInvitationFactory(invited_by=supervisor)
        high = StaffInvitationFactory(administrator=True, places=[here])
        everywhere = StaffFactory(group="Supervisors", everywhere=True)

        def seen(user):
            return set(StaffInvitation.objects.for_user(user))

        assert seen(supervisor) == {ours, mine}
        assert seen(everywhere) == {ours, theirs, both, mine}
        assert seen(admin) == {ours, theirs, both, mine, high}
        assert seen(StaffFactory(group="Site managers", everywhere=True)) == set()


class TestCommand:
    def run(self, capsys, *arguments, email="first@example.com"):
        call_command("invite_administrator", email, "--name", "The First", *arguments)
        return capsys.readouterr().out

    @time_machine.travel(NOW)
    def test_the_first_administrator_is_invited_and_the_link_is_printed(self, capsys, settings):
        printed = self.run(capsys)
        promise = StaffInvitation.objects.get()
        assert settings.BASE_URL + promise.invitation.path in printed
        assert Notice.objects.filter(kind="invitation", channel="email").count() == 1
        user = accept(promise)
        assert (user.is_superuser, list(user.groups.all()), places_of(user)) == (
            True,
            [group("Supervisors")],
            [(None, RightState.LIVE)],
        )

    def test_a_second_run_is_refused_until_it_says_again(self, capsys):
        first = self.run(capsys)
        with pytest.raises(CommandError, match="invited already"):
            self.run(capsys)
        again = self.run(capsys, "--again")
        assert (Invitation.objects.count(), first == again) == (1, False)

    def test_an_administrator_is_not_invited_once_more(self, admin):
        with pytest.raises(CommandError, match="administrator already"):
            call_command("invite_administrator", admin.email, "--name", "x")

    @pytest.mark.parametrize(("email", "name"), [("nonsense", "x"), ("a@example.com", " "), ("a@example.com", "x\ny")])
    def test_what_is_no_address_or_name_is_refused_in_words(self, email, name):
        with pytest.raises(CommandError):
            call_command("invite_administrator", email, "--name", name)
        assert not Invitation.objects.exists()
