"""The working calendar on the desk."""

from datetime import date

import pytest
from django.urls import reverse

from accounts.events.models import Event
from progress.calendar.models import CalendarOverride
from tests.factories import DevelopmentFactory, StaffFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def supervisor(client):
    user = StaffFactory(group="Supervisors", everywhere=True)
    client.force_login(user)
    return user


def cell(page, day):
    cells = [cell for month in page.context["months"] for week in month["weeks"] for cell in week if cell]
    return next(cell for cell in cells if cell["day"] == day)


@pytest.mark.parametrize(
    ("day", "working", "kind"),
    [
        (date(2026, 11, 23), True, ""),
        (date(2026, 11, 22), False, ""),
        (date(2026, 10, 1), False, "holiday"),
        (date(2026, 10, 10), True, "made-up"),
        (date(2026, 11, 24), False, "changed"),
    ],
)
def test_the_year_says_what_each_day_is(client, supervisor, day, working, kind):
    CalendarOverride.objects.create(date=date(2026, 11, 24), working=False, note="Founders' day")
    shown = cell(client.get(reverse("desk_calendaroverride:year", args=[2026])), day)
    assert (shown["working"], shown["kind"]) == (working, kind)


def test_the_year_of_another_country_is_that_of_its_developments(client, supervisor):
    DevelopmentFactory(calendar="GB-ENG")
    url = reverse("desk_calendaroverride:year", args=[2026])
    page = client.get(f"{url}?calendar=GB-ENG")
    assert cell(page, date(2026, 12, 28))["kind"] == "holiday"  # Boxing Day in place of the Saturday
    assert client.get(f"{url}?calendar=US").status_code == 404


@pytest.mark.parametrize("year", [0, 1999, 2100, 99999])
def test_a_year_out_of_reach_is_not_found(client, supervisor, year):
    assert client.get(reverse("desk_calendaroverride:year", args=[year])).status_code == 404


def test_a_day_chosen_in_the_year_opens_as_its_opposite(client, supervisor):
    form = client.get(reverse("desk_calendaroverride:add") + "?calendar=CN&date=2026-11-22").context["form"]
    assert (form.initial["date"], form.initial["working"]) == (date(2026, 11, 22), True)


@pytest.mark.parametrize("query", ["?calendar=CN&date=soon", "?calendar=XX&date=2026-11-22", "?date="])
def test_a_day_that_is_none_is_no_error(client, supervisor, query):
    assert client.get(reverse("desk_calendaroverride:add") + query).status_code == 200


def test_a_day_is_changed_and_taken_back_on_record(client, supervisor):
    given = {"calendar": "CN", "date": "2026-11-22", "working": "on", "hours": "10:00-12:00", "note": "Open day"}
    client.post(reverse("desk_calendaroverride:add"), given)
    day = CalendarOverride.objects.get()
    assert (day.date, day.working, day.hours) == (date(2026, 11, 22), True, "10:00-12:00")
    client.post(reverse("desk_calendaroverride:as_it_was", args=[day.pk]))
    assert not CalendarOverride.objects.exists()
    assert list(Event.objects.order_by("id").values_list("verb", "actor")) == [
        ("created", supervisor.pk),
        ("taken back", supervisor.pk),
    ]


def test_the_calendar_is_for_those_who_work_everywhere(client):
    client.force_login(StaffFactory(group="Supervisors", development=DevelopmentFactory()))
    day = CalendarOverride.objects.create(date=date(2026, 11, 24))
    answers = [
        client.get(reverse("desk_calendaroverride:index")).status_code,
        client.get(reverse("desk_calendaroverride:year", args=[2026])).status_code,
        client.get(reverse("desk_calendaroverride:edit", args=[day.pk])).status_code,
        client.post(reverse("desk_calendaroverride:as_it_was", args=[day.pk])).status_code,
    ]
    assert answers == [404, 404, 404, 404]
