"""Dates of milestones on the desk."""

import pytest
import time_machine
from django.urls import reverse

from accounts.events.models import Event
from progress.journeys.models import Journey, JourneyTemplate, Milestone
from tests.factories import NOW, StaffFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ours")]


def change(client, journey, changes):
    """Post the form as the browser would, with some dates filled in: {0: {"actual": "2026-11-20"}}."""
    url = reverse("desk_journey:edit", args=[journey.pk])
    steps = client.get(url).context["dates"]
    data = {field.html_name: field.value() or "" for step in steps for field in step}
    for number, dates in changes.items():
        data |= {f"{steps[number].prefix}-{name}": day for name, day in dates.items()}
    return client.post(url, data | {"ended": ""})


@pytest.fixture
def manager(client, ours):
    client.force_login(StaffFactory(group="Site managers", development=ours.development))
    return client


@time_machine.travel(NOW)
def test_a_site_manager_dates_steps_and_only_those_are_noted(manager, ours):
    journey = ours.rows["desk_journey"]
    change(manager, journey, {0: {"actual": "2026-11-20"}, 1: {"planned": "2026-12-24"}})
    first, second = journey.milestones.all()[:2]
    assert (str(first.actual), first.state) == ("2026-11-20", Milestone.State.REACHED)
    assert (str(second.planned), second.state) == ("2026-12-24", Milestone.State.PLANNED)
    assert Event.objects.filter(verb="dated").count() == 2


@time_machine.travel(NOW)
def test_a_step_reached_tomorrow_is_refused_in_words_and_nothing_is_kept(manager, ours):
    response = change(manager, ours.rows["desk_journey"], {0: {"planned": "2026-12-24"}, 1: {"actual": "2026-11-23"}})
    assert b"on the day it happens, not before" in response.content
    assert not Milestone.objects.exclude(actual=None, planned=None).exists()


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
