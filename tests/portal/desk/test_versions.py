"""Journey templates on the desk: written as a draft, put in force, homes moved after a look at what happens."""

import pytest
from django.urls import reverse

from progress.journeys import versions
from progress.journeys.actions import start_journey
from progress.journeys.models import Journey, JourneyTemplate
from tests.factories import TODAY, BuildingFactory, HomeFactory, StaffFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def first():
    return JourneyTemplate.objects.get(kind="repair")


@pytest.fixture
def supervisor(client):
    user = StaffFactory(group="Supervisors", everywhere=True)
    client.force_login(user)
    return client


def url(name, *rows):
    return reverse(f"desk_journeytemplate:{name}", args=[row.pk for row in rows])


def stage_form(steps, **values):
    """As the browser posts it: the fields of a stage, and its milestones' codes in order."""
    data = {"name_en": "Order", "name_zh": "报修", "code": "order", "order": 1} | values
    data |= {"steps-TOTAL_FORMS": len(steps), "steps-INITIAL_FORMS": values.get("initial", 0)}
    for number, code in enumerate(steps):
        data |= {
            f"steps-{number}-code": code,
            f"steps-{number}-name_en": code,
            f"steps-{number}-name_zh": code,
            f"steps-{number}-ORDER": number + 1,
        }
    return data


@pytest.fixture
def second(first):
    """A draft with one more milestone in its first stage."""
    draft = versions.draft_version(first, by=None)
    stage = draft.stages.get(code="order")
    steps = list(stage.milestones.values("code", "name_en", "name_zh"))
    versions.save_stage(stage, [*steps, {"code": "called", "name_en": "Called", "name_zh": "已致电"}], by=None)
    return draft


def follows(template, **home):
    return start_journey(home=HomeFactory(**home), template=template, started=TODAY, by=None)


def test_a_version_is_copied_written_and_put_in_force(supervisor, first):
    assert "Homes follow it, so it stays as it is" in supervisor.get(url("version", first)).content.decode()
    supervisor.post(url("draft", first))
    draft = JourneyTemplate.objects.get(kind="repair", version=2)
    stage = draft.stages.get(code="order")
    assert supervisor.get(url("stage", draft, stage)).status_code == 200
    texts = {"happens_en": "We confirm within two hours.", "document_kinds": ["invoice", "report"]}
    answer = supervisor.post(url("stage", draft, stage), stage_form(["order-confirmed", "called"], **texts))
    assert answer.url == url("version", draft)
    stage.refresh_from_db()
    assert (stage.happens_en, stage.document_kinds) == ("We confirm within two hours.", ["invoice", "report"])
    assert list(stage.milestones.values_list("code", flat=True)) == ["order-confirmed", "called"]
    supervisor.post(url("put_in_force", draft))
    draft.refresh_from_db()
    assert draft.is_in_force


def test_milestones_are_put_in_another_order_and_removed(supervisor, first):
    draft = versions.draft_version(first, by=None)
    stage = draft.stages.get(code="order")
    form = stage_form(["a", "b", "c"]) | {"steps-0-ORDER": 9, "steps-1-DELETE": "on"}
    supervisor.post(url("stage", draft, stage), form)
    assert list(stage.milestones.values_list("code", flat=True)) == ["c", "a"]


def test_a_stage_is_added_and_removed(supervisor, first):
    draft = versions.draft_version(first, by=None)
    assert supervisor.get(reverse("desk_journeytemplate:stage_new", args=[draft.pk])).status_code == 200
    form = stage_form(["x"], code="thanks", order="", name_en="Thanks")
    supervisor.post(reverse("desk_journeytemplate:stage_new", args=[draft.pk]), form)
    stage = draft.stages.get(code="thanks")
    assert stage.order is None
    supervisor.post(url("stage_remove", draft, stage))
    assert not draft.stages.filter(code="thanks").exists()


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"code": "survey"}, "Another stage has the code survey"),
        ({"order": 2}, "Another stage has the place 2"),
        ({"order": -1}, "greater than or equal to 0"),
        ({"name_en": ""}, "required"),
        ({"code": "no code"}, "Enter a valid"),
        ({"document_kinds": ["gossip"]}, "not one of the available choices"),
        ({"steps-0-code": "surveyed"}, "Another milestone has the code surveyed"),
        ({"steps-TOTAL_FORMS": "x"}, "ManagementForm data is missing"),
    ],
)
def test_a_stage_that_is_refused_says_why_and_nothing_is_kept(supervisor, first, values, why):
    draft = versions.draft_version(first, by=None)
    stage = draft.stages.get(code="order")
    answer = supervisor.post(url("stage", draft, stage), stage_form(["x"]) | values)
    assert (answer.status_code, why in answer.content.decode()) == (200, True)
    assert list(stage.milestones.values_list("code", flat=True)) == ["order-confirmed"]


def test_a_version_in_force_is_not_edited(supervisor, first):
    stage = first.stages.get(code="order")
    assert supervisor.get(url("stage", first, stage)).url == url("version", first)
    supervisor.post(url("stage", first, stage), stage_form(["x"]))
    supervisor.post(url("stage_remove", first, stage))
    assert list(stage.milestones.values_list("code", flat=True)) == ["order-confirmed"]


def test_a_stage_of_another_version_is_not_found(supervisor, first):
    draft = versions.draft_version(first, by=None)
    assert supervisor.get(url("stage", draft, first.stages.first())).status_code == 404


def test_removing_what_homes_follow_is_refused_in_words(supervisor, first, second):
    follows(first)
    versions.put_in_force(second, by=None)
    answer = supervisor.post(url("remove", first), follow=True)
    assert "1 home follows this version, so it stays." in answer.content.decode()
    assert JourneyTemplate.objects.filter(pk=first.pk).exists()


def test_a_draft_is_discarded(supervisor, second):
    assert supervisor.post(url("remove", second)).url == reverse("desk_journeytemplate:index")
    assert not JourneyTemplate.objects.filter(pk=second.pk).exists()


def test_chosen_homes_are_moved_after_a_look(supervisor, first, second):
    building = BuildingFactory()
    chosen, left = follows(first, building=building), follows(first, building=building)
    versions.put_in_force(second, by=None)
    page = supervisor.get(url("homes", second)).content.decode()
    assert (str(chosen.pk) in page, str(left.pk) in page) == (True, True)
    preview = supervisor.post(url("homes_preview", second), {"journey": [chosen.pk, "x", ""]})
    assert [plan.journey for plan in preview.context["plans"]] == [chosen]
    assert not Journey.objects.filter(template=second).exists()
    supervisor.post(url("homes_move", second), {"journey": [chosen.pk]})
    assert list(Journey.objects.filter(template=second)) == [chosen]
    assert chosen.milestones.filter(template__code="called").exists()


def test_homes_are_offered_by_place_and_only_those_on_an_older_version(supervisor, first, second):
    here, there = BuildingFactory(), BuildingFactory()
    one, other = follows(first, building=here), follows(first, building=there)
    versions.put_in_force(second, by=None)
    new = follows(second, building=here)
    page = supervisor.get(url("homes", second), {"place": f"building:{here.pk}"})
    assert list(page.context["journeys"]) == [one]
    assert sum(place.count for place in page.context["places"]) == 2
    assert not {other, new} & set(page.context["journeys"])


def test_a_home_that_cannot_be_moved_is_named_with_the_reason(supervisor, first):
    journey = follows(first)
    journey.milestones.filter(template__code="signed-off").update(planned=TODAY)
    draft = versions.draft_version(first, by=None)
    versions.remove_stage(draft.stages.get(code="sign-off"), by=None)
    versions.put_in_force(draft, by=None)
    page = supervisor.post(url("homes_preview", draft), {"journey": journey.pk})
    assert "lacks what is dated already: Service sheet signed" in page.content.decode()
    supervisor.post(url("homes_move", draft), {"journey": journey.pk})
    journey.refresh_from_db()
    assert journey.template == first


@pytest.mark.parametrize("junk", [{}, {"journey": "x"}, {"journey": "00000000-0000-4000-8000-000000000000"}])
def test_nothing_chosen_leads_back(supervisor, first, second, junk):
    versions.put_in_force(second, by=None)
    assert supervisor.post(url("homes_preview", second), junk).url == url("homes", second)


def test_an_older_version_is_no_place_to_move_to(supervisor, first, second):
    versions.put_in_force(second, by=None)
    assert supervisor.get(url("homes", first)).status_code == 404


def test_a_new_journey_is_offered_the_versions_in_force(supervisor, first, second):
    form = supervisor.get(reverse("desk_journey:add")).context["form"]
    assert set(form.fields["template"].queryset) == set(JourneyTemplate.objects.in_force())
    assert second not in form.fields["template"].queryset


def test_the_list_says_how_many_homes_are_on_the_way(supervisor, first, second):
    follows(first)
    html = supervisor.get(reverse("desk_journeytemplate:index")).content.decode()
    assert url("version", second) in html


@pytest.mark.parametrize("group", ["Site managers", "Customer service", "Marketing"])
def test_templates_are_for_supervisors_who_work_everywhere(client, first, group):
    for user in (StaffFactory(group=group, everywhere=True), StaffFactory(development=BuildingFactory().development)):
        client.force_login(user)
        assert client.get(url("version", first)).status_code == 404
        assert client.post(url("draft", first)).status_code == 404
