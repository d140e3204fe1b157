"""The clocks of tickets in the database: they follow the history and move their promises."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError

from portal.tickets.clocks.keeping import Reckoner
from portal.tickets.clocks.models import Clock, Pause, Policy
from portal.tickets.clocks.pausing import agree, decline, pause, resume
from portal.tickets.clocks.policies import change_policy
from portal.tickets.clocks.postponing import postpone
from portal.tickets.clocks.reckoning import RESOLUTION, RESPONSE, UPDATE
from portal.tickets.clocks.recount import recount
from portal.tickets.clocks.sweep import sweep
from portal.tickets.errors import TicketError
from portal.tickets.models import Ticket
from portal.tickets.steps import take_step
from progress.calendar.models import CalendarOverride
from progress.models import Role as OwnerRole
from progress.promises.models import Promise, PromiseMove
from tests.factories import OwnershipFactory, UserFactory
from tests.portal.tickets.clock_stories import Role, answered, colleague, open_again, reported, solve, there

SOLVED_BY = there(30, 18) + timedelta(days=1)
BOLTS = {"why": "part", "reason_en": "The bolts come on Thursday."}


def promises(ticket):
    """{kind and round: (state, due)} of a ticket."""
    rows = Promise.objects.filter(subject_id=str(ticket.pk))
    return {row.key.removeprefix(f"ticket:{ticket.pk}:"): (row.state, row.due_at) for row in rows}


def clock(ticket, kind=RESOLUTION):
    return Clock.objects.get(ticket=ticket, kind=kind)


class TestLedger:
    def test_reporting_promises_an_answer_and_a_solution(self, db):
        ticket = reported()
        expected = {"first_response:1": ("due", there(23, 14, 30)), "resolution:1": ("due", SOLVED_BY)}
        assert promises(ticket) == expected
        assert (ticket.due_at, set(Promise.objects.values_list("owner", flat=True))) == (
            there(23, 14, 30),
            {ticket.owner_id},
        )

    def test_an_answer_keeps_its_promise_and_makes_the_next(self, db):
        ticket = reported()
        take_step(ticket, "replied", by=None, at=there(23, 15))
        take_step(ticket, "replied", by=None, at=there(24, 10))
        assert promises(ticket) == {
            "first_response:1": ("late", there(23, 14, 30)),
            "next_update:1": ("kept", there(25, 15)),
            "next_update:2": ("due", there(26, 10)),
            "resolution:1": ("due", SOLVED_BY),
        }
        assert ticket.due_at == there(26, 10)

    def test_opened_again_late_it_is_promised_for_now_and_is_late(self, db):
        ticket = answered()
        solve(ticket, SOLVED_BY + timedelta(hours=1))
        again = SOLVED_BY + timedelta(days=1)
        open_again(ticket, again)
        found = promises(ticket)
        assert (found["resolution:1"][0], found["resolution:2"]) == ("late", ("due", again))
        assert (clock(ticket).due_at, ticket.due_at) == (SOLVED_BY, SOLVED_BY)

    def test_what_is_withdrawn_is_promised_no_more(self, db):
        ticket = reported()
        take_step(ticket, "withdrawn", by=None, at=there(23, 10))
        assert {state for state, _due in promises(ticket).values()} == {"void"}

    def test_the_reason_why_it_was_sorted_anew_is_for_colleagues(self, db):
        ticket = reported()
        now = {"kind": "repair", "priority": "high"}
        take_step(ticket, "routed", by=None, at=there(23, 9), reason_en="They shout.", now=now)
        assert {move.reason_en for move in PromiseMove.objects.all()} == {
            "What it is about or how urgent it is has been corrected."
        }


class TestPause:
    def test_before_the_first_answer_nothing_waits(self, db):
        with pytest.raises(TicketError, match="answer first"):
            pause(reported(), **BOLTS, review_on=date(2026, 11, 26), by=None, at=there(23, 11))

    @pytest.mark.parametrize(
        "bad", [{"review_on": date(2026, 11, 23)}, {"review_on": date(2027, 2, 1)}, {"reason_en": " "}, {"why": "tea"}]
    )
    def test_it_needs_a_reason_and_a_coming_day(self, db, bad):
        with pytest.raises(TicketError):
            pause(answered(), **BOLTS | {"review_on": date(2026, 11, 26)} | bad, by=None, at=there(23, 11))

    def test_a_repair_runs_until_its_owner_agrees(self, db, told):
        ticket = answered()
        asked = pause(ticket, **BOLTS, review_on=date(2026, 11, 26), by=None, at=there(23, 11))
        assert (asked.state, clock(ticket).paused, told()) == ("asked", False, [(ticket.owner, "ticket-paused")])
        agree(asked, by=ticket.owner.user, at=there(23, 16))
        ticket.refresh_from_db()
        assert (ticket.state, ticket.due_at, clock(ticket).counted) == ("paused", None, timedelta(hours=5.5))
        assert PromiseMove.objects.filter(promise__key__contains=RESOLUTION).get().reason_en == BOLTS["reason_en"]

    def test_what_the_owner_declines_runs_on(self, db):
        ticket = answered()
        asked = pause(ticket, **BOLTS, review_on=date(2026, 11, 26), by=None, at=there(23, 11))
        decline(asked, by=ticket.owner.user, at=there(23, 16))
        assert (promises(ticket)["resolution:1"], clock(ticket).paused) == (("due", SOLVED_BY), False)

    def test_only_those_whose_it_is_agree_or_a_colleague_who_rang_them(self, db):
        ticket = answered()
        asked = pause(ticket, **BOLTS, review_on=date(2026, 11, 26), by=None, at=there(23, 11))
        family = OwnershipFactory(home=ticket.home, role=OwnerRole.FAMILY).owner.user
        for stranger in (family, UserFactory()):
            with pytest.raises(TicketError, match="Only whoever"):
                agree(asked, by=stranger, at=there(23, 12))
        agreed = agree(asked, by=colleague(ticket, Role.CUSTOMER_SERVICE), at=there(23, 12), by_telephone=True)
        assert (agreed.state, agreed.by_telephone) == ("running", True)

    def test_it_resumes_where_it_stopped_once_the_owner_has_written(self, db):
        ticket = answered(kind="complaint")
        pause(ticket, **BOLTS | {"why": "owner"}, review_on=date(2026, 11, 27), by=None, at=there(23, 16))
        ticket.refresh_from_db()
        take_step(ticket, "wrote", by=ticket.owner.user, at=there(25, 9))
        assert (ticket.state, clock(ticket).counted, clock(ticket).since) == (
            "open",
            timedelta(hours=5.5),
            there(25, 9),
        )
        assert Pause.objects.get().state == "ended"
        with pytest.raises(TicketError):
            resume(ticket, by=None, at=there(25, 10))

    def test_past_its_review_somebody_is_asked_and_a_working_day_later_it_goes_on(self, db, told):
        ticket = answered(kind="complaint")
        agent = colleague(ticket, Role.CUSTOMER_SERVICE)
        pause(ticket, **BOLTS, review_on=date(2026, 11, 28), by=None, at=there(23, 16))  # a Saturday
        expected = promises(ticket)["resolution:1"]
        sweep(at=there(30, 8, 59))
        assert told()[1:] == []
        sweep(at=there(30, 9))
        assert (told()[1:], clock(ticket).paused) == ([(agent, "ticket-pause-review")], True)
        sweep(at=there(30, 9) + timedelta(days=1))
        assert (clock(ticket).paused, promises(ticket)["resolution:1"]) == (False, expected)

    def test_asked_and_not_answered_by_the_review_it_is_asked_no_more(self, db):
        asked = pause(answered(), **BOLTS, review_on=date(2026, 11, 24), by=None, at=there(23, 11))
        sweep(at=there(24, 9))
        asked.refresh_from_db()
        assert asked.state == "dropped"

    def test_two_that_run_are_impossible_even_without_the_action(self, db):
        ticket = answered(kind="complaint")
        running = pause(ticket, **BOLTS, review_on=date(2026, 11, 26), by=None, at=there(23, 11))
        running.pk = None
        with pytest.raises(IntegrityError, match="ticket_paused_once|pause.ticket_id"):
            running.save(force_insert=True)


class TestOtherDate:
    def test_the_owner_hears_of_it_with_the_reason(self, db, told):
        ticket = answered()
        postpone(ticket, due_at=there(30, 12), reason_zh="要等瓷砖。", by=None, at=there(24, 9))
        move = PromiseMove.objects.get()
        assert (promises(ticket)["resolution:1"], move.reason_zh) == (("due", there(30, 12)), "要等瓷砖。")
        assert told() == [(ticket.owner, "ticket-postponed")]

    @pytest.mark.parametrize(
        "bad", [{"due_at": there(24, 8)}, {"due_at": there(24, 9) + timedelta(days=400)}, {"reason_en": ""}]
    )
    def test_one_that_is_past_or_far_or_unexplained_is_refused(self, db, bad):
        ticket = answered()
        with pytest.raises(TicketError):
            postpone(ticket, **{"due_at": there(30, 12), "reason_en": "Tiles."} | bad, by=None, at=there(24, 9))
        assert not PromiseMove.objects.exists()


class TestCalendar:
    def test_a_day_off_more_moves_the_promise_and_the_owner_is_told(self, db, told):
        ticket = answered()
        CalendarOverride.objects.create(calendar="CN", date=date(2026, 11, 27), working=False)
        moved = {clock.kind: clock.due_at for clock in ticket.clocks.all()}
        recount(at=there(23, 12))
        assert clock(ticket).due_at == SOLVED_BY + timedelta(days=1) > moved[RESOLUTION]
        assert promises(ticket)["resolution:1"] == ("due", SOLVED_BY + timedelta(days=1))
        assert told() == [(ticket.owner, "ticket-postponed")]
        assert recount(at=there(23, 13)) == 0

    def test_longer_hours_may_make_it_late_but_promise_nothing_past(self, db):
        ticket, now = answered(), there(25, 9, 30)
        assert promises(ticket)["next_update:1"] == ("due", there(25, 10))
        CalendarOverride.objects.create(calendar="CN", date=date(2026, 11, 24), working=True, hours="08:00-20:00")
        recount(at=now)
        assert clock(ticket, UPDATE).due_at == there(24, 16, 30)
        assert promises(ticket)["next_update:1"] == ("due", now)
        assert recount(at=now + timedelta(hours=1)) == 0

    def test_a_changed_day_wakes_the_worker(self, db, monkeypatch):
        woken = []
        monkeypatch.setattr("portal.tickets.clocks.tasks.async_task", woken.append)
        day = CalendarOverride.objects.create(calendar="CN", date=date(2026, 11, 27), working=False)
        day.delete()
        assert woken == ["portal.tickets.clocks.tasks.recount_now"] * 2

    def test_one_without_working_days_keeps_nobody_from_answering(self, db, monkeypatch):
        ticket = reported()
        monkeypatch.setattr("progress.calendar.clock.WorkDays.stretches", lambda self, day: ())
        take_step(ticket, "replied", by=None, at=there(23, 10))
        assert clock(ticket, RESPONSE).how == "done"


class TestPolicy:
    TIMES = {"first_response": 60, "next_update": None, "resolution": 600, "round_the_clock": True}

    def test_another_one_is_for_tickets_to_come(self, db):
        before = reported()
        change_policy(kind="repair", priority="normal", **self.TIMES, by=None, at=there(24, 9))
        recount(at=there(24, 9))
        assert clock(before).due_at == SOLVED_BY
        assert clock(reported(there(24, 9))).due_at == there(24, 19)

    @pytest.mark.parametrize("bad", [{"first_response": 700}, {"resolution": 0}, {"next_update": -1}])
    def test_one_that_can_not_be_kept_is_refused(self, db, bad):
        with pytest.raises(TicketError):
            change_policy(kind="repair", priority="normal", **self.TIMES | bad, by=None, at=there(24, 9))

    def test_each_kind_and_priority_has_one(self, db):
        pairs = {(kind, priority) for kind in Ticket.Kind.values for priority in Ticket.Priority.values}
        assert set(Policy.objects.values_list("kind", "priority")) == pairs
        assert Reckoner().policies.terms_at(there(23, 9))("repair", "emergency").round_the_clock
