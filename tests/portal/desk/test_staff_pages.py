"""The desk's pages about colleagues: inviting them, what they are invited to, and their leaving."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import Group
from django.urls import reverse

from accounts.events.models import Event
from accounts.leaving import leave
from accounts.models import Invitation, User
from progress.models import RightState
from progress.staff.models import StaffInvitation
from progress.updates.models import Update
from tests.factories import NOW, OwnershipFactory, StaffFactory, StaffInvitationFactory, UpdateFactory

pytestmark = pytest.mark.django_db

INVITE, INVITED = reverse("wagtailusers_users:invite"), reverse("wagtailusers_users:invitations")
INDEX, FORMER = reverse("wagtailusers_users:index"), reverse("wagtailusers_users:former")


@pytest.fixture
def colleague(ours):
    return StaffFactory(group="Site managers", name="Colleague", development=ours.development)


@pytest.fixture
def admin(db):
    return User.objects.create_superuser("admin@example.com", name="Boss")


def url(name, row):
    return reverse(f"wagtailusers_users:{name}", args=[row.pk])


def invite(client, **fields):
    group = Group.objects.get(name="Site managers")
    form = {"name": "Ye Fan", "email": "ye@example.com", "groups": [group.pk], "since": "2026-11-22"}
    return client.post(INVITE, form | fields)


class TestInviting:
    def test_with_groups_and_places_and_listed_until_they_come(self, desk, ours):
        answer = invite(desk, role="site_manager", developments=[ours.development.pk], until="2027-01-01")
        assert answer.url == INVITED
        post = StaffInvitation.objects.get().posts.get()
        assert (post.role, post.development, str(post.until)) == ("site_manager", ours.development, "2027-01-01")
        html = desk.get(INVITED).content.decode()
        assert ("Ye Fan" in html, f"site manager: {ours.development}" in html) == (True, True)

    @pytest.mark.parametrize(
        ("fields", "field"),
        [
            ({"role": "site_manager"}, "role"),
            ({"role": "king", "developments": "ours"}, "role"),
            ({"developments": "ours"}, "role"),
            ({"role": "site_manager", "developments": "theirs"}, "developments"),
            ({"role": "site_manager", "developments": "not an id"}, "developments"),
            ({"role": "site_manager", "developments": "ours", "until": "2026-11-22"}, "until"),
            ({"since": "tomorrow"}, "since"),
            ({"groups": ["Marketing"]}, "groups"),
        ],
    )
    def test_what_they_may_not_or_makes_no_sense_is_refused(self, desk, ours, theirs, fields, field):
        known = {"ours": ours.development.pk, "theirs": theirs.development.pk}
        if "developments" in fields:
            fields = fields | {"developments": [known.get(fields["developments"], fields["developments"])]}
        if "groups" in fields:
            fields = {"groups": [Group.objects.get(name="Marketing").pk]}
        answer = invite(desk, **fields)
        assert (answer.status_code, field in answer.context["form"].errors) == (200, True)
        assert not Invitation.objects.exclude(owner__isnull=False).exists()

    @pytest.mark.parametrize("field", ["everywhere", "administrator"])
    def test_a_field_that_is_not_theirs_is_not_read(self, desk, field):
        invite(desk, **{field: "on"})
        promise = StaffInvitation.objects.get()
        assert (promise.administrator, promise.posts.count()) == (False, 0)

    def test_an_administrator_sends_everywhere_and_makes_administrators(self, client, admin):
        client.force_login(admin)
        invite(client, role="supervisor", everywhere="on", administrator="on")
        promise = StaffInvitation.objects.get()
        assert (promise.administrator, [post.development for post in promise.posts.all()]) == (True, [None])

    def test_sent_again_and_taken_back(self, desk, ours):
        promise = StaffInvitationFactory(places=[ours.development])
        desk.post(url("invitation_resend", promise))
        promise.invitation.refresh_from_db()
        assert promise.invitation.version == 2
        desk.post(url("invitation_revoke", promise))
        promise.invitation.refresh_from_db()
        assert (bool(promise.invitation.revoked_at), b"Ye Fan" in desk.get(INVITED).content) == (True, False)

    def test_of_another_development_it_is_not_found(self, desk, theirs):
        promise = StaffInvitationFactory(places=[theirs.development])
        assert [desk.post(url(f"invitation_{what}", promise)).status_code for what in ("resend", "revoke")] == [404] * 2
        assert b"Ye Fan" not in desk.get(INVITED).content


class TestLeaving:
    def test_the_preview_changes_nothing_and_says_what_happens(self, desk, colleague, ours):
        draft = UpdateFactory(development=ours.development, author=colleague)
        html = desk.get(url("leave", colleague)).content.decode()
        assert (str(draft) in html, "the login, with its password" in html) == (True, True)
        assert User.objects.get(pk=colleague.pk).is_active

    def test_confirmed_they_are_out_and_the_work_is_somebody_s(self, desk, supervisor, colleague, ours):
        draft = UpdateFactory(development=ours.development, author=colleague)
        desk.post(url("leave", colleague), {"to": supervisor.pk})
        after = User.objects.get(pk=colleague.pk)
        assert (after.is_active, after.assignments.get().state) == (False, RightState.ENDED)
        assert Update.objects.get(pk=draft.pk).author == supervisor

    def test_what_was_not_handed_over_waits_for_a_colleague(self, desk, supervisor, colleague, ours):
        draft = UpdateFactory(development=ours.development, author=colleague)
        assert desk.post(url("leave", colleague)).url == url("work", colleague)
        assert str(draft) in desk.get(url("work", colleague)).content.decode()
        desk.post(url("work", colleague), {"to": supervisor.pk})
        assert Update.objects.get(pk=draft.pk).author == supervisor

    def test_of_what_is_elsewhere_the_page_says_only_how_much(self, desk, colleague, theirs):
        draft = UpdateFactory(development=theirs.development, author=colleague)
        html = desk.get(url("leave", colleague)).content.decode()
        assert ("and 1 more that you may not see" in html, str(draft) in html) == (True, False)

    def test_when_nothing_could_be_handed_over_it_says_so_plainly(self, desk, colleague, ours):
        UpdateFactory(development=ours.development, author=colleague)
        desk.post(url("leave", colleague))
        service = StaffFactory(group="Customer service", development=ours.development)
        page = desk.post(url("work", colleague), {"to": service.pk}, follow=True).content.decode()
        assert ("Nothing here could be handed over" in page, "handed over." in page) == (True, False)

    def test_nothing_goes_to_whoever_is_not_theirs_to_choose(self, desk, colleague, theirs):
        elsewhere = StaffFactory(group="Supervisors", development=theirs.development)
        answer = desk.post(url("leave", colleague), {"to": elsewhere.pk})
        assert "to" in answer.context["form"].errors
        assert User.objects.get(pk=colleague.pk).is_active

    def test_a_customer_s_login_stays_and_the_preview_says_so(self, desk, ours):
        both = StaffFactory(group="Site managers", development=ours.development)
        OwnershipFactory(owner__user=both)
        assert "also a customer" in desk.get(url("leave", both)).content.decode()
        desk.post(url("leave", both))
        assert (User.objects.get(pk=both.pk).is_active, both.groups.exists()) == (True, False)

    def test_nobody_closes_their_own_login(self, desk, supervisor):
        assert "This is you" in desk.get(url("leave", supervisor)).content.decode()
        desk.post(url("leave", supervisor))
        assert User.objects.get(pk=supervisor.pk).is_active

    @pytest.mark.parametrize("group", ["Site managers", "Customer service", "Marketing"])
    def test_the_other_groups_find_no_such_page(self, client, colleague, ours, group):
        client.force_login(StaffFactory(group=group, everywhere=True))
        pages = ("leave", "log_out", "reset")
        assert [client.post(url(page, colleague)).status_code for page in pages] == [404] * 3
        assert User.objects.get(pk=colleague.pk).is_active

    def test_administrators_and_people_elsewhere_are_not_found(self, desk, admin, theirs):
        elsewhere = StaffFactory(group="Site managers", development=theirs.development)
        for person in (admin, elsewhere):
            for page in ("leave", "access", "log_out", "reset"):
                assert desk.post(url(page, person)).status_code == 404
        assert User.objects.filter(pk__in=[admin.pk, elsewhere.pk], is_active=True).count() == 2

    def test_they_come_back_by_an_administrator_and_an_invitation(self, client, desk, colleague, admin):
        desk.post(url("leave", colleague))
        assert "Colleague" in desk.get(FORMER).content.decode()
        desk.post(url("come_back", colleague))
        assert not User.objects.get(pk=colleague.pk).is_active
        client.force_login(admin)
        answer = client.post(url("come_back", colleague))
        assert User.objects.get(pk=colleague.pk).is_active
        form = client.get(answer.url).context["form"]
        assert (form["name"].value(), form["email"].value()) == ("Colleague", colleague.email)

    def test_sent_twice_it_is_refused_in_words(self, desk, colleague, admin, client):
        desk.post(url("leave", colleague))
        assert desk.post(url("leave", colleague)).status_code == 404
        assert Event.objects.filter(verb="left").count() == 1


class TestAccess:
    def test_sessions_end_and_keys_come_off(self, desk, colleague):
        UserSession.objects.create(user=colleague, ip="127.0.0.1", session_key="x", user_agent="Firefox/1")
        Authenticator.objects.create(user=colleague, type="webauthn", data={"name": "Key ring"})
        html = desk.get(url("access", colleague)).content.decode()
        assert ("Firefox" in html, "Key ring" in html) == (True, True)
        desk.post(url("log_out", colleague))
        assert not UserSession.objects.exists()
        desk.post(url("reset", colleague))
        assert not Authenticator.objects.exists()
        assert set(Event.objects.filter(subject_id=str(colleague.pk)).values_list("verb", flat=True)) == {
            "logged out",
            "second factors taken off",
        }

    def test_one_s_own_session_here_goes_on(self, desk, supervisor):
        desk.post(url("log_out", supervisor))
        assert desk.get(INDEX).status_code == 200


class TestRights:
    def test_a_supervisor_gives_no_group_that_may_more(self, desk, colleague):
        marketing = Group.objects.get(name="Marketing")
        answer = desk.post(url("edit", colleague), {"name": "x", "language": "en", "groups": [marketing.pk]})
        assert "groups" in answer.context["form"].errors
        assert marketing not in colleague.groups.all()

    def test_what_an_administrator_gave_stays_and_is_named(self, desk, colleague):
        marketing = Group.objects.get(name="Marketing")
        colleague.groups.add(marketing)
        assert "Besides, from an administrator: Marketing." in desk.get(url("edit", colleague)).content.decode()
        desk.post(url("edit", colleague), {"name": "x", "language": "en", "groups": []})
        assert list(colleague.groups.all()) == [marketing]

    def test_an_administrator_takes_administration_and_not_their_own(self, client, admin):
        second = User.objects.create_superuser("second@example.com")
        client.force_login(admin)
        for person in (second, admin):
            client.post(url("edit", person), {"name": "x", "language": "en"})
        assert list(User.objects.filter(is_superuser=True)) == [admin]

    def test_an_old_form_does_not_open_a_login_that_was_closed_meanwhile(self, desk, colleague, admin):
        desk.get(url("edit", colleague))
        User.objects.filter(pk=colleague.pk).update(is_active=False)
        desk.post(url("edit", colleague), {"name": "x", "language": "en", "is_active": "on"})
        assert not User.objects.get(pk=colleague.pk).is_active


def test_the_lists_cost_as_many_queries_with_three_more(desk, supervisor, ours, django_assert_max_num_queries):
    def one_more():
        StaffInvitationFactory(places=[ours.development])
        leave(StaffFactory(group="Site managers", development=ours.development), by=supervisor, at=NOW)

    def queries(page):
        desk.get(page)
        with django_assert_max_num_queries(60) as captured:
            desk.get(page)
        return len(captured)

    one_more()
    one = [queries(page) for page in (INVITED, FORMER)]
    for _each in range(3):
        one_more()
    assert [queries(page) for page in (INVITED, FORMER)] == one
