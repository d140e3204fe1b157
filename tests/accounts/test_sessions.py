"""Where somebody is signed in: the list, and its ends."""

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.auth import get_user
from django.test import Client
from django.urls import reverse

from accounts.events.models import Event
from accounts.sessions import end_sessions
from accounts.templatetags.accounts import device
from tests.accounts.conftest import PASSWORD
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

LIST = reverse("usersessions_list")
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1 Version/18.1 Mobile/15E Safari/604.1"


@pytest.fixture
def user():
    return UserFactory(password=PASSWORD)


@pytest.fixture
def browsers(user):
    """Two browsers in which the same person has signed in."""
    clients = [Client(headers={"user-agent": agent}) for agent in (IPHONE, "Mozilla/5.0 (X11; Linux) Firefox/140.0")]
    for each in clients:
        each.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    return clients


def is_in(client):
    return get_user(client).is_authenticated


def test_the_list_names_both_and_says_which_is_this(browsers):
    page = browsers[0].get(LIST).content.decode()
    assert ("Safari on iPhone" in page, "Firefox on Linux" in page, page.count("This one")) == (True, True, 1)


def test_one_other_is_signed_out_and_this_one_stays(browsers, user):
    here, there = browsers
    other = UserSession.objects.get(user_agent__contains="Firefox")
    assert here.post(reverse("accounts:session-end", args=[other.pk])).url == LIST
    assert (is_in(here), is_in(there)) == (True, False)
    assert Event.objects.get(verb="logged out").actor == user


def test_everywhere_else_is_signed_out(browsers):
    here, there = browsers
    here.post(LIST)
    assert (is_in(here), is_in(there)) == (True, False)


def test_a_look_signs_nobody_out(browsers):
    here, there = browsers
    for session in UserSession.objects.all():
        assert here.get(reverse("accounts:session-end", args=[session.pk])).status_code == 405
    here.get(LIST)
    assert (is_in(here), is_in(there)) == (True, True)


def test_neither_this_one_nor_somebody_else_s_ends_there(browsers, client, sign_in):
    own = UserSession.objects.get(user_agent=IPHONE)
    assert browsers[0].post(reverse("accounts:session-end", args=[own.pk])).status_code == 404
    sign_in(UserFactory())
    assert client.post(reverse("accounts:session-end", args=[own.pk])).status_code == 404
    assert is_in(browsers[0])


def test_staff_end_all_of_them_at_once(browsers, user):
    assert end_sessions(user, by=None) == 2
    assert [is_in(each) for each in browsers] == [False, False]
    assert end_sessions(user, by=None) == 0


def test_a_new_password_signs_the_others_out(browsers):
    here, there = browsers
    new = "lantern over the courtyard"
    here.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert (is_in(here), is_in(there)) == (True, False)
    assert "Firefox" not in here.get(LIST).content.decode()


def test_a_session_from_before_the_list_comes_onto_it(client, user):
    client.force_login(user)
    client.get("/my/")
    assert UserSession.objects.get().user == user


def test_what_was_noted_minutes_ago_is_not_written_again(client, user, django_assert_max_num_queries):
    client.force_login(user)
    client.get("/my/profile/")
    with django_assert_max_num_queries(60) as captured:
        client.get("/my/profile/")
    assert not [query for query in captured if "usersessions" in query["sql"]]


def test_later_it_is_noted_anew(client, user, time_machine):
    time_machine.move_to("2026-11-22T10:00:00Z")
    client.force_login(user)
    client.get("/my/")
    time_machine.move_to("2026-11-22T10:11:00Z")
    client.get("/my/", headers={"user-agent": IPHONE})
    noted = UserSession.objects.get()
    assert (noted.last_seen_at.minute, noted.user_agent) == (11, IPHONE)


def test_public_pages_note_nothing(client, user):
    client.force_login(user)
    client.get("/en/")
    assert not UserSession.objects.exists()


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (IPHONE, "Safari on iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140 Safari/537 Edg/140", "Edge on Windows"),
        ("Mozilla/5.0 (Linux; Android 16) Chrome/140 Mobile Safari/537 MicroMessenger/8.0", "WeChat on Android"),
        ("curl/8", "an unknown device"),
        ("", "an unknown device"),
    ],
)
def test_a_device_is_named_in_a_few_words(user_agent, words):
    assert device(user_agent) == words
