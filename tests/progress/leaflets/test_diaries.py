"""The diary of a home: all that was said of it, for those who own it, for a week."""

from datetime import timedelta

import pytest
from django.db import IntegrityError

from accounts.files.models import PrivateFile
from progress.journeys import changing
from progress.leaflets import diaries, making
from progress.leaflets.diaries import DiaryError, ask_diary, make
from progress.leaflets.diary_content import by_month, entries_of
from progress.leaflets.models import Diary
from progress.leaflets.tasks import forget_diaries, tidy_leaflets
from progress.models import Role
from tests.factories import (
    NOW,
    TODAY,
    AnswerFactory,
    DesignChangeFactory,
    DiaryFactory,
    OwnershipFactory,
    QuestionFactory,
)
from tests.progress.test_milestones import moved, reached

from .conftest import clock, post

pytestmark = pytest.mark.django_db
State = Diary.State


@pytest.fixture
def tie(steps):
    return steps[0].journey.home.ownerships.get()


def ask(tie, at=NOW, language="en"):
    return ask_diary(tie.home, language=language, by=tie.owner.user, at=at)


def made(tie, **kwargs):
    diary = ask(tie, **kwargs)
    make(diary, clock=clock)
    diary.refresh_from_db()
    return diary


class TestWhatStandsInIt:
    def test_comes_in_the_order_in_which_it_was_said(self, building, steps, people, tie):
        first = post(building, at=NOW - timedelta(days=60))
        forecast = moved(steps, people.one)
        correction = post(building, at=NOW + timedelta(days=1), kind="correction", corrects=first)
        entries = entries_of(tie.home)
        assert [entry.update or entry.change for entry in entries] == [first, forecast, correction]
        assert [len(entries) for _moment, entries in by_month(entries)] == [1, 2]

    def test_reached_and_withdrawn_both_stay(self, building, steps, people, tie):
        reached(steps, people.one, people.other)
        later = NOW + timedelta(days=2)
        changing.withdraw_reached(steps, reason_en="A mistake", by=people.one, today=TODAY, at=later)
        entries = entries_of(tie.home)
        assert [entry.change.kind for entry in entries] == ["reached", "withdrawn"]
        assert len(entries[0].shots) == 1  # its evidence

    def test_design_changes_stand_in_it_without_their_answers(self, tie, printed):
        change = DesignChangeFactory(homes=[tie.home], title_en="Balcony rail")
        AnswerFactory(change=change, home=tie.home, owner=tie.owner, answer="objected", comment="I want glass")
        DesignChangeFactory(development=tie.home.development, title_en="A draft")
        made(tie)
        html = printed[0][0]
        assert [words in html for words in ("Balcony rail", "The rail is of steel.", "I want glass", "A draft")] == [
            *(True, True),
            *(False, False),
        ]

    def test_of_another_home_nothing(self, building, steps, people, tie):
        moved(steps[1:], people.one)
        post(steps[1].journey.home)
        assert entries_of(tie.home) == []

    def test_no_conversation(self, tie, printed):
        QuestionFactory(home=tie.home, owner=tie.owner, text="Is the wall straight?")
        made(tie)
        assert "Is the wall straight?" not in printed[0][0]

    def test_a_new_owner_has_what_was_written_before(self, building, tie, printed):
        post(tie.home, title="Your tiles")
        tie.state, tie.until = "ended", TODAY
        tie.save()
        made(OwnershipFactory(home=tie.home))
        assert "Your tiles" in printed[0][0]

    def test_is_in_the_language_in_which_it_was_asked_for(self, building, tie, printed):
        post(building)
        made(tie, language="zh-hans")
        assert '<html lang="zh-Hans">' in printed[0][0]

    def test_what_found_no_room_is_counted_and_said(self, building, tie, printed, monkeypatch):
        monkeypatch.setattr(diaries, "MOST_PHOTOS", 3)
        for days in (9, 8):
            post(building, at=NOW - timedelta(days=days), title=f"Day {days}", photos=3)
        diary = made(tie)
        html, photos = printed[0]
        assert (len(photos), diary.left_out) == (3, 3)
        assert "3 photos found no room here" in html


class TestAsking:
    def test_twice_makes_one(self, tie):
        assert ask(tie) == ask(tie)
        assert Diary.objects.count() == 1

    @pytest.mark.parametrize("role", [Role.FAMILY, Role.TENANT])
    def test_is_for_owners(self, tie, role):
        with pytest.raises(DiaryError, match="Only owners"):
            ask(OwnershipFactory(home=tie.home, role=role))

    def test_is_not_for_former_owners(self, tie):
        with pytest.raises(DiaryError, match="Only owners"):
            ask(OwnershipFactory(home=tie.home, former=True))

    def test_for_two_homes_at_once_is_refused(self, tie):
        ask(tie)
        with pytest.raises(DiaryError, match="another home"):
            ask(OwnershipFactory(owner=tie.owner))

    def test_two_in_the_making_are_impossible_even_without_the_action(self, tie):
        diary = ask(tie)
        with pytest.raises(IntegrityError, match="one_diary_in_the_making|diary.asked_by_id"):
            Diary.objects.create(home=tie.home, asked_by=diary.asked_by, language="en", asked_at=NOW)

    def test_more_than_five_times_a_day_is_refused(self, tie, printed):
        for _each in range(diaries.MOST_A_DAY):
            made(tie)
        with pytest.raises(DiaryError, match="enough for one day"):
            ask(tie)
        assert ask(tie, at=NOW + timedelta(days=1, minutes=1)).is_waiting


class TestMaking:
    def test_tells_the_one_who_asked(self, tie, printed, told):
        diary = made(tie)
        assert (diary.state, diary.file.content_type) == (State.READY, "application/pdf")
        assert told() == [(tie.owner.user, "diary-ready")]

    def test_replaces_the_one_before(self, tie, printed):
        first, second = made(tie), made(tie)
        first.refresh_from_db()
        assert (first.state, first.file, second.state) == (State.GONE, None, State.READY)
        assert PrivateFile.objects.kept().filter(content_type="application/pdf").count() == 1

    def test_for_who_sold_meanwhile_is_not_printed(self, tie, printed):
        diary = ask(tie)
        tie.state, tie.until = "ended", TODAY
        tie.save()
        make(diary, clock=clock)
        diary.refresh_from_db()
        assert (diary.state, printed) == (State.GONE, [])

    def test_three_times_without_result_ends_it(self, tie, printed, told):
        printed.fails = True
        diary = ask(tie)
        for _each in range(making.MAX_CLAIMS):
            make(diary, clock=clock)
        tidy_leaflets(at=NOW + timedelta(hours=1))
        diary.refresh_from_db()
        assert (diary.state, told()) == (State.FAILED, [(tie.owner.user, "diary-failed")])


def test_after_a_week_it_is_thrown_away():
    diary, other = DiaryFactory(ready=True), DiaryFactory(ready=True, ready_at=NOW + timedelta(days=1))
    forget_diaries(at=NOW + timedelta(days=7))
    kept = Diary.objects.filter(state=State.READY)
    assert list(kept) == [other]
    assert PrivateFile.objects.kept().filter(pk=diary.file_id).count() == 0
