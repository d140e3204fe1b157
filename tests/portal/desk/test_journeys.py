"""Dates of milestones on the desk."""

import pytest
import time_machine
from django.urls import reverse

from accounts.events.models import Event
from accounts.notices.models import Notice
from progress.journeys.models import Journey, JourneyTemplate, Milestone
from tests.factories import NOW, StaffFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ours")]


def change(client, journey, days):
    """Post the form as the browser would, with some first dates filled in: {0: "2026-12-24"}."""
    url = reverse("desk_journey:edit", args=[journey.pk])
    steps = client.get(url).context["steps"]
    data = {step.form["planned"].html_name: "" for step in steps if step.form}
    data |= {f"{steps[number].milestone.pk}-planned": day for number, day in days.items()}
    return client.post(url, data | {"ended": ""})


@pytest.fixture
def manager(client, ours):
    client.force_login(StaffFactory(group="Site managers", development=ours.development))
    return client


@time_machine.travel(NOW)
def test_a_site_manager_plans_steps_and_only_those_are_noted(manager, ours):
    journey = ours.rows["desk_journey"]
    change(manager, journey, {0: "2026-11-25", 1: "2026-12-24"})
    first, second = journey.milestones.all()[:2]
    assert (str(first.planned), str(second.planned)) == ("2026-11-25", "2026-12-24")
    assert {first.state, second.state} == {Milestone.State.PLANNED}
    assert Event.objects.filter(verb="planned").count() == 2
    assert not Notice.objects.filter(kind="milestones-changed").exists()


@time_machine.travel(NOW)
def test_what_has_a_date_is_changed_only_on_the_pages_that_ask_why(manager, ours):
    journey = ours.rows["desk_journey"]
    change(manager, journey, {0: "2026-12-24"})
    change(manager, journey, {0: "2027-01-01"})
    first = journey.milestones.first()
    assert str(first.planned) == "2026-12-24"
    html = manager.get(reverse("desk_journey:edit", args=[journey.pk])).content.decode()
    for act in ("forecast", "reached"):
        address = (
            f"{reverse('desk_updates:milestones', args=[act])}?journey={journey.pk}&amp;step={first.template.code}"
        )
        assert address in html
        assert manager.get(address.replace("&amp;", "&")).status_code == 200


@time_machine.travel(NOW)
def test_nobody_writes_a_forecast_or_a_day_reached_without_a_word(manager, ours):
    journey = ours.rows["desk_journey"]
    step = journey.milestones.first()
    url = reverse("desk_journey:edit", args=[journey.pk])
    manager.post(url, {"ended": "", f"{step.pk}-forecast": "2026-12-24", f"{step.pk}-actual": "2026-11-20"})
    step.refresh_from_db()
    assert (step.planned, step.forecast, step.actual) == (None, None, None)


@time_machine.travel(NOW)
def test_a_plan_before_the_start_is_refused_in_words_and_nothing_is_kept(manager, ours):
    response = change(manager, ours.rows["desk_journey"], {0: "2026-12-24", 1: "2026-11-01"})
    assert b"nothing is planned before" in response.content
    assert not Milestone.objects.exclude(planned=None).exists()


@time_machine.travel(NOW)
def test_a_step_of_another_journey_is_not_taken(manager, ours, theirs):
    foreign = theirs.rows["desk_journey"].milestones.first()
    url = reverse("desk_journey:edit", args=[ours.rows["desk_journey"].pk])
    manager.post(url, {"ended": "", f"{foreign.pk}-planned": "2026-12-24"})
    foreign.refresh_from_db()
    assert foreign.planned is None


def test_customer_service_reads_journeys_and_dates_nothing(client, ours):
    client.force_login(StaffFactory(group="Customer service", development=ours.development))
    journey = ours.rows["desk_journey"]
    assert [
        client.get(reverse(f"desk_journey:{view}", args=[journey.pk])).status_code for view in ("inspect", "edit")
    ] == [200, 404]


def test_a_supervisor_starts_a_journey_with_its_steps_once(desk, ours):
    template = JourneyTemplate.objects.exclude(pk=ours.rows["desk_journey"].template_id).first()
    form = {"home": ours.home.pk, "template": template.pk, "started": "2026-11-01"}
    desk.post(reverse("desk_journey:add"), form)
    journey = Journey.objects.get(template=template)
    assert journey.milestones.exists()
    assert desk.post(reverse("desk_journey:add"), form).status_code == 200
    assert Journey.objects.filter(template=template).count() == 1
