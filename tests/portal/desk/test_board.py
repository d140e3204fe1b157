"""The board of homes × milestones: late first, many at once, a second pair of eyes, nobody's change lost."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.notices.models import Notice
from progress.journeys.models import Evidence, Milestone, MilestoneChange
from tests.factories import NOW, TINY_JPEG, TODAY, BuildingFactory, StaffFactory
from tests.progress.test_milestones import LATER, claimed, moved, windows

pytestmark = pytest.mark.django_db
PLACES = ["site", "desk_updates"]


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def building():
    return BuildingFactory()


@pytest.fixture
def manager(building, client):
    user = StaffFactory(group="Site managers", development=building.development)
    client.force_login(user)
    return user


def address(act, steps, place="site"):
    query = "&".join(f"journey={step.journey_id}" for step in steps)
    return f"{reverse(f'{place}:milestones', args=[act])}?{query}&step=windows"


def seen(*steps):
    return json.dumps({str(step.pk): step.row_version for step in steps})


def a_photo():
    return SimpleUploadedFile("south.jpg", TINY_JPEG, "image/jpeg")


@pytest.mark.parametrize("place", PLACES)
def test_what_is_late_stands_first(client, manager, building, place):
    in_time = windows(building)
    late = windows(building, planned=TODAY - timedelta(days=3))
    later = windows(building, planned=TODAY - timedelta(days=9))
    rows = client.get(reverse(f"{place}:board")).context["rows"]
    assert [row.journey for row in rows] == [later.journey, late.journey, in_time.journey]
    assert [max(cell.days_late for cell in row.cells) for row in rows] == [9, 3, 0]


def test_the_board_is_of_one_place_among_ones_own(client, manager, building):
    windows(building)
    other = BuildingFactory(development=building.development)
    step, elsewhere = windows(other), windows(BuildingFactory())
    page = client.get(reverse("site:board"), {"place": f"building:{other.pk}"})
    assert [row.journey for row in page.context["rows"]] == [step.journey]
    page = client.get(reverse("site:board"), {"place": f"building:{elsewhere.journey.home.building_id}"})
    assert elsewhere.journey not in [row.journey for row in page.context["rows"]]


def test_three_homes_cost_as_many_queries_as_one(client, manager, building):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("site:board"))
        return len(queries)

    windows(building)
    asked()
    for_one = asked()
    windows(building)
    windows(building)
    assert asked() == for_one


@pytest.mark.parametrize("place", PLACES)
def test_many_get_a_new_date_at_once(client, manager, building, place):
    steps = [windows(building), windows(building)]
    url = address("forecast", steps, place)
    assert client.get(url).context["steps"] == steps
    given = {"seen": seen(*steps), "later_by": "7", "reason_en": "Cracked panes", "reason_zh": "玻璃裂了"}
    assert client.post(url, given).url == reverse(f"{place}:board")
    change = MilestoneChange.objects.get()
    assert {line.to_date for line in change.lines.all()} == {LATER + timedelta(days=7)}
    assert (change.lines.count(), change.by) == (2, manager)


@pytest.mark.parametrize("place", PLACES)
def test_many_get_their_first_date_at_once_and_those_that_have_one_keep_it(client, manager, building, place):
    undated = [windows(building, planned=None), windows(building, planned=None)]
    dated = windows(building)
    url = address("plan", [*undated, dated], place)
    assert client.get(url).context["steps"] == undated
    assert client.post(url, {"seen": seen(*undated), "on": "2026-12-24"}).url == reverse(f"{place}:board")
    assert [str(step.planned) for step in Milestone.objects.filter(pk__in=[step.pk for step in undated])] == [
        "2026-12-24",
        "2026-12-24",
    ]
    dated.refresh_from_db()
    assert dated.planned == LATER
    assert (MilestoneChange.objects.count(), Notice.objects.count()) == (0, 0)


def test_a_first_date_is_given_once(client, manager, building):
    step = windows(building, planned=None)
    given = {"seen": seen(step), "on": "2026-12-24"}
    client.post(address("plan", [step]), given)
    again = client.post(address("plan", [step]), given | {"on": "2027-12-24"}, follow=True)
    assert "A new date needs a reason" in again.content.decode()
    step.refresh_from_db()
    assert str(step.planned) == "2026-12-24"


@pytest.mark.parametrize(
    ("on", "why"), [("2020-01-01", "nothing is planned before"), ("", "required"), ("soon", "Enter a valid date")]
)
def test_a_plan_that_is_refused_says_why(client, manager, building, on, why):
    step = windows(building, planned=None)
    answer = client.post(address("plan", [step]), {"seen": seen(step), "on": on})
    assert (answer.status_code, why in answer.content.decode()) == (200, True)


def test_homes_of_another_development_are_left_out(client, manager, building):
    mine, other = windows(building), windows(BuildingFactory())
    assert client.get(address("forecast", [mine, other])).context["steps"] == [mine]
    assert client.get(address("forecast", [other])).url == reverse("site:board")


@pytest.mark.parametrize("query", ["", "?step=windows", "?journey=x&step=windows", "?journey=x%00&step=%00"])
def test_nothing_chosen_leads_back_to_the_board(client, manager, query):
    assert client.get(reverse("site:milestones", args=["forecast"]) + query).url == reverse("site:board")


def test_an_act_that_is_none_is_not_found(client, manager, building):
    assert client.get(address("delete", [windows(building)])).status_code == 404


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"later_by": "7"}, "Please say why"),
        ({"reason_en": "x"}, "either a date or a number"),
        ({"to": "2027-01-05", "later_by": "7", "reason_en": "x"}, "either a date or a number"),
        ({"to": "2020-01-05", "reason_en": "x"}, "nothing is expected before"),
        ({"to": "2026-11-01", "reason_en": "x"}, "A forecast is for a day to come"),
        ({"to": "soon", "reason_en": "x"}, "Enter a valid date"),
    ],
)
def test_a_forecast_that_is_refused_says_why(client, manager, building, given, why):
    step = windows(building)
    answer = client.post(address("forecast", [step]), {"seen": seen(step)} | given)
    assert (answer.status_code, why in answer.content.decode()) == (200, True)
    assert not MilestoneChange.objects.exists()


@pytest.mark.parametrize("junk", ["", "x", "[]", "{", '{"a": "b"}', "null"])
def test_a_tampered_form_changes_nothing(client, manager, building, junk):
    step = windows(building)
    answer = client.post(address("forecast", [step]), {"seen": junk, "later_by": "7", "reason_en": "x"})
    assert (answer.status_code, MilestoneChange.objects.count()) == (200, 0)


def test_the_second_of_two_tabs_keeps_its_words_and_sees_the_others_date(client, manager, building):
    step = windows(building)
    mine = {"seen": seen(step), "later_by": "30", "reason_en": "My own reason"}
    moved([step], StaffFactory())
    page = client.post(address("forecast", [step]), mine)
    text = page.content.decode()
    assert ("has changed" in text, 'value="My own reason"' in text) == (True, True)
    step.refresh_from_db()
    assert step.forecast == LATER + timedelta(days=9)
    again = {"seen": page.context["form"]["seen"].value(), "later_by": "30", "reason_en": "My own reason"}
    client.post(address("forecast", [step]), again)
    step.refresh_from_db()
    assert step.forecast == LATER + timedelta(days=39)


def test_reached_with_a_photo_waits_until_a_colleague_approves(client, manager, building):
    step = windows(building)
    given = {"seen": seen(step), "on": TODAY, "taken_on": TODAY, "evidence": a_photo(), "caption_en": "South side"}
    assert client.post(address("reached", [step]), given).status_code == 302
    change = MilestoneChange.objects.get()
    client.post(reverse("site:approve", args=[change.pk]))
    change.refresh_from_db()
    assert change.state == MilestoneChange.State.WAITING  # nobody approves their own
    client.force_login(StaffFactory(group="Supervisors", development=building.development))
    assert [row.pk for row in client.get(reverse("site:approvals")).context["page"]] == [change.pk]
    client.post(reverse("site:approve", args=[change.pk]))
    step.refresh_from_db()
    assert (step.state, step.actual) == ("reached", TODAY)


def test_reached_without_evidence_or_with_a_hostile_file_is_refused(client, manager, building):
    step = windows(building)
    for file in (None, SimpleUploadedFile("x.jpg", b"<script>", "image/jpeg")):
        given = {"seen": seen(step), "on": TODAY, "taken_on": TODAY} | ({"evidence": file} if file else {})
        assert client.post(address("reached", [step]), given).status_code == 200
    assert not MilestoneChange.objects.exists()


def test_declining_needs_a_reason(client, manager, building):
    change = claimed([windows(building)], StaffFactory())
    client.post(reverse("site:decline", args=[change.pk]), {"reason": " "})
    change.refresh_from_db()
    assert change.state == MilestoneChange.State.WAITING
    client.post(reverse("site:decline", args=[change.pk]), {"reason": "Two panes are missing"})
    change.refresh_from_db()
    assert (change.state, change.declined_because) == (MilestoneChange.State.DECLINED, "Two panes are missing")


def test_withdrawing_says_why_in_public(client, manager, building, settings):
    settings.MILESTONE_APPROVAL = False
    step = windows(building)
    claimed([step], StaffFactory())
    step.refresh_from_db()
    given = {"seen": seen(step), "reason_en": "Floor 11 was meant"}
    client.post(address("withdraw", [step]), given)
    step.refresh_from_db()
    assert (step.state, step.actual) == ("withdrawn", None)


def test_colleagues_elsewhere_neither_decide_nor_see_the_evidence(client, building):
    change = claimed([windows(building)], StaffFactory())
    client.force_login(StaffFactory(group="Site managers", development=BuildingFactory().development))
    answers = [
        client.post(reverse("site:approve", args=[change.pk])).status_code,
        client.post(reverse("site:decline", args=[change.pk]), {"reason": "x"}).status_code,
        client.get(reverse("site:evidence", args=[Evidence.objects.get().pk])).status_code,
        len(client.get(reverse("site:approvals")).context["page"]),
    ]
    assert answers == [404, 404, 404, 0]
