"""Patterns: the same defect in several homes is noticed once, and the other homes are told once."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.notices import circulars, kinds
from accounts.notices.models import Notice
from portal.tickets.errors import TicketError
from portal.tickets.jobs.models import Contractor, Job
from portal.tickets.models import Ticket
from portal.tickets.patterns.actions import settle, warn
from portal.tickets.patterns.finding import find_patterns
from portal.tickets.patterns.models import Pattern
from progress.models import RightState
from tests.factories import NOW, DevelopmentFactory, HomeFactory, HouseTypeFactory, OwnershipFactory, StaffFactory

from .factories import ComponentFactory, TicketFactory

DAY = timedelta(days=1)
WORDS = {"words_en": "Please look under the sink.", "words_zh": ""}


@pytest.fixture
def estate(db):
    """A house type with five homes; three of them are going to report the same."""

    class Estate:
        development = DevelopmentFactory()
        house_type = HouseTypeFactory(development=development)
        component = ComponentFactory(name_en="Trap")

        def tie(self, **fields):
            home = HomeFactory(
                development=self.development, building=None, **({"house_type": self.house_type} | fields)
            )
            return OwnershipFactory(home=home)

        def ticket(self, tie=None, *, at=NOW - DAY, **fields):
            return TicketFactory(
                ownership=tie or self.tie(), reported_at=at, **({"component": self.component} | fields)
            )

    return Estate()


@pytest.fixture
def pattern(estate):
    for _ in range(3):
        estate.ticket()
    [found] = find_patterns(NOW)
    return found


def told(code):
    return set(Notice.objects.filter(kind=code, channel="email").values_list("owner", "user"))


class TestFinding:
    def test_three_homes_of_one_type_are_a_pattern_once_and_supervisors_hear_of_it(self, estate):
        boss = StaffFactory(group="Supervisors", development=estate.development)
        boss.assignments.update(role="supervisor")
        for _ in range(3):
            estate.ticket()
        [found] = find_patterns(NOW)
        assert (found.house_type, found.component, found.affected_homes().count()) == (
            estate.house_type,
            estate.component,
            3,
        )
        assert (find_patterns(NOW + DAY), Pattern.objects.count()) == ([], 1)
        assert told("ticket-pattern") == {(None, boss.pk)}

    @pytest.mark.parametrize(
        "third",
        [
            {"at": NOW - 181 * DAY},
            {"kind": Ticket.Kind.QUESTION},
            {"component": None},
            {"state": "closed", "outcome": "withdrawn", "closed_at": NOW, "closed_how": "owner"},
            {"state": "closed", "outcome": "duplicate", "closed_at": NOW, "closed_how": "staff"},
        ],
    )
    def test_what_is_old_no_defect_or_taken_back_does_not_count(self, estate, third):
        for _ in range(2):
            estate.ticket()
        estate.ticket(**third)
        assert find_patterns(NOW) == []

    def test_three_of_one_home_or_of_two_types_are_none(self, estate):
        tie = estate.tie()
        for _ in range(3):
            estate.ticket(tie)
        estate.ticket()
        estate.ticket(estate.tie(house_type=HouseTypeFactory(development=estate.development)))
        assert find_patterns(NOW) == []

    def test_homes_where_one_contractor_works_are_one_too(self, estate):
        contractor, colleague = Contractor.objects.create(name="Lin Fittings"), StaffFactory()
        fields = {"contractor": contractor, "contact": colleague, "given_by": colleague, "given_at": NOW}
        tickets = [estate.ticket(estate.tie(house_type=None)) for _ in range(3)]
        jobs = [Job.objects.create(ticket=ticket, expires_at=NOW + DAY, **fields) for ticket in tickets]
        other = estate.ticket(estate.tie(house_type=None), component=ComponentFactory())
        Job.objects.create(ticket=other, expires_at=NOW + DAY, **fields)
        Job.objects.filter(pk=jobs[0].pk).update(state=Job.State.REVOKED)
        assert find_patterns(NOW) == []
        Job.objects.filter(pk=jobs[0].pk).update(state=Job.State.GIVEN)
        [found] = find_patterns(NOW)
        assert (found.contractor, found.affected_homes().count()) == (contractor, 3)
        assert list(found.other_homes()) == [other.home]

    def test_after_it_is_settled_new_cases_make_a_new_one(self, estate, pattern):
        settle(pattern, reason="A new trap in all of them.", by=StaffFactory(), at=NOW)
        assert find_patterns(NOW + DAY) == []
        for _ in range(2):
            estate.ticket(at=NOW + DAY)
        assert find_patterns(NOW + 2 * DAY) == []
        estate.ticket(at=NOW + DAY)
        [again] = find_patterns(NOW + 2 * DAY)
        pattern.refresh_from_db()
        assert (again.affected_homes().count(), pattern.affected_homes().count()) == (3, 3)

    def test_costs_as_many_queries_with_three_times_the_tickets(self, estate, pattern, django_assert_num_queries):
        with django_assert_num_queries(6):
            find_patterns(NOW)
        for _ in range(6):
            estate.ticket()
        with django_assert_num_queries(6):
            find_patterns(NOW)


class TestWarning:
    def test_the_other_homes_owners_are_told_once(self, estate, pattern):
        other, _elsewhere = estate.tie(), OwnershipFactory()
        sold = estate.tie()
        sold.state, sold.until = RightState.ENDED, NOW.date()
        sold.save()
        by = StaffFactory()
        warn(pattern, **WORDS, by=by, at=NOW)
        assert told("ticket-pattern-warning") == {(other.owner_id, None)}
        with pytest.raises(TicketError, match="told already"):
            warn(pattern, **WORDS, by=by, at=NOW + DAY)
        kind, subject = kinds.get("ticket-pattern-warning"), Pattern.objects.with_place().get()
        assert kind.paragraphs(subject) == ["Please look under the sink."]
        assert (kind.still_concerns(subject, other.owner), kind.still_concerns(subject, sold.owner)) == (True, False)

    def test_without_words_or_after_it_is_settled_nobody_is_told(self, pattern):
        by = StaffFactory()
        with pytest.raises(TicketError, match="at least in one language"):
            warn(pattern, words_en=" ", words_zh="", by=by, at=NOW)
        settle(pattern, reason="Known.", by=by, at=NOW)
        with pytest.raises(TicketError, match="settled already"):
            warn(pattern, **WORDS, by=by, at=NOW)
        assert told("ticket-pattern-warning") == set()

    def test_many_are_told_by_the_worker(self, estate, pattern, monkeypatch):
        monkeypatch.setattr(circulars, "FEW", 1)
        owners = {(estate.tie().owner_id, None) for _ in range(3)}
        warn(pattern, **WORDS, by=StaffFactory(), at=NOW)
        assert told("ticket-pattern-warning") == set()
        circulars.write(clock=lambda: NOW)
        assert told("ticket-pattern-warning") == owners


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"house_type": None}, "pattern_of_a_type_or_a_contractor"),
        ({"state": "settled"}, "pattern_settled_with_a_reason"),
        ({"state": "warned"}, "pattern_warned_has_a_time"),
        ({"state": "warned", "warned_at": NOW}, "pattern_warned_in_words"),
    ],
)
def test_what_cannot_be_is_impossible(pattern, fields, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Pattern.objects.update(**fields)


def test_two_at_a_time_are_impossible(pattern):
    values = {name: getattr(pattern, name) for name in ("development", "component", "house_type", "since", "found_at")}
    with pytest.raises(IntegrityError), transaction.atomic():
        Pattern.objects.create(**values)
