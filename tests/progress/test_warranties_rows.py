"""The rows of warranties: made by the terms, following what is finished, longer after repairs."""

from datetime import date, timedelta
from time import sleep

import pytest
from django.core.cache import cache
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.events.models import Event
from progress.journeys.models import Milestone
from progress.warranties import anchors, keeping, tasks
from progress.warranties.anchors import Anchor, Source
from progress.warranties.covering import covering, terms_in_use
from progress.warranties.lasting import lines_of, path_of
from progress.warranties.models import Term, Warranty, WarrantyExtension
from tests.concurrency import all_at_once, without_locks
from tests.factories import HomeFactory

from .warranty_factories import AT, HANDED_OVER, TODAY, finish, handed_over, keep, part_of, reach, repaired

EXAMPLES = max(60, settings.default.max_examples // 10)
REPAIRED = date(2026, 3, 2)


@pytest.fixture
def repairs(monkeypatch):
    """What an upper app knows of; a list to be filled."""
    known = []
    monkeypatch.setattr(anchors, "_sources", {"test": Source(lambda homes: list(known), lambda moment: set())})
    return known


def days():
    """{system: (first day, last day, longer until)} of what stands for whole systems."""
    rows = Warranty.objects.standing().filter(component=None).select_related("term")
    return {row.term.system: (row.starts, row.ends, row.extended_to) for row in rows}


class TestKeeping:
    def test_a_home_that_is_handed_over_has_a_row_for_each_term_that_lasts(self, db):
        handed_over()
        finish(HomeFactory(), day=TODAY + timedelta(days=1))  # not yet
        two_years = (HANDED_OVER, date(2026, 5, 10), None)
        assert days() == {
            "": two_years,
            "waterproofing": (HANDED_OVER, date(2029, 5, 10), None),
            "heating": (HANDED_OVER, date(2026, 3, 15), None),
            "appliances": (HANDED_OVER, date(2025, 5, 10), None),
            **dict.fromkeys(("electrical", "water", "drainage", "gas"), two_years),
        }

    @pytest.mark.parametrize("day", [date(2024, 8, 1), date(2019, 5, 10)])
    def test_a_handover_that_moves_takes_its_warranties_along(self, db, day):
        home = handed_over()
        before = set(Warranty.objects.values_list("pk", flat=True))
        reach(Milestone.objects.get(journey__home=home, actual=HANDED_OVER), day)
        keep()
        assert days()["waterproofing"] == (day, day.replace(year=day.year + 5), None)
        assert set(Warranty.objects.values_list("pk", flat=True)) == before
        assert Event.objects.filter(verb="moved", subject_kind="warranties.warranty", home_id=home.pk).count() == 8

    def test_a_handover_that_is_taken_back_ends_them_until_it_comes_again(self, db):
        home = handed_over()
        keys = Milestone.objects.get(journey__home=home, actual=HANDED_OVER)
        reach(keys, None)
        keep()
        assert (days(), Warranty.objects.count()) == ({}, 8)
        reach(keys, HANDED_OVER)
        keep()
        assert (len(days()), Warranty.objects.count()) == (8, 8)

    def test_a_term_set_out_of_use_ends_what_hung_on_it(self, db):
        handed_over()
        Term.objects.filter(kind="new_home", system="gas").update(in_use=False)
        keep()
        assert "gas" not in days()

    def test_what_is_in_line_is_left_alone_and_three_homes_take_as_many_queries_as_one(
        self, db, repairs, django_assert_num_queries
    ):
        for count in (1, 3):
            for _each in range(count):
                finish(HomeFactory())
            keep()
            with django_assert_num_queries(6):  # terms, ids, milestones, longer ones, rows, no more ids
                assert keep() == 0


class TestRepairs:
    def test_where_the_term_says_so_the_time_begins_anew_until_the_ticket_is_opened_again(self, db, repairs):
        home, heating = handed_over(), part_of("heating")
        repairs.append(repaired(home, heating, REPAIRED))
        keep()
        row = Warranty.objects.standing().get(component=heating)
        assert (row.starts, row.ends, row.extended_to) == (HANDED_OVER, date(2026, 3, 15), date(2028, 3, 15))
        assert days()["heating"] == (HANDED_OVER, date(2026, 3, 15), None)  # all else of it
        longer = WarrantyExtension.objects.get()
        assert (longer.warranty, longer.repaired_on, longer.from_day, longer.to_day, longer.source_id) == (
            *(row, REPAIRED, date(2026, 3, 15), date(2028, 3, 15)),
            repairs[0].source_id,
        )
        assert covering(home, heating, on=date(2027, 1, 1)).ends == date(2028, 3, 15)
        repairs.clear()
        keep()
        assert not Warranty.objects.standing().filter(component=heating).exists()

    @pytest.mark.parametrize(
        ("reported_on", "kept"),
        [
            (date(2026, 3, 15), ("new_home", date(2026, 3, 15), date(2028, 3, 15))),
            (date(2026, 3, 16), ("repair", date(2027, 3, 30), None)),
        ],
    )
    def test_the_day_of_the_report_decides_however_late_it_is_repaired(self, db, repairs, reported_on, kept):
        home, heating = handed_over(), part_of("heating")
        repairs.append(repaired(home, heating, date(2026, 3, 30), reported_on=reported_on))
        keep()
        row = Warranty.objects.standing().get(component=heating)
        assert (row.term.kind, row.ends, row.extended_to) == kept

    def test_where_the_term_does_not_say_so_the_repair_has_a_warranty_of_its_own(self, db, repairs):
        home, socket = handed_over(), part_of("electrical")
        repairs.append(repaired(home, socket, REPAIRED))
        keep()
        row = Warranty.objects.standing().get(component=socket)
        assert (row.starts, row.ends, row.extended_to) == (REPAIRED, date(2027, 3, 2), None)


class TestMinute:
    @pytest.fixture(autouse=True)
    def fresh(self, db):
        cache.delete(tasks.SEEN)

    def test_what_was_finished_is_there_within_a_minute_and_an_idle_minute_asks_little(
        self, repairs, django_assert_max_num_queries
    ):
        finish(HomeFactory())
        tasks.keep_up_warranties(at=AT)
        assert Warranty.objects.count() == 8
        with django_assert_max_num_queries(6):  # the signs, the cache, the terms
            tasks.keep_up_warranties(at=AT + timedelta(minutes=1))

    def test_a_worker_that_runs_out_of_time_goes_on_in_the_next_minute(self, repairs, monkeypatch):
        finish(HomeFactory())
        monkeypatch.setattr(tasks, "BUDGET", timedelta(seconds=-1))
        tasks.keep_up_warranties(at=AT)
        assert Warranty.objects.count() == 0
        monkeypatch.undo()
        tasks.keep_up_warranties(at=AT)
        assert Warranty.objects.count() == 8


@pytest.fixture
def slowly(monkeypatch):
    """Time enough between looking and writing for somebody else."""
    write = keeping._write
    monkeypatch.setattr(keeping, "_write", lambda *rows, at: (sleep(0.2), write(*rows, at=at)))


@pytest.mark.postgresql
def test_two_machines_at_once_write_each_row_once_and_without_the_lock_one_would_fail(transactional_db, slowly):
    homes = [finish(HomeFactory()).journey.home_id for _each in range(3)]
    with without_locks():
        unlocked = all_at_once(lambda _machine: keep(homes=homes[:1]), range(2))
    assert (unlocked.returned, unlocked.raised) == ([8], [IntegrityError])
    outcomes = all_at_once(lambda _machine: keep(homes=homes), range(2))
    assert (sorted(outcomes.returned), outcomes.raised, Warranty.objects.count()) == ([0, 16], [], 24)


@pytest.mark.parametrize("change", [{"ends": date(2024, 5, 9)}, {"extended_to": date(2025, 5, 10)}])
def test_a_warranty_never_ends_before_it_starts_nor_is_shortened_even_without_the_keeper(db, change):
    handed_over()
    row = Warranty.objects.get(term__system="appliances")
    with pytest.raises(IntegrityError, match="warranty_"), transaction.atomic():
        Warranty.objects.filter(pk=row.pk).update(**change)


PARTS = ("waterproofing", "heating", "electrical", "doors", "room")
some_days = st.dates(date(2020, 1, 1), date(2027, 1, 1))
works = st.lists(st.tuples(st.sampled_from(["new_home", "renovation", "refurbishment"]), some_days), max_size=2)
fixes = st.lists(st.tuples(st.sampled_from(PARTS), some_days, st.integers(0, 90)), max_size=4)


@settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(works=works, fixes=fixes, name=st.sampled_from(PARTS[:-1]), on=some_days)
def test_what_the_rows_cover_is_what_the_terms_say(db, monkeypatch, works, fixes, name, on):
    home, terms = HomeFactory.build(), [*terms_in_use()]
    parts = {system: part_of(system) for system in PARTS[:-1]}
    parts["room"] = parts["heating"].parent
    done = [Anchor(kind, day, source_id=number, home_id=home.pk) for number, (kind, day) in enumerate(works)]
    done += [repaired(home, parts[part], day, day - timedelta(days=before)) for part, day, before in fixes]
    monkeypatch.setattr("progress.warranties.covering.anchors_of", lambda home: done)
    lines = lines_of([anchor for anchor in done if anchor.day <= on], terms)
    last = max((line.last_day for line in lines if speaks_of(line, path_of(parts[name]), lines)), default=None)
    cover = covering(home, parts[name], on=on)
    assert (cover.covered, cover.ends) == ("unclear" if last is None else "yes" if on <= last else "no", last)


def speaks_of(line, path, lines):
    """Whether somebody who reads the rows takes this one for the component at the end of `path`."""
    named = [each.term for each in lines if each.anchor is line.anchor and each.component is None]
    nearest = next((term for term in named if term.system == path[0].system), None)
    nearest = nearest or next((term for term in named if not term.system), None)
    if line.component:
        return line.component in path and (not line.longer or line.term == nearest)
    return line.term == nearest
