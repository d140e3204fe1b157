"""Checks on the desk: what was found, and the forms they are made with, version by version."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.events.looks import LOOKED
from accounts.events.models import Event
from portal.care.checks import filling
from portal.care.checks.models import Check, CheckForm, FormItem
from portal.care.checks.versions import draft_form, put_in_use, save_draft
from portal.care.errors import CareError
from tests.factories import HomeFactory, StaffFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def supervisor(client):
    user = StaffFactory(group="Supervisors", everywhere=True)
    client.force_login(user)
    return user


@pytest.fixture
def yearly():
    return CheckForm.objects.get(code="one-year", state="on")


def url(name, row=None):
    return reverse(f"desk_checks:{name}", args=[row.pk] if row else [])


def a_check(form, home=None, **fields):
    home = home or HomeFactory()
    return Check.objects.create(form=form, home=home, development=home.development, planned_at=timezone.now(), **fields)


def posted(*items, **head):
    """As the browser posts a draft with these items."""
    data = {"name_en": "Pump check", "name_zh": "水泵检查", "by": "visit"} | head
    data |= {"items-TOTAL_FORMS": len(items), "items-INITIAL_FORMS": 0}
    for number, item in enumerate(items):
        item = {"text_en": "It runs", "photo": "failed", "ORDER": number + 1} | item
        data |= {f"items-{number}-{name}": value for name, value in item.items()}
    return data


class TestChecks:
    def test_one_shows_all_that_was_found_and_what_counts(self, client, supervisor, yearly):
        check = a_check(yearly)
        item, now = yearly.items.get(code="hinges"), timezone.now()
        for by, verdict in ((supervisor, "pass"), (StaffFactory(), "fail")):
            filling.record(check, result_id=uuid4(), item=item, verdict=verdict, by=by, done_at=now, at=now)
        page = client.get(url("check", check))
        found = dict(page.context["lines"])[item]
        assert sorted(result.verdict for result, _tone in found) == ["fail", "pass"]
        assert page.content.decode().count("does not count") == 2
        assert Event.objects.filter(verb=LOOKED, subject_id=str(check.pk)).count() == 1

    def test_the_list_takes_as_many_queries_for_three(self, client, supervisor, yearly):
        a_check(yearly)
        client.get(url("checks"))
        with CaptureQueriesContext(connection) as one:
            client.get(url("checks"))
        for _more in range(2):
            a_check(yearly)
        with CaptureQueriesContext(connection) as three:
            client.get(url("checks"))
        assert len(three) == len(one)

    def test_the_list_shows_those_of_one_state(self, client, supervisor, yearly):
        a_check(yearly)
        dropped = a_check(yearly, stage="dropped")
        page = client.get(url("checks"), {"stage": "dropped"})
        assert [row for row, *_rest in page.context["lines"]] == [dropped]


class TestVersions:
    def test_a_new_version_is_a_copy_and_takes_over_when_put_in_use(self, client, supervisor, yearly):
        planned, begun = a_check(yearly), a_check(yearly, stage="begun", begun_at=timezone.now())
        client.post(url("form-version", yearly))
        draft = CheckForm.objects.get(code="one-year", state="draft")
        codes = [list(form.items.values_list("code", flat=True)) for form in (draft, yearly)]
        assert (draft.version, codes[0]) == (2, codes[1])
        client.post(url("form-use", draft))
        assert list(CheckForm.objects.filter(code="one-year").values_list("version", "state")) == [
            (2, "on"),
            (1, "off"),
        ]
        planned.refresh_from_db()
        begun.refresh_from_db()
        assert (planned.form.version, begun.form.version) == (2, 1)

    def test_a_second_draft_is_not_made(self, supervisor, yearly):
        now = timezone.now()
        assert draft_form(yearly, by=supervisor, at=now) == draft_form(yearly, by=supervisor, at=now)

    def test_a_new_form_is_drafted_with_what_is_measured(self, client, supervisor):
        item = {"text_en": "Pressure", "unit": "MPa", "low": "0.1", "high": "0.4"}
        client.post(url("form-add"), posted(item, {"section_en": "Noise"}))
        form = CheckForm.objects.get(code="pump-check")
        rows = form.items.values_list("code", "measured", "unit", "section_en")
        assert list(rows) == [("item-1", True, "MPa", ""), ("item-2", False, "", "Noise")]

    @pytest.mark.parametrize(
        ("item", "said"),
        [
            ({"unit": "V"}, "within which limits"),
            ({"low": "1"}, "in which unit"),
            ({"unit": "V", "low": "9", "high": "1"}, "below the lower one"),
            ({"text_en": "", "section_en": "Noise"}, "in at least one language"),
        ],
    )
    def test_what_can_not_be_answered_is_refused(self, client, supervisor, item, said):
        page = client.post(url("form-add"), posted(item))
        assert (page.status_code, CheckForm.objects.filter(code="pump-check").count()) == (200, 0)
        assert said in page.content.decode()

    def test_one_that_was_in_use_is_not_changed(self, client, supervisor, yearly):
        with pytest.raises(CareError, match="no draft any more"):
            save_draft(yearly, [FormItem(text_en="x")], by=supervisor, at=timezone.now())
        assert client.get(url("form-change", yearly)).url == url("form", yearly)

    def test_one_that_asks_nothing_is_not_put_in_use(self, supervisor):
        form = save_draft(CheckForm(code="empty", name_en="Empty"), [], by=supervisor, at=timezone.now())
        with pytest.raises(CareError, match="nothing to look at"):
            put_in_use(form, by=supervisor, at=timezone.now())

    def test_a_draft_is_thrown_away(self, client, supervisor, yearly):
        draft = draft_form(yearly, by=supervisor, at=timezone.now())
        client.post(url("form-drop", draft))
        assert CheckForm.objects.filter(code="one-year").count() == 1

    def test_whoever_works_at_one_development_reads_forms_and_does_not_change_them(self, client, yearly):
        check = a_check(yearly)
        client.force_login(StaffFactory(group="Supervisors", development=check.development))
        answers = [client.get(url("form", yearly)), client.post(url("form-version", yearly)), client.get(url("forms"))]
        assert [answer.status_code for answer in answers] == [200, 404, 200]
