"""Dates of milestones on the desk."""

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.events.models import Event
from progress.journeys.actions import JourneyError, date_milestone
from progress.journeys.models import Journey, JourneyTemplate, Milestone
from tests.factories import NOW, TODAY, StaffFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ours")]


def change(client, journey, changes):
    """Post the form as the browser would, with some dates filled in: {0: {"actual": "2026-11-20"}}."""
    url = reverse("desk_journey:edit", args=[journey.pk])
    steps = client.get(url).context["dates"]
    return send(client, url, steps, changes)


def send(client, url, steps, changes):
    data = {field.html_name: field.value() or "" for step in steps for field in step}
    data |= {field.html_initial_name: field.value() or "" for step in steps for field in step}
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


class TestTwoTabs:
    """Two people have the same journey open."""

    @pytest.fixture(autouse=True)
    def _today(self):
        with time_machine.travel(NOW):
            yield

    @pytest.fixture
    def journey(self, ours):
        return ours.rows["desk_journey"]

    @pytest.fixture
    def tabs(self, manager, journey, ours):
        """A function that sends what one of the two changes; both pages were opened before either is sent."""
        url = reverse("desk_journey:edit", args=[journey.pk])
        other = Client()
        other.force_login(StaffFactory(group="Supervisors", development=ours.development, name="Gu Qing"))
        pages = [(client, client.get(url).context["dates"]) for client in (other, manager)]
        return lambda number, changes: send(pages[number][0], url, pages[number][1], changes)

    def dates(self, journey):
        return [(str(step.planned), str(step.forecast)) for step in journey.milestones.all()[:2]]

    def test_at_different_steps_each_keeps_what_they_wrote(self, tabs, journey):
        assert tabs(0, {0: {"planned": "2026-12-01"}}).status_code == 302
        assert tabs(1, {1: {"planned": "2026-12-02"}}).status_code == 302
        assert self.dates(journey) == [("2026-12-01", "None"), ("2026-12-02", "None")]

    def test_at_the_same_step_the_second_is_refused_and_shown_both(self, tabs, journey):
        tabs(0, {0: {"planned": "2026-12-01"}})
        response = tabs(1, {0: {"planned": "2026-12-09"}, 1: {"planned": "2026-12-02"}})
        page = response.content.decode()
        assert "Somebody else has changed this step meanwhile." in page
        assert "Gu Qing wrote:" in page
        assert "1 December 2026" in page
        assert 'value="2026-12-09"' in page
        assert self.dates(journey) == [("2026-12-01", "None"), ("None", "None")]

    def test_sent_once_more_it_replaces_what_was_shown(self, tabs, journey, manager):
        tabs(0, {0: {"planned": "2026-12-01"}})
        steps = tabs(1, {0: {"planned": "2026-12-09"}}).context["dates"]
        data = {field.html_name: field.value() or "" for step in steps for field in step}
        for step in steps:
            for field in step:
                data[field.html_initial_name] = step.data.get(field.html_initial_name, "")
        url = reverse("desk_journey:edit", args=[journey.pk])
        assert manager.post(url, data | {"ended": ""}).status_code == 302
        assert self.dates(journey)[0] == ("2026-12-09", "None")

    def test_the_end_that_the_other_set_stays(self, tabs, journey):
        Journey.objects.filter(pk=journey.pk).update(ended="2026-11-22")
        assert tabs(1, {0: {"planned": "2026-12-01"}}).status_code == 302
        journey.refresh_from_db()
        assert str(journey.ended) == "2026-11-22"


def test_the_action_compares_under_the_lock(ours):
    step = ours.rows["desk_journey"].milestones.first()
    days = {"planned": TODAY, "forecast": None, "actual": None, "by": None, "today": TODAY}
    date_milestone(step, seen=1, **days)
    with pytest.raises(JourneyError, match="Somebody else has changed"):
        date_milestone(step, seen=1, **days)
    assert date_milestone(step, seen=2, **days).row_version == 3
