"""The warranty: which term holds, from which day, until when; what nobody knows is left to people."""

from datetime import date

import pytest
from django.db import IntegrityError

from progress.components.models import Component
from progress.journeys.actions import start_journey
from progress.journeys.models import JourneyTemplate, Milestone
from progress.warranties import anchors
from progress.warranties.anchors import FINISHED, Anchor, Source
from progress.warranties.covering import covering, standing
from progress.warranties.models import Term
from progress.warranties.periods import months_after, seasons_after
from tests.factories import HomeFactory

HANDED_OVER = date(2024, 5, 10)


@pytest.fixture
def home(db):
    return HomeFactory()


def finish(home, kind, day):
    """The work of a journey of this kind was handed to the owner on `day`."""
    template = JourneyTemplate.objects.in_force().get(kind=kind)
    journey = start_journey(home=home, template=template, started=date(2023, 1, 1), by=None)
    stage, step = FINISHED[kind]
    last = Milestone.objects.filter(journey=journey, template__stage__code=stage, template__code=step)
    assert last.update(state="reached", actual=day) == 1


def of_system(system):
    return Component.objects.filter(system=system, parent__isnull=False).first()


def said(cover):
    return cover.covered, cover.ends


class TestPeriods:
    @pytest.mark.parametrize(
        ("day", "months", "last"),
        [
            (date(2024, 5, 10), 24, date(2026, 5, 10)),
            (date(2024, 2, 29), 12, date(2025, 2, 28)),
            (date(2024, 8, 31), 6, date(2025, 2, 28)),
        ],
    )
    def test_months_end_on_the_same_day_or_on_the_last_of_a_shorter_month(self, day, months, last):
        assert months_after(day, months) == last

    @pytest.mark.parametrize(
        ("day", "last"),
        [
            (date(2024, 5, 10), date(2026, 3, 15)),
            (date(2024, 11, 15), date(2026, 3, 15)),
            (date(2024, 11, 16), date(2027, 3, 15)),  # this one had begun: two whole ones follow
        ],
    )
    def test_only_whole_heating_seasons_count(self, day, last):
        assert seasons_after(day, 2) == last


class TestCovering:
    @pytest.mark.parametrize(
        ("kind", "system", "ends"),
        [
            ("new_home", "waterproofing", date(2029, 5, 10)),
            ("new_home", "heating", date(2026, 3, 15)),
            ("new_home", "floor", date(2026, 5, 10)),
            ("refurbishment", "waterproofing", date(2029, 5, 10)),
            ("refurbishment", "doors", date(2026, 5, 10)),
            ("repair", "doors", date(2025, 5, 10)),
        ],
    )
    def test_the_last_day_is_covered_and_the_next_is_not(self, home, kind, system, ends):
        finish(home, kind, HANDED_OVER)
        component = of_system(system)
        assert said(covering(home, component, on=ends)) == ("yes", ends)
        assert said(covering(home, component, on=ends.replace(day=ends.day + 1))) == ("no", ends)

    def test_a_repair_of_aluminium_plastic_pipe_is_never_covered(self, home):
        finish(home, "repair", HANDED_OVER)
        cover = covering(home, Component.objects.get(code="aluminium-plastic-pipe"), on=HANDED_OVER)
        assert (cover.covered, cover.start, cover.ends) == ("no", None, None)
        assert "铝塑管" in cover.term.clause_zh

    def test_of_several_works_the_one_that_covers_longest_counts(self, home):
        finish(home, "new_home", HANDED_OVER)
        finish(home, "refurbishment", date(2026, 4, 1))
        assert said(covering(home, of_system("floor"), on=date(2026, 11, 22))) == ("yes", date(2028, 4, 1))

    def test_what_an_upper_app_knows_counts_for_its_component_alone(self, home, monkeypatch):
        tap, floor = of_system("water"), of_system("floor")
        repair = Anchor("repair", HANDED_OVER, tap, home.pk)
        monkeypatch.setattr(anchors, "_sources", {"test": Source(lambda homes: [repair], None)})
        assert covering(home, tap, on=HANDED_OVER).covered == "yes"
        assert covering(home, floor, on=HANDED_OVER).covered == "unclear"

    def test_without_a_component_or_a_day_of_handover_people_decide(self, home):
        assert covering(home, None, on=HANDED_OVER).covered == "unclear"
        assert covering(home, of_system("floor"), on=HANDED_OVER).covered == "unclear"
        finish(home, "new_home", HANDED_OVER)
        assert covering(home, of_system("floor"), on=date(2024, 5, 9)).covered == "unclear"

    def test_a_later_term_holds_for_what_is_finished_from_its_day_on(self, home):
        finish(home, "repair", HANDED_OVER)
        Term.objects.create(kind="repair", since=date(2024, 6, 1), months=24, name_en="Longer", clause_en="Two years.")
        assert covering(home, of_system("doors"), on=HANDED_OVER).ends == date(2025, 5, 10)
        Milestone.objects.filter(journey__home=home, actual__isnull=False).update(actual=date(2024, 6, 1))
        assert covering(home, of_system("doors"), on=date(2024, 6, 2)).ends == date(2026, 6, 1)

    def test_the_reason_is_said_in_both_languages(self, home):
        finish(home, "new_home", HANDED_OVER)
        cover = covering(home, of_system("waterproofing"), on=date(2026, 11, 22))
        assert "5 years from 10 May 2024" in cover.reason_en
        assert "2024年5月10日" in cover.reason_zh

    def test_the_warranties_of_a_home_stand_with_what_runs_longest_first(self, home, django_assert_num_queries):
        finish(home, "new_home", HANDED_OVER)
        with django_assert_num_queries(3):  # milestones, repairs, terms
            lines = standing(home, on=date(2026, 4, 1))
        assert (lines[0].term.system, lines[0].ends, lines[0].is_over) == ("waterproofing", date(2029, 5, 10), False)
        assert [line.term.system for line in lines if line.is_over] == ["heating", "appliances"]


class TestTerms:
    def test_a_term_lasts_or_excludes_even_without_the_form(self, db):
        with pytest.raises(IntegrityError, match="warranty_term_lasts"):
            Term.objects.create(kind="repair", system="gas", name_en="Gas", clause_en="…", months=12, excluded=True)
