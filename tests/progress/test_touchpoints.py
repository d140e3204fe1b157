"""Touchpoints: the company's standards, named by promises and changed by those who work everywhere."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.urls import reverse

from accounts.events.models import Event
from progress.promises import kinds
from progress.promises.actions import open_promise
from progress.touchpoints.models import Touchpoint
from tests.factories import NOW, DevelopmentFactory, StaffFactory

pytestmark = pytest.mark.django_db


def promised(kind="next-update"):
    development = DevelopmentFactory()
    return open_promise(
        key=f"t:{development.pk}", kind=kind, development=development, due_at=NOW + timedelta(days=9), by=None, at=NOW
    )


@pytest.fixture
def everywhere(client):
    client.force_login(StaffFactory(group="Supervisors", everywhere=True))
    return client


def test_the_standards_are_there_in_both_languages():
    rows = Touchpoint.objects.all()
    assert {row.stage for row in rows} == set(Touchpoint.Stage.values)
    assert {row.sensitivity for row in rows} == {"A", "B", "C"}
    fields = [f"{field}_{language}" for field in ("name", "department", "standard") for language in ("en", "zh")]
    assert [row.code for row in rows if not all(getattr(row, field) for field in fields)] == []


def test_a_promise_names_the_touchpoint_of_its_kind():
    assert promised().touchpoint.code == "regular-news"


def test_a_promise_of_a_kind_without_one_names_none(monkeypatch):
    monkeypatch.setattr(kinds, "_kinds", dict(kinds._kinds))
    kinds.register("bare")(type("Bare", (kinds.Kind,), {"label": "Bare"}))
    assert promised("bare").touchpoint is None


def test_one_that_is_out_of_use_is_named_no_more():
    before = promised()
    Touchpoint.objects.filter(code="regular-news").update(in_use=False)
    before.refresh_from_db()
    assert (before.touchpoint.code, promised().touchpoint) == ("regular-news", None)


def test_every_kind_names_a_touchpoint_that_exists():
    codes = {kind.touchpoint for kind in kinds._kinds.values() if kind.touchpoint}
    assert codes - set(Touchpoint.objects.values_list("code", flat=True)) == set()


def test_one_that_a_promise_names_cannot_go():
    with pytest.raises(ProtectedError):
        promised().touchpoint.delete()


def test_the_database_refuses_an_unknown_sensitivity():
    with pytest.raises(IntegrityError), transaction.atomic():
        Touchpoint.objects.update(sensitivity="D")


@pytest.mark.parametrize("missing", ["name", "department", "standard"])
def test_each_text_is_there_in_one_language_at_least(missing):
    touchpoint = Touchpoint.objects.first()
    setattr(touchpoint, f"{missing}_en", " ")
    touchpoint.clean()
    setattr(touchpoint, f"{missing}_zh", "")
    with pytest.raises(ValidationError):
        touchpoint.clean()


def test_supervisors_who_work_everywhere_change_the_standard_and_not_the_code(everywhere):
    touchpoint = Touchpoint.objects.get(code="hotline")
    values = {"code": "phone", "stage": touchpoint.stage, "sensitivity": "B", "name_en": "Hotline", "in_use": "on"}
    values |= {"department_en": "Customer service", "standard_en": "Answered within three rings."}
    everywhere.post(reverse("desk_touchpoint:edit", args=[touchpoint.pk]), values)
    touchpoint.refresh_from_db()
    assert (touchpoint.code, touchpoint.sensitivity, touchpoint.standard) == (
        "hotline",
        "B",
        "Answered within three rings.",
    )
    assert Event.objects.filter(verb="changed", subject_id=str(touchpoint.pk)).count() == 1


def test_whoever_works_at_one_place_reads_and_does_not_change(client):
    client.force_login(StaffFactory(group="Supervisors", development=DevelopmentFactory()))
    touchpoint = Touchpoint.objects.first()
    answers = [client.get(reverse(f"desk_touchpoint:{view}", args=[touchpoint.pk])) for view in ("inspect", "edit")]
    assert [answer.status_code for answer in answers] == [200, 404]


def test_promises_kept_are_counted_by_touchpoint(everywhere, time_machine):
    promise = promised()
    time_machine.move_to(NOW + timedelta(days=10), tick=False)
    type(promise).objects.update(state="missed")
    everywhere.force_login(StaffFactory(group="Supervisors", everywhere=True))
    tables = dict(everywhere.get(reverse("desk_promise:kept")).context["tables"])
    assert [(row["name"], row["missed"]) for row in tables["By touchpoint"]] == [("News from the site", 1)]
