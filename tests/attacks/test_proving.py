"""What waits for somebody to prove who they are: posted by one, proved by another, or leading away."""

import pytest
from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from accounts import sessions
from accounts.leaving import leave
from accounts.models import User
from accounts.privacy.models import ErasureRequest
from tests.accounts.conftest import PASSWORD
from tests.factories import NOW, OwnershipFactory, StaffFactory, UserFactory

pytestmark = pytest.mark.django_db

ERASE, AGAIN = reverse("home:privacy-erasure"), reverse("account_reauthenticate")


@pytest.fixture
def tie():
    return OwnershipFactory(owner__user__password=PASSWORD)


@pytest.fixture
def waiting(client, tie, long_in):
    """A browser in which erasing oneself is posted and waits for the password."""
    client.force_login(tie.owner.user)
    long_in(client)
    answer = client.post(ERASE, {"number": tie.owner.customer_no})
    assert (answer.url.split("?")[0], ErasureRequest.objects.count()) == (AGAIN, 0)
    return client


def prove(client, following=ERASE):
    return client.post(AGAIN, {"password": PASSWORD, "next": following})


class TestWhatWaits:
    def test_the_same_person_goes_on(self, waiting):
        prove(waiting)
        assert ErasureRequest.objects.count() == 1

    def test_logged_out_it_is_forgotten(self, waiting, tie):
        waiting.post(reverse("account_logout"))
        waiting.force_login(tie.owner.user)
        prove(waiting)
        assert ErasureRequest.objects.count() == 0

    def test_whoever_comes_in_next_in_this_browser_does_not_do_it(self, waiting):
        other = OwnershipFactory(owner__user__password=PASSWORD)
        waiting.force_login(other.owner.user)
        assert STATE_SESSION_KEY not in waiting.session
        prove(waiting)
        assert ErasureRequest.objects.count() == 0

    def test_it_is_not_done_in_passing(self, waiting):
        """Proved for something else, it is given up."""
        prove(waiting, reverse("home:profile"))
        prove(waiting)
        assert ErasureRequest.objects.count() == 0

    def test_whoever_lost_the_right_meanwhile_does_nothing(self, client, long_in):
        boss, colleague = (StaffFactory(group="Supervisors", everywhere=True, password=PASSWORD) for _each in range(2))
        client.force_login(boss)
        long_in(client)
        url = reverse("wagtailusers_users:leave", args=[colleague.pk])
        client.post(url)
        boss.groups.clear()
        prove(client, url)
        assert User.objects.get(pk=colleague.pk).is_active

    def test_a_wrong_password_ten_times_asks_to_wait(self, waiting):
        answers = [waiting.post(AGAIN, {"password": "wrong", "next": ERASE}).status_code for _each in range(12)]
        assert (429 in answers, ErasureRequest.objects.count()) == (True, 0)

    def test_another_site_does_not_prove_for_them(self, tie, long_in):
        client = Client(enforce_csrf_checks=True)
        client.force_login(tie.owner.user)
        long_in(client)
        assert client.post(ERASE, {"number": tie.owner.customer_no}).status_code == 403
        assert STATE_SESSION_KEY not in client.session
        assert prove(client).status_code == 403


AWAY = [
    "https://evil.example/",
    "//evil.example",
    "/\\evil.example",
    "http:evil.example",
    "javascript:alert(1)",
    "\t//evil",
]


@pytest.mark.parametrize("away", AWAY)
@pytest.mark.parametrize("page", [AGAIN, reverse("accounts:prove")])
def test_proving_leads_nowhere_else(client, tie, long_in, away, page):
    client.force_login(tie.owner.user)
    long_in(client)
    answer = client.post(f"{page}?next={away}", {"password": PASSWORD, "next": away})
    assert not any(word in answer.get("Location", "") for word in ("evil", "alert"))


class TestSessions:
    @pytest.mark.parametrize("agent", ["x" * 5000, "\x7f\x1b[31m", "<script>alert(1)</script>", "中" * 300, ""])
    def test_a_browser_with_any_name_is_listed_as_text(self, client, agent):
        user = UserFactory(password=PASSWORD)
        client.post(
            reverse("account_login"), {"login": user.email, "password": PASSWORD}, headers={"user-agent": agent}
        )
        page = client.get(reverse("usersessions_list"), headers={"user-agent": agent})
        assert (page.status_code, b"<script>alert" in page.content) == (200, False)

    def test_the_list_and_its_ends_are_ones_own(self, client):
        mine, theirs = UserFactory(password=PASSWORD), UserFactory(password=PASSWORD)
        browsers = {}
        for user in (mine, theirs):
            browsers[user] = Client(headers={"user-agent": f"Mozilla/5.0 Firefox/{user.pk}"})
            browsers[user].post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
        row = UserSession.objects.get(user=theirs)
        for pk in (row.pk, 10**18, 10**30):
            assert browsers[mine].post(reverse("accounts:session-end", args=[pk])).status_code == 404
        browsers[mine].post(reverse("usersessions_list"))
        assert UserSession.objects.filter(user=theirs).exists()
        assert browsers[theirs].get("/my/").status_code == 200

    def test_a_session_in_use_while_its_owner_leaves_does_not_outlive_them(self, client, monkeypatch):
        """The request was let in, then all sessions ended; what it saves afterwards makes no new one."""
        staff = StaffFactory(group="Supervisors", everywhere=True, password=PASSWORD)
        boss = StaffFactory(group="Supervisors", everywhere=True, is_superuser=True)
        client.post(reverse("account_login"), {"login": staff.email, "password": PASSWORD})
        assert client.get("/site/").status_code == 200
        note, key = sessions.note, client.session.session_key

        def meanwhile(request):
            leave(staff, by=boss, at=NOW)
            request.session["x"] = 1
            return note(request)

        monkeypatch.setattr(sessions, "note", meanwhile)
        client.raise_request_exception = False
        client.get("/site/")
        assert not Session.objects.filter(session_key=key).exists()
        monkeypatch.undo()
        assert client.get("/site/").status_code in {302, 400}
