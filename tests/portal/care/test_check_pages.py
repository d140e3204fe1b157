"""A check on the inspector's phone, and on the owner's."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from portal.care.checks.models import Check, CheckForm, Result
from tests.accounts.files.pictures import photo as picture
from tests.accounts.files.pictures import upload
from tests.factories import OwnershipFactory, StaffFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def tie():
    return OwnershipFactory()


@pytest.fixture
def inspector(tie, client):
    user = StaffFactory(group="Site managers", development=tie.home.development)
    client.force_login(user)
    return user


def a_check(home, code="three-months", **fields):
    form = CheckForm.objects.get(code=code, state="on")
    fields = {"home": home, "development": home.development, "planned_at": timezone.now()} | fields
    return Check.objects.create(form=form, **fields)


def say(client, check, item, verdict="pass", *, page="site", **given):
    url = reverse(f"{page}:check-record", args=[check.pk, item.pk])
    return client.post(
        url, {"op": uuid.uuid4(), "verdict": verdict, "unit": item.unit, "value": item.high or ""} | given
    )


class TestOnSite:
    def test_item_by_item_to_the_signature(self, tie, inspector, client):
        check = a_check(tie.home)
        for item in check.form.items.all():
            response = say(client, check, item)
        assert response.url == reverse("site:check", args=[check.pk]) + "#end"
        client.post(reverse("site:check-finish", args=[check.pk]))
        page = client.get(reverse("site:check", args=[check.pk]))
        assert "The signature of the household" in page.content.decode()
        response = client.post(
            reverse("site:check-sign", args=[check.pk]),
            {"op": uuid.uuid4(), "signed_name": "Shen Yue", "paper": picture()},
        )
        check.refresh_from_db()
        assert (response.status_code, check.stage, check.signed_name) == (302, "signed", "Shen Yue")

    def test_a_phone_that_sends_later_says_when_it_was_found(self, tie, inspector, client):
        check, now = a_check(tie.home), timezone.now()
        item = check.form.items.first()
        made = {"made_at": (now - timedelta(hours=5)).isoformat(), "sent_at": now.isoformat()}
        url = reverse("site:check-record", args=[check.pk, item.pk])
        response = client.post(
            url, {"op": uuid.uuid4(), "verdict": "pass", "unit": ""} | made, headers={"X-Offline": "send"}
        )
        assert response.status_code == 204
        assert abs(Result.objects.get().done_at - (now - timedelta(hours=5))) < timedelta(minutes=1)

    def test_a_wrong_unit_is_said_on_the_page_and_to_the_queue(self, tie, inspector, client):
        check = a_check(tie.home, "one-year")
        item = check.form.items.get(code="socket-voltage")
        assert "Please measure this in V." in say(client, check, item, value="0.22", unit="kV").content.decode()
        url = reverse("site:check-record", args=[check.pk, item.pk])
        given = {"op": uuid.uuid4(), "verdict": "pass", "unit": "kV", "value": "1"}
        response = client.post(url, given, headers={"X-Offline": "send"})
        assert (response.status_code, Result.objects.count()) == (422, 0)

    def test_the_list_takes_as_many_queries_for_three(self, tie, inspector, client):
        a_check(tie.home)
        client.get(reverse("site:checks"))
        with CaptureQueriesContext(connection) as one:
            client.get(reverse("site:checks"))
        for code in ("one-year", "friday"):
            a_check(tie.home, code)
        with CaptureQueriesContext(connection) as three:
            client.get(reverse("site:checks"))
        assert len(three) == len(one)

    def test_a_file_that_is_no_photo_is_refused(self, tie, inspector, client):
        check = a_check(tie.home)
        response = say(client, check, check.form.items.get(code="drains"), photos=upload(b"<script>", "x.jpg"))
        assert (response.status_code, Result.objects.count()) == (200, 0)


class TestOwners:
    def test_an_owner_looks_over_the_home_and_sends_it(self, tie, client):
        client.force_login(tie.owner.user)
        start = client.post(reverse("home:check-start", args=[tie.home.pk, "self-check"]))
        check = Check.objects.get(self_check=True)
        assert start.url == reverse("home:check", args=[check.pk])
        for item in check.form.items.all():
            say(client, check, item, page="home")
        client.post(reverse("home:check-finish", args=[check.pk]))
        check.refresh_from_db()
        assert (check.stage, check.signed_by) == ("signed", tie.owner)

    def test_an_owner_signs_what_was_found(self, tie, client):
        now = timezone.now()
        check = a_check(tie.home, stage="filled", begun_at=now, filled_at=now, found_on=now.date())
        client.force_login(tie.owner.user)
        client.post(reverse("home:check-sign", args=[check.pk]))
        check.refresh_from_db()
        assert check.stage == "signed"

    def test_family_reads_but_does_not_sign(self, tie, client):
        now = timezone.now()
        check = a_check(tie.home, stage="filled", begun_at=now, filled_at=now, found_on=now.date())
        family = OwnershipFactory(home=tie.home, role="family")
        client.force_login(family.owner.user)
        assert client.get(reverse("home:check", args=[check.pk])).status_code == 200
        client.post(reverse("home:check-sign", args=[check.pk]))
        check.refresh_from_db()
        assert check.stage == "filled"

    def test_what_the_household_before_looked_at_itself_is_not_shown(self, tie, client):
        check = a_check(tie.home, "self-check", self_check=True, of_former_household=True)
        client.force_login(tie.owner.user)
        assert client.get(reverse("home:check", args=[check.pk])).status_code == 404


class TestPhotos:
    def test_a_photo_sent_with_a_finding_is_kept_and_stays_when_the_note_is_changed(self, tie, inspector, client):
        check = a_check(tie.home)
        item = check.form.items.get(code="drains")
        say(client, check, item, "fail", photos=picture(), note="Slow")
        say(client, check, item, "fail", note="Slow and smelly")
        standing = check.results.get(stands=True)
        assert (standing.note, standing.photos.count()) == ("Slow and smelly", 1)
        assert "Slow and smelly" in client.get(reverse("site:check", args=[check.pk])).content.decode()

    def test_a_call_asks_yes_or_no_and_for_no_photo(self, tie, inspector, client):
        page = client.get(reverse("site:check", args=[a_check(tie.home, "friday").pk])).content.decode()
        assert ("they cannot say" in page, 'type="file"' in page) == (True, False)


def test_a_measured_value_is_written_as_it_was_read(tie, inspector, client):
    check = a_check(tie.home, "one-year")
    item = check.form.items.get(code="socket-voltage")
    say(client, check, item, value="220")
    assert "220 V" in client.get(reverse("site:check", args=[check.pk])).content.decode()
