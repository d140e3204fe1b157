"""A colleague leaves: what ends, what stays, who takes over, and that the house is never without an administrator."""

from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group
from django.db import OperationalError, transaction
from django.urls import reverse

from accounts.actions import AccountError, invite_owner, revoke_invitation
from accounts.events.models import Event
from accounts.leaving import come_back, hand_over, has_left, leave, work_of
from accounts.models import Invitation, User
from accounts.privacy.erasure import carry_out
from accounts.staff import change_rights, take_off_second_factors
from portal.desk.colleagues import former_colleagues_of
from progress.imports.models import ImportRun
from progress.models import RightState
from progress.staff import leaving as staff_leaving
from progress.updates.models import Update
from tests.concurrency import all_at_once, without_locks
from tests.factories import (
    NOW,
    TODAY,
    AssignmentFactory,
    DevelopmentFactory,
    DocumentBatchFactory,
    ErasureRequestFactory,
    HomeTransferFactory,
    OwnerFactory,
    OwnershipFactory,
    ReplyFactory,
    StaffFactory,
    StaffInvitationFactory,
    UpdateFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    return DevelopmentFactory()


@pytest.fixture
def boss(here):
    return StaffFactory(group="Supervisors", development=here)


@pytest.fixture
def colleague(here):
    return StaffFactory(group="Site managers", development=here)


@pytest.fixture
def admin():
    return User.objects.create_superuser("admin@example.com")


def gone(user, *, by, **more):
    leave(user, by=by, at=NOW, **more)
    return User.objects.get(pk=user.pk)


def titles(user, *, viewer=None):
    viewer = viewer or User(is_superuser=True)
    return [words for _label, pieces, _more in work_of(user, viewer=viewer) for words, _url in pieces]


def elsewhere(user, *, viewer):
    """How many there are that the viewer may not see."""
    return sum(more for _label, _pieces, more in work_of(user, viewer=viewer))


class TestLeaving:
    def test_login_rights_and_keys_end(self, colleague, boss):
        Authenticator.objects.create(user=colleague, type="totp", data={"secret": "x"})
        after = gone(colleague, by=boss)
        assert (after.is_active, after.has_usable_password(), list(after.groups.all())) == (False, False, [])
        assert has_left(after)
        assert not Authenticator.objects.exists()
        assert Event.objects.get(verb="left").actor == boss

    def test_assignments_end_today_and_later_ones_never_begin(self, colleague, boss, here):
        later = AssignmentFactory(user=colleague, development=here, since=TODAY.replace(day=30), state="pending")
        gone(colleague, by=boss)
        ends = {each.until for each in colleague.assignments.all()}
        assert (ends, later in colleague.assignments.live()) == ({TODAY, later.since}, False)
        assert {each.state for each in colleague.assignments.all()} == {RightState.ENDED}

    def test_a_session_that_is_open_is_nobody_s_at_once(self, client, colleague, boss):
        client.force_login(colleague)
        assert client.get("/site/").status_code == 200
        gone(colleague, by=boss)
        assert client.get("/site/").url == reverse("account_login") + "?next=/site/"

    def test_a_customer_keeps_the_login_and_loses_the_desk(self, client, here, boss):
        owner = OwnershipFactory(owner__user=StaffFactory(group="Site managers", development=here)).owner
        after = gone(owner.user, by=boss)
        assert (after.is_active, after.is_staff, has_left(after)) == (True, False, True)
        client.force_login(after)
        assert [client.get(path).status_code for path in ("/my/", "/site/", "/desk/")] == [200, 404, 404]

    def test_whom_they_have_invited_as_colleagues_does_not_come_in(self, boss, admin, here):
        promise = StaffInvitationFactory(invited_by=boss, places=[here])
        gone(boss, by=admin)
        promise.invitation.refresh_from_db()
        assert promise.invitation.state(at=NOW) == "revoked"

    def test_nobody_leaves_twice_or_by_themselves(self, colleague, boss):
        with pytest.raises(AccountError, match="own login"):
            leave(boss, by=boss, at=NOW)
        gone(colleague, by=boss)
        with pytest.raises(AccountError, match="left already"):
            leave(colleague, by=boss, at=NOW)

    def test_who_has_just_left_sends_nobody_away(self, colleague, boss, admin):
        gone(boss, by=admin)
        with pytest.raises(AccountError, match="may no longer"):
            leave(colleague, by=boss, at=NOW)

    def test_an_administrator_is_sent_away_by_administrators_alone(self, boss, admin):
        User.objects.create_superuser("second@example.com")
        with pytest.raises(AccountError, match="Only administrators"):
            leave(admin, by=boss, at=NOW)

    def test_the_last_administrator_stays(self, admin):
        second = User.objects.create_superuser("second@example.com")
        gone(second, by=admin)
        supervisor = StaffFactory(group="Supervisors", everywhere=True)
        for by, words in ((admin, "their own"), (supervisor, "Only administrators"), (second, "Only administrators")):
            with pytest.raises(AccountError, match=words):
                change_rights(admin, administrator=False, by=by)
            with pytest.raises(AccountError):
                leave(admin, by=by, at=NOW)
        assert User.objects.get(pk=admin.pk).is_superuser

    def test_they_come_back_without_rights(self, colleague, boss, admin):
        gone(colleague, by=boss)
        with pytest.raises(AccountError, match="Only administrators"):
            come_back(colleague, by=boss)
        come_back(colleague, by=admin)
        after = User.objects.get(pk=colleague.pk)
        assert (after.is_active, after.is_staff, after.assignments.live().count()) == (True, False, 0)
        with pytest.raises(AccountError, match="is open"):
            come_back(colleague, by=admin)

    def test_an_erased_login_does_not_come_back(self, here, boss, admin):
        owner = OwnershipFactory(owner__user=StaffFactory(group="Site managers", development=here)).owner
        gone(owner.user, by=boss)
        wish = ErasureRequestFactory(owner=owner, state="approved", due_at=NOW, decided_by=boss)
        assert carry_out(wish, at=NOW)
        with pytest.raises(AccountError, match="was erased"):
            come_back(owner.user, by=admin)
        assert former_colleagues_of(admin).count() == 0

    def test_a_colleague_who_comes_in_at_this_moment_does_not_hold_it_up(self, boss, admin, here, monkeypatch):
        promises = [StaffInvitationFactory(invited_by=boss, places=[here]) for _n in range(2)]

        def used_just_before(invitation, **how):
            if invitation == promises[0].invitation:
                Invitation.objects.filter(pk=invitation.pk).update(used_at=NOW)
            return revoke_invitation(invitation, **how)

        monkeypatch.setattr(staff_leaving, "revoke_invitation", used_just_before)
        assert has_left(gone(boss, by=admin))
        assert [Invitation.objects.get(staff=promise).state(at=NOW) for promise in promises] == ["used", "revoked"]


class TestWork:
    def test_everything_they_had_is_listed(self, colleague, boss, here):
        draft = UpdateFactory(development=here, author=colleague)
        UpdateFactory(development=here, author=boss)
        DocumentBatchFactory(uploader=colleague, published_at=None)
        transfer = HomeTransferFactory(created_by=colleague)
        reply = ReplyFactory(author=colleague)
        invited = StaffInvitationFactory(invited_by=colleague)
        listed = titles(colleague)
        for words in (f"{draft} (draft)", str(transfer), str(reply.question), invited.invitation.name):
            assert words in listed
        assert len(listed) == 6  # with the batch, and where they work

    def test_of_places_that_are_not_the_viewer_s_only_the_number_is_listed(self, colleague, boss, here, admin):
        """Titles and names stay with those who work there."""
        for place in (here, DevelopmentFactory()):
            home = OwnershipFactory(home__development=place).home
            draft = UpdateFactory(development=place, author=colleague)
            HomeTransferFactory(created_by=colleague, home=home)
            ReplyFactory(author=colleague, question__home=home)
            StaffInvitationFactory(invited_by=colleague, places=[place])
            owner = OwnershipFactory(home=home, role="co_owner", owner__user=None).owner
            invite_owner(owner=owner, address=f"{place.pk}@example.com", channel="email", by=colleague, at=NOW)
            if place != here:
                AssignmentFactory(user=colleague, development=place, state="pending")
        ImportRun.objects.create(uploader=colleague, name="all.xlsx", state="previewed", heard_at=NOW)
        every, seen = titles(colleague, viewer=admin), titles(colleague, viewer=boss)
        assert (len(every), elsewhere(colleague, viewer=admin)) == (13, 0)
        assert (len(seen), elsewhere(colleague, viewer=boss)) == (6, 7)
        hidden = [str(draft), str(home), owner.name, str(place)]  # of the second place
        assert [any(words in each for each in every) for words in hidden] == [True] * 4
        assert [any(words in each for each in seen) for words in hidden] == [False] * 4

    def test_who_works_everywhere_sees_all_of_it_that_their_groups_open(self, colleague):
        UpdateFactory(author=colleague)
        ImportRun.objects.create(uploader=colleague, name="all.xlsx", state="previewed", heard_at=NOW)
        everywhere = StaffFactory(group="Supervisors", everywhere=True)
        service = StaffFactory(group="Customer service", everywhere=True)
        assert (len(titles(colleague, viewer=everywhere)), elsewhere(colleague, viewer=everywhere)) == (3, 0)
        assert "all.xlsx" not in titles(colleague, viewer=service)

    def test_a_colleague_takes_over_what_they_may_have(self, colleague, boss, here):
        ours = UpdateFactory(development=here, author=colleague)
        theirs = UpdateFactory(author=colleague)
        home = OwnershipFactory(home__development=here).home
        published = UpdateFactory(development=here, author=colleague, homes=[home])
        batch = DocumentBatchFactory(uploader=colleague, published_at=None)
        assert leave(colleague, to=boss, by=boss, at=NOW) == 2
        authors = {update.pk: update.author for update in Update.objects.all()}
        batch.refresh_from_db()
        assert (authors[ours.pk], authors[theirs.pk], authors[published.pk]) == (boss, colleague, colleague)
        assert batch.uploader == boss
        assert f"{theirs} (draft)" in titles(colleague)

    def test_who_may_not_have_it_takes_over_nothing(self, colleague, boss, here):
        UpdateFactory(development=here, author=colleague)
        service = StaffFactory(group="Customer service", development=here)
        assert hand_over(colleague, to=service, by=boss, at=NOW) == 0

    def test_who_has_just_left_takes_over_nothing(self, colleague, boss, here, admin):
        draft, to = UpdateFactory(development=here, author=colleague), StaffFactory(development=here)
        assert to.is_staff
        gone(to, by=boss)
        with pytest.raises(AccountError, match="who works here"):
            hand_over(colleague, to=to, by=boss, at=NOW)
        assert Update.objects.get() == draft
        assert draft.author == colleague

    @pytest.mark.parametrize("to", ["an owner", "themselves"])
    def test_only_a_colleague_takes_over(self, colleague, boss, to):
        with pytest.raises(AccountError, match="who works here"):
            hand_over(colleague, to=OwnerFactory().user if to == "an owner" else colleague, by=boss, at=NOW)


class TestRights:
    def test_groups_beyond_one_s_own_stay_and_are_not_given(self, colleague, boss):
        marketing, service = Group.objects.get(name="Marketing"), Group.objects.get(name="Customer service")
        colleague.groups.add(marketing)
        change_rights(colleague, groups=[service], by=boss)
        assert set(colleague.groups.all()) == {marketing, service}
        with pytest.raises(AccountError, match="rights that you don't have"):
            change_rights(boss, groups=[marketing], by=StaffFactory(group="Supervisors"))

    def test_nobody_changes_their_own(self, boss, admin):
        for person in (boss, admin):
            with pytest.raises(AccountError, match="their own"):
                change_rights(person, groups=[], by=person)

    def test_the_second_factors_of_others_come_off_and_one_s_own_do_not(self, client, colleague, boss):
        Authenticator.objects.create(user=colleague, type="totp", data={"secret": "x"})
        take_off_second_factors(colleague, by=boss)
        assert (Authenticator.objects.count(), Event.objects.filter(verb="second factors taken off").count()) == (0, 1)
        with pytest.raises(AccountError):
            take_off_second_factors(boss, by=boss)


@pytest.mark.postgresql
def test_nobody_leaves_while_they_take_over(transactional_db):
    """Nor does anybody else get at the leaver: two who are locked one by one would wait for those who lock both."""
    leaver, to, other = (StaffFactory() for _each in range(3))

    def lock(person):
        with transaction.atomic():
            return User.objects.select_for_update(nowait=True).get(pk=person.pk)

    with transaction.atomic():
        hand_over(leaver, to=to, by=to, at=NOW)
        outcomes = all_at_once(lock, [leaver, to, other])
    assert (outcomes.returned, outcomes.raised) == ([other], [OperationalError] * 2)


def remove_each_other(way):
    """Two administrators at once. Returns what came of it, and how many administrators are left."""
    User.objects.update(is_superuser=False)
    one, two = (User.objects.create_superuser(f"{uuid4()}@example.com") for _each in range(2))

    def remove(pair):
        who, by = pair
        if way == "leave":
            leave(who, by=by, at=NOW)
        else:
            change_rights(who, administrator=False, by=by)

    outcomes = all_at_once(remove, [(one, two), (two, one)])
    return outcomes, User.objects.filter(is_superuser=True, is_active=True).count()


@pytest.mark.parametrize("way", ["leave", "take administration"])
def test_of_two_administrators_who_remove_each_other_at_once_one_remains(way, transactional_db):
    outcomes, left = remove_each_other(way)
    assert (outcomes.raised, left) == ([AccountError], 1)


@pytest.mark.postgresql
def test_without_the_lock_none_would_remain(transactional_db):
    with without_locks():
        assert any(remove_each_other("take administration")[1] == 0 for _attempt in range(10))
