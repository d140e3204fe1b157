"""When somebody can come: by weekday and working calendar, without what is taken, in the zone of the place."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.visits.models import Availability
from portal.visits.offers import free_times
from progress.calendar.models import CalendarOverride
from tests.factories import (
    NOW,
    AssignmentFactory,
    DevelopmentFactory,
    EnquiryFactory,
    HomeFactory,
    OwnershipFactory,
    StaffFactory,
)

from .factories import TEN, TUESDAY, AbsenceFactory, AvailabilityFactory, VisitFactory, VisitSettingFactory

SATURDAY = date(2026, 11, 28)


@pytest.fixture
def home(db):
    return HomeFactory()


def times(home, kind="survey", at=NOW, days=14, **given):
    zone = ZoneInfo(home.development.time_zone)
    offers = free_times(kind=kind, home=home, at=at, days=days, **given)
    return [f"{offer.starts.astimezone(zone):%d %H:%M}" for offer in offers]


def available(home, **given):
    return AvailabilityFactory(development=home.development, **({"ends": time(10, 30)} | given))


class TestDays:
    def test_every_half_hour_as_long_as_the_visit_ends_in_time(self, home):
        available(home)
        assert times(home) == ["24 09:00", "24 09:30", "01 09:00", "01 09:30"]

    @pytest.mark.parametrize(
        ("at", "first"),
        [
            (datetime(2026, 11, 23, 8, 0, tzinfo=UTC), "24 09:00"),  # Monday afternoon
            (datetime(2026, 11, 23, 12, 0, tzinfo=UTC), "01 09:00"),  # Monday evening, read on Tuesday
            (datetime(2026, 11, 21, 2, 0, tzinfo=UTC), "24 09:00"),  # Saturday, read on Monday
        ],
    )
    def test_a_survey_is_booked_a_working_day_ahead(self, home, at, first):
        available(home)
        assert times(home, at=at)[0] == first

    def test_what_is_urgent_needs_no_notice(self, home):
        available(home)
        assert times(home, at=TEN - timedelta(hours=3), urgent=True)[0] == "24 09:00"

    def test_a_day_off_has_none_but_for_those_who_come_on_such_days(self, home):
        available(home)
        CalendarOverride.objects.create(calendar="CN", date=TUESDAY + timedelta(days=7), working=False)
        assert times(home) == ["24 09:00", "24 09:30"]
        Availability.objects.update(on_days_off=True)
        assert times(home) == ["24 09:00", "24 09:30", "01 09:00", "01 09:30"]

    def test_a_saturday_that_makes_up_is_like_friday(self, home):
        available(home, weekday=4)
        CalendarOverride.objects.create(calendar="CN", date=SATURDAY, working=True)
        assert times(home, days=7) == ["27 09:00", "27 09:30", "28 09:00", "28 09:30"]

    def test_a_day_with_hours_of_its_own_has_those_alone(self, home):
        available(home, ends=time(18))
        CalendarOverride.objects.create(calendar="CN", date=TUESDAY, working=True, hours="09:00-11:00")
        assert times(home, days=3) == ["24 09:00", "24 09:30", "24 10:00"]

    def test_only_from_the_first_until_the_last_day(self, home):
        available(home, valid_from=TUESDAY + timedelta(days=1), valid_until=TUESDAY + timedelta(days=7))
        assert times(home, days=30) == ["01 09:00", "01 09:30"]

    def test_nine_in_the_morning_stays_nine_when_clocks_change(self, home):
        home.development.time_zone, home.development.calendar = "Europe/Berlin", "DE"
        home.development.save()
        for weekday in (5, 6):
            available(home, weekday=weekday, ends=time(10), on_days_off=True)
        offers = free_times(kind="survey", home=home, at=datetime(2027, 3, 24, 8, 0, tzinfo=UTC), days=5)
        assert [offer.starts for offer in offers] == [
            datetime(2027, 3, 27, 8, 0, tzinfo=UTC),
            datetime(2027, 3, 28, 7, 0, tzinfo=UTC),
        ]

    def test_in_the_hour_that_the_clocks_skip_nobody_is_asked_twice(self, home):
        home.development.time_zone, home.development.calendar = "Europe/Berlin", "DE"
        home.development.save()
        available(home, weekday=6, starts=time(1), ends=time(4), on_days_off=True)
        found = times(home, at=datetime(2027, 3, 24, 8, 0, tzinfo=UTC), days=5)
        assert found == ["28 01:00", "28 01:30", "28 03:00"]


class TestPeople:
    def test_what_is_taken_is_not_offered_nor_is_the_way_there(self, home):
        one = available(home, ends=time(13))
        VisitFactory(ownership=OwnershipFactory(home__building=home.building), person=one.person)
        assert times(home, days=3) == ["24 11:30", "24 12:00"]

    def test_a_visit_that_moves_does_not_stand_in_its_own_way(self, home):
        one = available(home)
        visit = VisitFactory(ownership=OwnershipFactory(home=home), person=one.person)
        assert times(home, days=3, moving=visit) == ["24 09:00", "24 09:30"]

    def test_of_a_team_everybody_assigned_there(self, home):
        first, second = (StaffFactory(name=name, development=home.development) for name in "ab")
        StaffFactory(development=DevelopmentFactory())
        available(home, team="site_manager")
        AbsenceFactory(person=first, first_day=TUESDAY, last_day=TUESDAY)
        assert {offer.person for offer in free_times(kind="survey", home=home, at=NOW, days=3)} == {second}

    def test_who_enquires_without_a_development_is_offered_those_who_go_anywhere(self, db):
        one = AvailabilityFactory(development=None, person=StaffFactory(everywhere=True), ends=time(10, 30))
        AvailabilityFactory()
        offers = free_times(kind="survey", enquiry=EnquiryFactory(), at=NOW, days=3)
        assert [(offer.starts, offer.person) for offer in offers] == [
            (TEN - timedelta(hours=1), one.person),
            (TEN - timedelta(minutes=30), one.person),
        ]

    def test_whoever_does_not_work_there_any_more_comes_no_more(self, home):
        one = available(home)
        one.person.assignments.update(state="ended", until=TUESDAY)
        assert times(home) == []

    def test_a_kind_of_its_own_and_a_setting_of_its_own(self, home):
        available(home, kind="design", ends=time(11))
        VisitSettingFactory(development=home.development, kind="design", minutes=120, buffer_minutes=0)
        assert (times(home, days=3), times(home, kind="design", days=3)) == ([], ["24 09:00"])

    def test_sixty_days_and_twenty_colleagues_cost_no_more_queries_than_one(self, home):
        def queries(days):
            with CaptureQueriesContext(connection) as asked:
                assert free_times(kind="survey", home=home, at=NOW, days=days)
            return len(asked)

        available(home)
        few = queries(3)
        for number in range(20):
            person = AssignmentFactory(development=home.development).user
            available(home, person=person, weekday=number % 5, ends=time(18))
            AbsenceFactory(person=person)
            VisitFactory(ownership__home=home, person=person)
        assert (few, queries(60)) == (8, 8)
