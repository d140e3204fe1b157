"""The board of homes × milestones: late first, many at once, a second pair of eyes, nobody's change lost."""

import json
from datetime import timedelta
from urllib.parse import urlencode

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.notices.models import Notice
from progress.journeys.models import Evidence, Milestone, MilestoneChange
from progress.models import Home
from tests.factories import NOW, TINY_JPEG, TODAY, BuildingFactory, HomeDocumentFactory, StaffFactory
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
    assert client.get(url).context["choice"].steps == steps
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
    assert client.get(url).context["choice"].steps == undated
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
    assert "a new date needs a reason" in again.content.decode()
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
    assert client.get(address("forecast", [mine, other])).context["choice"].steps == [mine]
    assert client.get(address("forecast", [other])).url == reverse("site:board")


@pytest.mark.parametrize("query", ["", "?step=windows", "?journey=x&step=windows", "?journey=x%00&step=%00"])
def test_nothing_chosen_leads_back_to_the_board(client, manager, query):
    assert client.get(reverse("site:milestones", args=["forecast"]) + query).url == reverse("site:board")


@pytest.mark.parametrize("place", PLACES)
def test_one_comes_back_to_the_place_one_looked_at(client, manager, building, place):
    shown = {"place": f"building:{building.pk}", "kind": "new_home"}
    board = reverse(f"{place}:board", query=shown)
    assert client.get(reverse(f"{place}:milestones", args=["forecast"], query=shown)).url == board
    step = windows(building, planned=None)
    url = address("plan", [step], place) + "&" + urlencode(shown)
    assert client.post(url, {"seen": seen(step), "on": "2026-12-24"}).url == board


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


# --- a whole development -----------------------------------------------------------------------------------------


def whole(act, place, step="windows", **more):
    query = "&".join(f"{name}={value}" for name, value in {"place": place, "whole": 1, "step": step, **more}.items())
    return f"{reverse('site:milestones', args=[act])}?{query}"


@pytest.fixture
def estate(building):
    """Three homes of two buildings, and the place that is all of them."""
    other = BuildingFactory(development=building.development)
    windows(BuildingFactory())  # elsewhere
    return f"estate:{building.development_id}", [windows(building), windows(building)], windows(other)


def test_a_whole_development_is_one_board(client, manager, estate):
    place, here, there = estate
    rows = client.get(reverse("site:board"), {"place": place}).context["rows"]
    assert {row.journey for row in rows} == {step.journey for step in [*here, there]}


def test_all_homes_of_a_development_get_a_new_date_at_one_stroke(client, manager, estate):
    place, here, there = estate
    page = client.get(whole("forecast", place))
    choice = page.context["choice"]
    assert [(group.name, len(group.steps)) for group in choice.groups] == [
        (here[0].journey.home.building.name, 2),
        (there.journey.home.building.name, 1),
    ]
    given = {"seen": page.context["form"]["seen"].value(), "later_by": 7, "reason_en": "Rain"}
    among = [group.key for group in choice.groups]
    assert client.post(whole("forecast", place), given | {"among": among}).status_code == 302
    assert {line.milestone_id for line in MilestoneChange.objects.get().lines.all()} == {
        step.pk for step in [*here, there]
    }


def test_of_many_homes_only_their_number_in_each_building_is_shown(client, manager, estate, monkeypatch):
    place, here, there = estate
    Home.objects.filter(pk=here[0].journey.home_id).update(number="Corner")
    assert "Corner" in client.get(whole("forecast", place)).content.decode()
    monkeypatch.setattr("portal.desk.board_choice.ONE_BY_ONE", 2)
    page = client.get(whole("forecast", place)).content.decode()
    assert "Corner" not in page
    assert there.journey.home.building.name in page


def test_a_building_can_be_left_out(client, manager, estate):
    place, here, there = estate
    given = {
        "seen": seen(*here, there),
        "later_by": 7,
        "reason_en": "Rain",
        "among": str(there.journey.home.building_id),
    }
    client.post(whole("forecast", place), given)
    assert [line.milestone_id for line in MilestoneChange.objects.get().lines.all()] == [there.pk]
    again = client.post(whole("forecast", place), given | {"among": []})
    assert again.context["form"].errors["among"] == ["This field is required."]


def test_what_cannot_be_is_left_out_and_counted(client, manager, estate, settings):
    settings.MILESTONE_APPROVAL = False
    place, (one, two), there = estate
    claimed([one], StaffFactory())
    choice = client.get(whole("forecast", place)).context["choice"]
    assert (set(choice.steps), choice.left_out) == ({two, there}, [("reached already", 1)])
    assert client.get(whole("withdraw", place)).context["choice"].steps == [one]


def test_those_without_a_date_are_not_moved_by_days(client, manager, building):
    dated, undated = windows(building), windows(building, planned=None)
    page = client.get(address("forecast", [dated, undated]))
    assert page.context["choice"].undated == 1
    client.post(
        address("forecast", [dated, undated]), {"seen": seen(dated, undated), "later_by": 7, "reason_en": "Rain"}
    )
    assert [line.milestone_id for line in MilestoneChange.objects.get().lines.all()] == [dated.pk]


def test_homes_that_came_after_the_look_are_not_moved_with_the_others(client, manager, building):
    step = windows(building)
    windows(building)
    place = f"building:{building.pk}"
    client.post(whole("forecast", place), {"seen": seen(step), "later_by": 7, "reason_en": "Rain"})
    assert [line.milestone_id for line in MilestoneChange.objects.get().lines.all()] == [step.pk]


def test_one_reached_after_the_look_stops_all_and_says_which(client, manager, building, settings):
    settings.MILESTONE_APPROVAL = False
    one, two = windows(building), windows(building)
    before = seen(one, two)
    claimed([two], StaffFactory())
    page = client.post(address("forecast", [one, two]), {"seen": before, "later_by": 7, "reason_en": "Rain"})
    assert f"of {two.journey.home} meanwhile" in page.content.decode()
    assert not MilestoneChange.objects.filter(kind="forecast").exists()


def test_too_many_at_once_are_refused(client, manager, estate, monkeypatch):
    monkeypatch.setattr("portal.desk.board_choice.MOST", 2)
    answer = client.get(whole("forecast", estate[0]), follow=True)
    assert "building by building" in answer.content.decode()


@pytest.mark.parametrize("place", ["estate:x", "estate:", "building:00000000-0000-4000-8000-000000000000", "%00"])
def test_a_place_that_is_none_is_the_first_one_of_ones_own(client, manager, building, place):
    step = windows(building)
    assert client.get(whole("forecast", place)).context["choice"].steps == [step]


def test_a_refusal_among_many_names_the_home(client, manager, building):
    young, old = windows(building), windows(building)
    old.journey.started = TODAY + timedelta(days=2)
    old.journey.save()
    given = {"seen": seen(young, old), "to": TODAY, "reason_en": "x"}
    page = client.post(address("forecast", [young, old]), given).content.decode()
    assert f"{old.journey.home}: The work began" in page


def test_what_all_have_reached_is_folded_away(client, manager, building, settings):
    settings.MILESTONE_APPROVAL = False
    step = windows(building)
    page = client.get(reverse("site:board")).context
    assert (page["folded"], [column.code for column in page["columns"]][:2]) == (
        0,
        ["risks-disclosed", "contract-signed"],
    )
    claimed([step], StaffFactory())
    page = client.get(reverse("site:board")).context
    assert (page["folded"], "windows" in [column.code for column in page["columns"]]) == (1, False)
    assert client.get(reverse("site:board"), {"all": 1}).context["folded"] == 0


def test_homes_stand_in_the_order_of_their_numbers(client, manager, building):
    steps = [windows(building) for _each in range(3)]
    for step, number in zip(steps, ["2-1002", "2-301", "2-201"], strict=True):
        step.journey.home.number = number
        step.journey.home.save()
    rows = client.get(reverse("site:board")).context["rows"]
    assert [row.journey.home.number for row in rows] == ["2-201", "2-301", "2-1002"]


# --- evidence that is stored already -----------------------------------------------------------------------------


@pytest.fixture
def supervisor(building, client):
    user = StaffFactory(group="Supervisors", development=building.development)
    client.force_login(user)
    return user


def with_document(step, document):
    return {"seen": seen(step), "on": TODAY, "taken_on": TODAY, "document": document.pk}


def test_a_document_of_the_home_shows_that_it_is_reached(client, supervisor, building):
    step = windows(building)
    report = HomeDocumentFactory(home=step.journey.home, kind="report")
    assert client.post(address("reached", [step]), with_document(step, report)).status_code == 302
    proof = Evidence.objects.get()
    assert (proof.document, proof.file, proof.taken_on) == (report, report.file, TODAY)


@pytest.mark.parametrize("case", ["of another home", "for owners only", "withdrawn"])
def test_other_documents_do_not(client, supervisor, building, case):
    step, other = windows(building), windows(building)
    document = {
        "of another home": lambda: HomeDocumentFactory(home=other.journey.home, kind="report"),
        "for owners only": lambda: HomeDocumentFactory(home=step.journey.home, kind="report", min_role="owner"),
        "withdrawn": lambda: HomeDocumentFactory(
            home=step.journey.home, kind="report", withdrawn_at=NOW, withdrawn_reason="x"
        ),
    }[case]()
    HomeDocumentFactory(home=step.journey.home, kind="plan")  # so that there is a field at all
    page = client.post(address("reached", [step]), with_document(step, document))
    assert "document" in page.context["form"].errors
    assert not MilestoneChange.objects.exists()


def test_documents_are_offered_to_who_looks_after_them_and_for_one_home_only(client, manager, supervisor, building):
    one, two = windows(building), windows(building)
    HomeDocumentFactory(home=one.journey.home, kind="report")

    def offered(*steps):
        return "document" in client.get(address("reached", list(steps))).context["form"].fields

    assert (offered(one), offered(one, two), offered(two)) == (True, False, False)
    client.force_login(manager)
    assert offered(one) is False


def test_photos_of_the_size_that_cameras_make_arrive(client, manager, building):
    step = windows(building)
    large = SimpleUploadedFile("south.jpg", TINY_JPEG + bytes(6 * 1024 * 1024), "image/jpeg")
    given = {"seen": seen(step), "on": TODAY, "taken_on": TODAY, "evidence": large}
    assert client.post(address("reached", [step]), given).status_code == 302
    assert Evidence.objects.count() == 1
