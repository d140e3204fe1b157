"""Visits: booked, moved, cancelled; nobody comes to two homes at one time."""

from datetime import UTC, datetime, timedelta
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from portal.visits.asking import ask_for_visit
from portal.visits.booking import assign_visit, book_visit, cancel_visit, move_visit
from portal.visits.cells import numbers
from portal.visits.errors import TakenError, VisitError
from portal.visits.models import Visit, VisitCell
from portal.visits.offers import Roster
from portal.visits.work import Visits
from progress.promises.models import Promise
from progress.transfers.actions import transfer_home
from tests.concurrency import all_at_once, without_locks
from tests.factories import NOW, TODAY, DevelopmentFactory, EnquiryFactory, OwnerFactory, OwnershipFactory, StaffFactory

from .factories import TEN, AbsenceFactory, AvailabilityFactory, VisitFactory

HALF = timedelta(minutes=30)
DAY_BEFORE = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)  # 17:30 in Shanghai, that Monday
A_MINUTE = timedelta(minutes=1)


def colleague_free(tie):
    """One colleague of the home's development can come on Tuesdays from nine until twelve."""
    return AvailabilityFactory(development=tie.home.development).person


@pytest.fixture
def tie(db):
    return OwnershipFactory()


@pytest.fixture
def colleague(tie):
    return colleague_free(tie)


def book(tie, starts=TEN, **given):
    given = {"visit_id": uuid4(), "kind": "survey", "by": tie.owner.user, "at": NOW} | given
    return book_visit(home=tie.home, starts=starts, **given)


def neighbour_of(tie):
    return OwnershipFactory(home__building=tie.home.building)


def promises_of(visit):
    rows = Promise.objects.filter(kind="visit-confirmed", subject_id=str(visit.pk)).order_by("key")
    return [(row.state, row.due_at, row.responsible) for row in rows]


class TestBooking:
    def test_the_owner_and_the_visitor_are_told_and_the_confirmation_is_promised(self, tie, colleague, told):
        visit = book(tie)
        assert (visit.state, visit.person, visit.ends) == ("booked", colleague, TEN + 2 * HALF)
        assert sorted(told(), key=str) == sorted([(tie.owner, "visit-booked"), (colleague, "visit-yours")], key=str)
        assert promises_of(visit) == [("due", DAY_BEFORE, colleague)]

    def test_a_form_sent_twice_makes_one_visit(self, tie, colleague):
        again = uuid4()
        assert book(tie, visit_id=again) == book(tie, visit_id=again)
        assert Visit.objects.count() == 1

    def test_a_form_of_another_home_is_refused(self, tie, colleague):
        with pytest.raises(VisitError, match="sent already"):
            book(neighbour_of(tie), visit_id=book(tie).pk)

    def test_the_way_to_the_next_home_is_kept_free(self, tie, colleague):
        book(tie, TEN - 2 * HALF)
        with pytest.raises(TakenError):
            book(neighbour_of(tie), TEN)
        assert book(neighbour_of(tie), TEN + HALF).person == colleague

    def test_of_a_team_whoever_has_the_fewest_visits_that_week_comes(self, tie):
        first, second = StaffFactory.create_batch(2, development=tie.home.development)
        AvailabilityFactory(development=tie.home.development, team="site_manager")
        VisitFactory(ownership=neighbour_of(tie), person=first, starts=TEN + timedelta(days=1))
        assert book(tie).person == second

    def test_somebody_else_of_the_team_comes_when_the_first_is_taken_meanwhile(self, tie):
        first, second = StaffFactory.create_batch(2, development=tie.home.development)
        AvailabilityFactory(development=tie.home.development, team="site_manager")
        VisitFactory(ownership=neighbour_of(tie), person=first)
        with patch.object(Roster, "free_at", lambda roster, starts: [first.pk, second.pk]):
            assert book(tie).person == second

    @pytest.mark.parametrize(
        ("given", "refusal"),
        [
            ({"at": TEN - timedelta(hours=11)}, "working day ahead"),  # the evening before
            ({"at": TEN + A_MINUTE}, "past"),
            ({"starts": TEN + A_MINUTE}, "not free"),
            ({"kind": "handover"}, "ask you"),
            ({"kind": "party"}, "no visit"),
            ({"note": "x" * 301}, "300"),
            ({"note": "two\nlines"}, "line"),
            ({"by": None}, "not yours"),
        ],
    )
    def test_what_is_not_possible_is_refused(self, tie, colleague, given, refusal):
        with pytest.raises(VisitError, match=refusal):
            book(tie, **given)
        assert not Visit.objects.exists()

    def test_a_second_visit_of_the_kind_is_refused_while_one_is_to_come(self, tie, colleague):
        book(tie)
        with pytest.raises(VisitError, match="booked already"):
            book(tie, TEN + 3 * HALF)

    def test_an_emergency_goes_at_once_and_is_confirmed_within_two_hours(self, tie):
        staff = StaffFactory(development=tie.home.development)
        visit = book(tie, NOW + timedelta(hours=8), by=staff, person=staff, by_staff=True, urgent=True)
        assert promises_of(visit) == [("due", NOW + timedelta(hours=2), staff)]

    def test_a_promise_of_the_late_evening_waits_for_the_morning(self, tie):
        staff, evening = StaffFactory(development=tie.home.development), NOW + timedelta(hours=11, minutes=30)  # 21:30
        visit = book(tie, TEN - timedelta(days=1), at=evening, by=staff, person=staff, by_staff=True, urgent=True)
        assert promises_of(visit) == [("due", datetime(2026, 11, 23, 0, 0, tzinfo=UTC), staff)]  # 08:00

    @pytest.mark.parametrize("refusal", ["does not work there", "is away"])
    def test_staff_send_nobody_who_is_away_or_works_elsewhere(self, tie, refusal):
        staff = StaffFactory(development=tie.home.development)
        if refusal == "is away":
            AbsenceFactory(person=staff)
        else:
            staff.assignments.update(development=DevelopmentFactory())
        with pytest.raises(VisitError, match=refusal):
            book(tie, by=staff, person=staff, by_staff=True)

    def test_a_guest_is_told_by_the_address_they_gave(self, tie):
        staff = StaffFactory(everywhere=True)
        enquiry = EnquiryFactory(email="lin.yue@example.com")
        given = {"kind": "survey", "person": staff, "by_staff": True, "by": staff, "at": NOW}
        visit = book_visit(visit_id=uuid4(), enquiry=enquiry, starts=TEN, **given)
        assert (visit.home, visit.state, visit.zone) == (None, "booked", "Asia/Shanghai")


class TestAskedFor:
    def test_the_owner_is_told_and_picks_the_time(self, tie, told):
        AvailabilityFactory(development=tie.home.development, kind="handover", starts="08:00", ends="18:00")
        wish = ask_for_visit(visit_id=uuid4(), home=tie.home, kind="handover", by=None, at=NOW)
        assert told() == [(tie.owner, "visit-asked")]
        visit = book(tie, TEN + timedelta(days=7), visit_id=wish.pk, kind="handover")
        assert (visit, visit.state) == (wish, "booked")

    def test_asked_twice_it_is_one(self, tie):
        given = {"visit_id": uuid4(), "home": tie.home, "kind": "check", "by": None, "at": NOW}
        assert ask_for_visit(**given) == ask_for_visit(**given)

    def test_a_time_after_the_last_day_is_refused(self, tie, colleague):
        within = (None, TEN.date() - timedelta(days=1))
        wish = ask_for_visit(visit_id=uuid4(), home=tie.home, kind="survey", by=None, at=NOW, within=within)
        with pytest.raises(VisitError, match="offered"):
            book(tie, visit_id=wish.pk)


class TestMove:
    def test_half_an_hour_later_by_the_same_person(self, tie, colleague):
        visit = book(tie)
        moved = move_visit(visit, starts=TEN + HALF, by=tie.owner.user, at=NOW)
        assert (moved.starts, moved.person, moved.sequence, moved.cells.count()) == (TEN + HALF, colleague, 2, 6)

    def test_the_old_time_stays_where_the_new_one_is_taken(self, tie, colleague):
        visit = book(tie)
        VisitFactory(ownership=neighbour_of(tie), person=colleague, starts=TEN + 3 * HALF)
        with patch.object(Roster, "free_at", lambda roster, starts: [colleague.pk]), pytest.raises(TakenError):
            move_visit(visit, starts=TEN + 2 * HALF, by=tie.owner.user, at=NOW)
        visit.refresh_from_db()
        assert (visit.starts, visit.moved, visit.cells.count()) == (TEN, 0, 6)

    def test_the_promise_moves_along_and_is_given_anew_where_it_was_kept(self, tie, colleague):
        from portal.visits.day import confirm_visit

        visit, week = book(tie), timedelta(days=7)
        move_visit(visit, starts=TEN + week, by=tie.owner.user, at=NOW)
        assert promises_of(visit) == [("due", DAY_BEFORE + week, colleague)]
        confirm_visit(visit, by=colleague, at=NOW)
        move_visit(visit, starts=TEN + 2 * week, by=tie.owner.user, at=NOW)
        assert [row[:2] for row in promises_of(visit)] == [("kept", DAY_BEFORE + week), ("due", DAY_BEFORE + 2 * week)]

    def test_another_colleague_answers_for_it_and_both_hear(self, tie, colleague, told):
        visit, other = book(tie), StaffFactory(development=tie.home.development)
        assign_visit(visit, person=other, by=StaffFactory(), at=NOW)
        assert promises_of(visit) == [("due", DAY_BEFORE, other)]
        assert {(colleague, "visit-not-yours"), (other, "visit-yours"), (tie.owner, "visit-moved")} <= set(told())

    def test_from_half_past_five_of_the_day_before_only_staff_change_it(self, tie, colleague):
        visit = book(tie)
        with pytest.raises(VisitError, match="ring us"):
            cancel_visit(visit, by=tie.owner.user, at=DAY_BEFORE + A_MINUTE)
        assert cancel_visit(visit, by=StaffFactory(), by_staff=True, at=DAY_BEFORE + A_MINUTE).state == "cancelled"


class TestCancel:
    def test_the_time_is_free_again_and_the_promise_void(self, tie, colleague):
        visit = cancel_visit(book(tie), by=tie.owner.user, at=DAY_BEFORE)
        assert (visit.cancelled_because, promises_of(visit)[0][0]) == ("household", "void")
        assert book(neighbour_of(tie)).person == colleague

    def test_a_home_that_changes_hands_calls_it_off_and_the_new_owner_sees_nothing(self, tie, colleague):
        visit, buyer = book(tie), OwnerFactory()
        transfer_home(home=tie.home, to=[buyer], on=TODAY, by=None, at=NOW)
        visit.refresh_from_db()
        assert (visit.cancelled_because, promises_of(visit)[0][0]) == ("transfer", "void")
        assert not Visit.objects.for_user(buyer.user).exists()
        with pytest.raises(VisitError, match="not yours"):
            book(tie)


class TestLeaving:
    def test_a_colleague_takes_over_what_is_free_and_the_rest_stays_listed(self, tie, colleague):
        first = VisitFactory(ownership=tie, person=colleague)
        second = VisitFactory(ownership=tie, person=colleague, starts=TEN + timedelta(days=1))
        to = StaffFactory(development=tie.home.development)
        VisitFactory(ownership=neighbour_of(tie), person=to)
        assert Visits().hand_over(colleague, to=to, by=to, at=NOW) == 1
        assert (list(Visits().of(colleague)), list(Visits().of(to).filter(home=tie.home))) == ([first], [second])


class TestRaces:
    """The unique quarter hours alone decide: whoever looked before the other wrote loses with a kind word."""

    @pytest.fixture
    def ties(self, transactional_db):
        first = OwnershipFactory()
        self.colleague = colleague_free(first)
        return [first, *(neighbour_of(first) for _each in range(3))]

    def test_four_owners_want_one_time(self, ties):
        outcomes = all_at_once(book, ties)
        assert (len(outcomes.returned), outcomes.raised) == (1, [TakenError] * 3)

    def test_and_none_of_them_had_looked_or_locked(self, ties):
        with without_locks(), patch.object(Roster, "free_at", lambda roster, starts: [self.colleague.pk]):
            outcomes = all_at_once(book, ties)
        assert (len(outcomes.returned), outcomes.raised) == (1, [TakenError] * 3)

    def test_without_the_cells_all_would_have_it(self, ties):
        with patch("portal.visits.cells.numbers", lambda *args, **kwargs: []):
            assert len(all_at_once(book, ties).returned) == 4

    def test_one_owner_clicks_twice(self, ties):
        again = uuid4()
        outcomes = all_at_once(lambda tie: book(tie, visit_id=again).pk, [ties[0]] * 3)
        assert (outcomes.returned, outcomes.raised) == ([again] * 3, [])

    def test_two_cells_of_one_quarter_hour_are_impossible_even_without_the_action(self, ties):
        cell = VisitFactory(ownership=ties[0]).cells.first()
        with pytest.raises(IntegrityError), transaction.atomic():
            VisitCell.objects.create(visit=cell.visit, person=cell.person, quarter=cell.quarter)


ACT = st.tuples(st.sampled_from(["book", "move", "cancel"]), st.integers(0, 2), st.integers(0, 5), st.integers(0, 1))


class TestNoOverlap(TestCase):
    @settings(max_examples=8, deadline=None)
    @given(acts=st.lists(ACT, max_size=10))
    def test_no_two_live_visits_of_one_person_overlap_whatever_is_done(self, acts):
        tie = OwnershipFactory()
        people = StaffFactory.create_batch(2, development=tie.home.development)
        visits, common = {}, {"by": people[0], "at": NOW, "by_staff": True}
        for act, number, half_hours, who in acts:
            given = {"starts": TEN + half_hours * HALF, "person": people[who], **common}
            try:
                if act == "book":
                    visits[number] = book_visit(visit_id=uuid4(), home=tie.home, kind="survey", **given)
                elif number in visits:
                    move_visit(visits[number], **given) if act == "move" else cancel_visit(visits[number], **common)
            except VisitError:
                continue
        live = Visit.objects.live().values_list("person", "starts")
        taken = [(person, each) for person, starts in live for each in numbers(starts, minutes=60, buffer=30)]
        assert len(taken) == len(set(taken)) == VisitCell.objects.count()
