"""Hostile text in every address and field, as every kind of person: refused or shown as text, never a 500."""

import re
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.db import transaction
from django.urls import reverse

from accounts.notices.models import Notice
from accounts.notices.tasks import deliver_due
from tests.factories import OwnershipFactory, StaffFactory
from tests.test_urls import persons, row_of, world  # noqa: F401  (fixtures)
from tests.urls_table import ROWS

pytestmark = pytest.mark.django_db
NASTY = {
    "nul": "a\x00b",
    "markup": "<script>alert(1)</script>'\"><img src=x onerror=alert(1)>{{ 7|add:7 }}{% load x %}",
    "direction": "\u202egnp.exe\u2066\u200b\u200d\ufeff\u2028",
    "long": "9" * 8000,
    "controls": "\r\nBcc: all@example.com\r\n\x1b[31m\x7f\x85",
    "zalgo": "e" + "\u0301" * 300 + "\U000e0041\uffff\U0010ffff",
    "huge": "99999999999999999999999999",
    "date": "9999-12-31T23:59",
    "first date": "0001-01-01T00:00",
    "uuid": "{00000000-0000-4000-8000-00000000000z}",
    "percent": "%s%n%(x)s%%00",
}
PARAMETERS = ["page", "p", "q", "next", "id", "ordering", "sort", "state", "language", "development", "multiple", "tab"]
FIELDS = [
    *["update_id", "places", "home_numbers", "stage_code", "title_en", "title_zh", "body_en", "body_zh", "photos"],
    *["publish_at", "caption_en", "caption_zh", "name", "language", "code", "next", "channel", "address", "email"],
    *["development", "building", "number", "house_type", "area", "home", "owner", "role", "since", "until", "user"],
    *["customer_no", "name_en", "name_zh", "time_zone", "started", "ended", "template", "groups", "kind", "password"],
    *["login", "phone", "oldpassword", "password1", "password2", "is_active", "action", "home_id"],
    *["question_id", "reply_id", "seen", "text", "ticket", "website", "focus", "budget", "residents", "estate"],
    *["survey_on", "survey_part", "received_on", "consent_version", "agreed", "note_id", "outcome", "to"],
    *["op", "slot", "adults", "children", "needs", "rules", "made_at", "sent_at", "names", "anyway", "reason_en"],
    *["sure", "absent", "accepted", "opens_at", "closes_at", "change_until", "max_party", "first", "minutes", "number"],
    *["starts", "ends", "capacity", "first_day", "arranged", "visit_id", "time", "day", "person", "weekdays"],
    *["rating", "opinion_id"],
]
RAW_QUERIES = ["%00", "%ff%fe=%c0%80", "page=%ED%A0%80", "q=%00", "a[]=1&a[]=2", "&&&===", "next=//evil.example%00"]
DOORS = [
    *["account_login", "account_logout", "account_reset_password", "account_request_login_code"],
    *["account_confirm_login_code", "account_change_password", "account_set_password", "account_email"],
    *["account_change_phone", "account_verify_phone", "account_reauthenticate", "account_signup"],
    *["mfa_activate_totp", "mfa_authenticate", "mfa_reauthenticate", "mfa_view_recovery_codes", "accounts:prove"],
]


SHOWS = re.compile(r"/(results|history|history-results|inspect|choose\w*|chosen\w*)/|-results/")


@pytest.fixture(autouse=True)
def _no_limits(settings):
    settings.ACCOUNT_RATE_LIMITS = False


# Who tries what: each person where they get past the door, nobody everywhere.
TRIED = {
    "nobody": ("/",),
    "the owner": ("/my/", "/account/", "/invitation/", "/language/"),
    "site manager here": ("/site/", "/desk/site/"),
    "supervisor here": ("/desk/",),
}


def tried(world, person):  # noqa: F811
    addresses = [row_of(world, name, words)[1] for name, words, _answers in ROWS] + [reverse(name) for name in DOORS]
    addresses.append(world["invitation"].path)
    return [url for url in addresses if url.startswith(TRIED[person]) and not url.startswith("/health/")]


def mixed(names, offset):
    """Each name with another of the nasty texts."""
    texts = list(NASTY.values())
    return {name: texts[(n + offset) % len(texts)] for n, name in enumerate(names)}


def status(client, url, method="get", data=None):
    """What came back; whatever the request changed is undone."""
    with transaction.atomic():
        response = getattr(client, method)(url, data)
        list(response)
        transaction.set_rollback(True)
    return response.status_code


@pytest.mark.parametrize("person", TRIED)
class TestEverywhere:
    def test_parameters(self, world, persons, person):  # noqa: F811
        queries = [urlencode(mixed([*PARAMETERS, *FIELDS], offset)) for offset in (0, 5)] + ["&".join(RAW_QUERIES)]
        results = {
            (url, number): status(persons[person], f"{url}?{query}")
            for url in tried(world, person)
            for number, query in enumerate(queries)
        }
        assert {where: code for where, code in results.items() if code >= 500} == {}

    def test_fields(self, world, persons, person):  # noqa: F811
        posted_to = [url for url in tried(world, person) if not SHOWS.search(url)]
        results = {
            (url, offset): status(persons[person], url, "post", mixed(FIELDS, offset) | {"update_id": uuid4()})
            for url in posted_to
            for offset in (range(0, 11, 3) if "/desk/" in url else range(11))
        }
        assert {where: code for where, code in results.items() if code >= 500} == {}


class TestInAnUpdate:
    """One field with it, all others as they should be."""

    @pytest.fixture
    def manager(self, world, persons):  # noqa: F811
        return persons["site manager here"]

    @pytest.mark.parametrize("field", ["title_en", "body_en", "body_zh", "home_numbers", "stage_code", "places"])
    def test_it_is_refused_or_shown_as_text(self, world, manager, persons, field):  # noqa: F811
        found = {name: self.wrong(world, manager, persons, {field: text}) for name, text in NASTY.items()}
        assert {name: wrong for name, wrong in found.items() if wrong} == {}

    def wrong(self, world, manager, persons, nasty):  # noqa: F811
        """What is not as it should be, once these words are sent, published and delivered."""
        data = {"update_id": uuid4(), "places": f"building:{world['building'].pk}", "title_en": "News", "body_en": "x"}
        answer = manager.post(reverse("site:update-new"), data | nasty)
        page, wrong = answer.content.decode(), []
        if answer.status_code == 302:
            manager.post(answer.url + "publish/")
            page = manager.get(answer.url).content.decode() + manager.get("/desk/update/").content.decode()
            page += persons["the owner"].get(f"/my/updates/{data['update_id']}/").content.decode()
            notices = Notice.objects.filter(subject_id=str(data["update_id"]))
            if not notices.exists():
                wrong.append("nobody is told")
            deliver_due()
            states = {notice.state for notice in notices.all()}
            if states != {"sent", "suppressed"}:  # one has no address
                wrong.append(states)
        elif answer.status_code != 200:
            wrong.append(answer.status_code)
        page = re.sub(r"&lt;img src=x onerror=alert", "", page)
        return wrong + [markup for markup in ("<script>alert", "onerror=alert") if markup in page]

    def test_nul_is_refused_wherever_people_write(self, world, manager, persons):  # noqa: F811
        nul = NASTY["nul"]
        data = {"update_id": uuid4(), "places": f"building:{world['building'].pk}", "title_en": "News", "body_en": nul}
        assert manager.post(reverse("site:update-new"), data).context["form"].errors.keys() == {"body_en"}
        owner = persons["the owner"]
        assert owner.post("/my/profile/", {"name": nul, "language": "en"}).context["form"].errors.keys() == {"name"}
        photo = reverse("site:photo-caption", args=[world["draft photo"].pk])
        assert manager.post(photo, {"caption_en": nul}).context["form"].errors.keys() == {"caption_en"}


@pytest.mark.parametrize("name", NASTY)
def test_in_a_name_it_is_refused_or_shown_as_text(client, name):
    tie = OwnershipFactory()
    client.force_login(tie.owner.user)
    answer = client.post("/my/profile/", {"name": NASTY[name], "language": "en"})
    assert answer.status_code in {200, 302}
    for path in ("/my/", "/my/profile/"):
        assert "<script>alert" not in client.get(path, follow=True).content.decode()


@pytest.mark.parametrize("name", NASTY)
def test_at_the_door_it_is_an_ordinary_refusal(client, name, mailoutbox):
    for path, field in (
        ("account_login", "login"),
        ("account_request_login_code", "login"),
        ("account_reset_password", "email"),
        ("account_confirm_login_code", "code"),
    ):
        answer = client.post(reverse(path), {field: NASTY[name], "password": NASTY[name]})
        assert answer.status_code in {200, 302}, path
    assert mailoutbox == []


def test_ids_too_long_for_their_column_are_refused(client):
    """The groups alone have numbers for ids."""
    client.force_login(StaffFactory(group="Supervisors", everywhere=True))
    path = reverse("wagtailusers_users:edit", args=[StaffFactory().pk])
    for bad in ("9" * 30, "-1", "1.5", "\x00", "x"):
        answer = client.post(path, {"name": "x", "language": "en", "is_active": "on", "groups": ["1", bad]})
        assert (answer.status_code, "groups" in answer.context["form"].errors) == (200, True), bad
