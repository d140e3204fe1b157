"""Who hears of a clock, and when; what the owner is told before it is late; what pages draw."""

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from accounts.notices.models import Notice
from portal.tickets.clocks.models import Clock
from portal.tickets.clocks.pausing import pause
from portal.tickets.clocks.reckoning import RESOLUTION, RESPONSE
from portal.tickets.clocks.showing import shown, shown_each, shown_first
from portal.tickets.clocks.sweep import sweep
from portal.tickets.models import Ticket
from portal.tickets.steps import take_step
from progress.promises.models import Promise
from tests.factories import UserFactory
from tests.portal.tickets.clock_stories import SHANGHAI, Role, answered, colleague, reported, solve, there

SOLVED_BY = there(30, 18) + timedelta(days=1)  # 52.5 hours of work
HALF, MOST, NEAR = there(26, 14, 15), there(30, 15), there(30, 11, 15) + timedelta(days=1)


@pytest.fixture
def staff(db):
    """A ticket that has been answered, and whoever has it, the supervisor and the manager of the place."""
    ticket = answered(team=Role.CUSTOMER_SERVICE)
    people = [colleague(ticket, role) for role in (Role.CUSTOMER_SERVICE, Role.SUPERVISOR, Role.MANAGER)]
    ticket.assignee = people[0]
    ticket.save()
    Clock.objects.exclude(kind=RESOLUTION).update(next_warning_at=None)
    return ticket, *people


def warned(notices=None):
    """Who has been warned, each once a warning."""
    rows = Notice.objects.filter(kind__startswith="ticket-warning", channel="inbox").order_by("created_at", "key")
    return [notice.user for notice in rows]


def hearing(ticket, at):
    """Who hears at `at`, and nobody twice."""
    Notice.objects.all().delete()
    sweep(at=at)
    found = warned()
    sweep(at=at)
    assert warned() == found
    return set(found)


class TestWarnings:
    def test_first_whoever_has_it_then_the_supervisor_then_the_manager(self, staff):
        ticket, agent, supervisor, manager = staff
        assert hearing(ticket, HALF - timedelta(minutes=1)) == set()
        assert hearing(ticket, HALF) == {agent}
        assert hearing(ticket, MOST) == {agent, supervisor}
        assert hearing(ticket, SOLVED_BY) == {agent, supervisor, manager}
        assert Clock.objects.get(kind=RESOLUTION).warned == 100

    def test_late_the_highest_one_is_said_and_those_before_are_not(self, staff):
        ticket, agent, supervisor, _manager = staff
        assert hearing(ticket, MOST + timedelta(minutes=5)) == {agent, supervisor}
        assert Notice.objects.filter(kind="ticket-warning", channel="inbox").count() == 2

    def test_what_is_solved_or_waits_warns_nobody(self, staff):
        ticket, *_people = staff
        solve(ticket, there(24, 9))
        assert hearing(ticket, SOLVED_BY) == set()

    def test_an_emergency_is_told_by_every_way_at_once(self, db):
        ticket = reported(there(23, 22), priority="emergency")
        agent = colleague(ticket, Role.CUSTOMER_SERVICE)
        sweep(at=there(23, 22, 16))
        assert set(Notice.objects.values_list("kind", "channel", "user")) == {
            ("ticket-warning-urgent", channel, agent.pk) for channel in ("inbox", "email", "sms")
        }

    def test_without_a_supervisor_the_manager_hears(self, staff):
        ticket, agent, supervisor, manager = staff
        supervisor.assignments.all().delete()
        assert hearing(ticket, MOST) == {agent, manager}

    def test_without_anybody_above_the_superusers_hear_else_everybody_there(self, staff):
        ticket, agent, supervisor, manager = staff
        supervisor.assignments.all().delete()
        manager.assignments.all().delete()
        assert hearing(ticket, MOST) == {agent}
        root = UserFactory(is_superuser=True)
        assert hearing(ticket, SOLVED_BY) == {agent, root}

    @pytest.mark.parametrize("left", ["login", "post"])
    def test_in_the_place_of_an_agent_who_left_their_team_hears_else_the_supervisor(self, staff, left):
        ticket, agent, supervisor, _manager = staff
        if left == "login":
            agent.is_active = False
            agent.save()
        else:
            agent.assignments.all().delete()
        assert hearing(ticket, HALF) == {supervisor}
        other = colleague(ticket, Role.CUSTOMER_SERVICE)
        assert hearing(ticket, MOST) == {other, supervisor}

    def test_one_that_breaks_does_not_hold_up_the_others(self, staff, monkeypatch):
        ticket, *_people = staff
        other = answered(ownership__home__building=ticket.home.building)
        Clock.objects.filter(ticket=other).exclude(kind=RESOLUTION).update(next_warning_at=None)
        broken = []

        def postpone(ticket, *args, **kwargs):
            broken.append(ticket.pk)
            raise RuntimeError

        monkeypatch.setattr("portal.tickets.clocks.sweep.postpone_by_itself", postpone)
        sweep(at=NEAR)
        assert (sorted(broken), len(warned())) == (sorted([ticket.pk, other.pk]), 4)

    def test_ten_that_are_due_cost_as_many_queries_as_one(self, staff):
        ticket, *_people = staff

        def count():
            with CaptureQueriesContext(
                connection,
            ) as queries:
                sweep(at=HALF)
            return len(queries)

        one = count()
        for _each in range(10):
            answered(ownership__home__building=ticket.home.building)
        Clock.objects.exclude(kind=RESOLUTION).update(next_warning_at=None)
        assert count() <= one
        assert len(warned()) == 11


class TestOwner:
    def test_before_it_is_late_the_owner_has_a_new_date_and_we_have_not(self, staff, told):
        ticket, *_people = staff
        sweep(at=NEAR)
        clock = Clock.objects.get(kind=RESOLUTION)
        move = Promise.objects.get(key__contains=RESOLUTION).moved.get()
        assert (clock.due_at, clock.promised_at) == (SOLVED_BY, move.to_due_at)
        assert clock.promised_at == datetime(2026, 12, 7, 14, 15, tzinfo=SHANGHAI)  # 26.25 hours of work later
        assert "will not be by the date we gave" in move.reason_en
        assert (ticket.owner, "ticket-postponed") in told()

    def test_the_next_one_is_further_away(self, staff):
        sweep(at=NEAR)
        first = Clock.objects.get(kind=RESOLUTION)
        sweep(at=first.near_at)
        second = Clock.objects.get(kind=RESOLUTION)
        work = timedelta(hours=26.25)
        assert second.promised_at - first.promised_at > 2 * work
        assert second.due_at == SOLVED_BY

    def test_where_staff_gave_a_date_that_one_counts(self, staff, told):
        ticket, *_people = staff
        date = SOLVED_BY + timedelta(days=3)
        take_step(ticket, "postponed", by=None, at=MOST, reason_en="Tiles.", due_at=date.isoformat())
        sweep(at=NEAR)
        assert Clock.objects.get(kind=RESOLUTION).promised_at == date


class TestShown:
    @pytest.mark.parametrize(
        ("at", "expected"),
        [
            (there(23, 9), ("running", "", "6 working days left", 100)),
            (MOST, ("running", "warning", "10 working hours left", 20)),
            (SOLVED_BY + timedelta(hours=15, minutes=30), ("late", "danger", "30 working minutes over", 100)),
        ],
    )
    def test_what_is_left(self, db, at, expected):
        found = shown_first(answered(there(23, 9)), at)
        assert (found.state, found.tone, found.title, found.left) == expected
        assert found.text == "Solved by Tuesday 1 December 2026, 18:00"

    def test_the_first_answer_stands_first_and_each_has_its_own(self, db):
        ticket = reported()
        assert shown_first(ticket, there(23, 10)).kind == RESPONSE
        take_step(ticket, "replied", by=None, at=there(23, 10))
        with override("zh-hans"):
            assert [each.state for each in shown(ticket, there(23, 10))] == ["kept", "running", "running"]

    def test_what_waits_says_why(self, db):
        ticket = answered(kind="complaint")
        why = {"why": "weather", "reason_en": "Rain.", "review_on": date(2026, 11, 27)}
        pause(ticket, **why, by=None, at=there(23, 16))
        found = shown_first(ticket, there(24, 16))
        assert (found.state, found.tone, found.title, str(found.text)) == ("paused", "quiet", "Stopped", "Rain.")

    def test_many_cost_as_many_queries_as_one(self, db, django_assert_num_queries):
        for _each in range(3):
            answered()
        tickets = list(Ticket.objects.with_place())
        queries = 3  # clocks, pauses, versions of the times; and one a calendar
        with django_assert_num_queries(queries + 1):
            assert len(shown_each(tickets, there(23, 12))) == 3
