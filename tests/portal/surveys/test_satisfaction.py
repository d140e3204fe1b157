"""Satisfaction: one short question, at most once a month for a person, answered once and by nobody else."""

from datetime import timedelta

import pytest
from django.db import IntegrityError

from portal.surveys import following
from portal.surveys.actions import SurveyError, answer, ask
from portal.surveys.models import Satisfaction
from tests.concurrency import all_at_once
from tests.factories import NOW, OwnershipFactory, StaffFactory

from .factories import SatisfactionFactory

A_DAY = timedelta(days=1)


def asked(tie, key, at=NOW):
    return ask(key=key, owner=tie.owner, subject=tie.home, home=tie.home, development=tie.home.development, at=at)


class TestAsking:
    def test_the_same_occasion_asks_once(self, db):
        tie = OwnershipFactory()
        assert asked(tie, "repair:1") == asked(tie, "repair:1", NOW + 40 * A_DAY)
        assert Satisfaction.objects.count() == 1

    def test_a_person_is_asked_at_most_once_in_thirty_days(self, db):
        tie = OwnershipFactory()
        days = [asked(tie, f"repair:{day}", NOW + day * A_DAY) is not None for day in (0, 29, 30, 59, 60)]
        assert days == [True, False, True, False, True]

    def test_another_person_of_the_home_is_asked_all_the_same(self, db):
        tie = OwnershipFactory()
        asked(tie, "repair:1")
        assert asked(OwnershipFactory(home=tie.home, role="co_owner"), "repair:2") is not None

    def test_of_two_occasions_at_the_same_moment_one_asks(self, transactional_db):
        tie = OwnershipFactory()
        outcomes = all_at_once(lambda key: asked(tie, key), ["repair:1", "repair:2", "repair:3"])
        assert (sorted(made is not None for made in outcomes.returned), outcomes.raised) == ([False, False, True], [])


class TestAnswering:
    def test_an_answer_is_kept_and_whoever_asked_hears_of_it(self, db, monkeypatch):
        heard = []
        monkeypatch.setitem(following._followers, "progress.home", {})
        following.when_answered("progress.home")(lambda satisfaction, *, by, at: heard.append((satisfaction, by, at)))
        question = SatisfactionFactory()
        answer(question, score=2, words="  Nobody rang before coming. ", by=question.owner.user, at=NOW)
        question.refresh_from_db()
        assert (question.score, question.words) == (2, "Nobody rang before coming.")
        assert heard == [(question, question.owner.user, NOW)]

    def test_the_same_answer_sent_twice_is_one_and_another_one_is_refused(self, db):
        question = SatisfactionFactory()
        user = question.owner.user
        first = answer(question, score=5, by=user, at=NOW)
        assert answer(question, score=5, by=user, at=NOW + A_DAY).answered_at == first.answered_at
        with pytest.raises(SurveyError, match="answered this already"):
            answer(question, score=1, by=user, at=NOW)

    def test_a_question_to_somebody_else_is_refused_also_within_the_household(self, db):
        question = SatisfactionFactory()
        partner = OwnershipFactory(home=question.home, role="co_owner").owner.user
        with pytest.raises(SurveyError, match="somebody else"):
            answer(question, score=1, by=partner, at=NOW)

    @pytest.mark.parametrize(
        ("score", "words", "later", "why"),
        [
            (0, "", timedelta(), "one of the five"),
            (6, "", timedelta(), "one of the five"),
            (3, "很" * 1001, timedelta(), "1,000 characters"),
            (3, "", 30 * A_DAY, "too old"),
        ],
    )
    def test_what_is_no_answer_is_refused(self, db, score, words, later, why):
        question = SatisfactionFactory()
        with pytest.raises(SurveyError, match=why):
            answer(question, score=score, words=words, by=question.owner.user, at=NOW + later)

    def test_a_score_without_its_moment_is_impossible_even_without_the_action(self, db):
        with pytest.raises(IntegrityError, match="satisfaction_answered"):
            SatisfactionFactory(score=4)


class TestFigures:
    def test_staff_see_those_of_their_development_and_the_tally_counts_them(self, db):
        question = SatisfactionFactory(score=2, answered_at=NOW)
        SatisfactionFactory(ownership=OwnershipFactory(home__building=question.home.building))
        SatisfactionFactory(answered=True)  # in another development
        agent = StaffFactory(group="Customer service", development=question.development)
        rows = Satisfaction.objects.for_user(agent).tally("development")
        expected = {"asked": 2, "answers": 1, "content": 0, "low": 1, "average": 2.0}
        assert list(rows) == [{"development": question.development_id} | expected]
