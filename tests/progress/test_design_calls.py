"""Reminders three days before the last day and one, then calls, which are a promise of the team and never an answer."""

from datetime import datetime, time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from accounts.events.models import Event
from accounts.leaving import hand_over, work_of
from accounts.models import Address, User
from accounts.notices import kinds
from accounts.notices.models import Notice
from progress.calendar.models import CalendarOverride
from progress.designs import answering, calls
from progress.designs.errors import DesignError
from progress.designs.models import Answer, DesignCall, DesignChange
from progress.designs.people import phones_of
from progress.designs.publishing import withdraw_change
from progress.designs.standing import homes_by, rows_of, tally
from progress.designs.tasks import remind_of_design_changes
from progress.models import Assignment
from progress.promises.models import Promise
from progress.promises.sweep import sweep
from tests.factories import (
    NOW,
    AnswerFactory,
    AssignmentFactory,
    DesignChangeFactory,
    HomeFactory,
    OwnershipFactory,
    StaffFactory,
    UserFactory,
)
from tests.progress.test_designs import amended

pytestmark = pytest.mark.django_db

SHANGHAI = ZoneInfo("Asia/Shanghai")
SERVICE = Assignment.Role.CUSTOMER_SERVICE


@pytest.fixture
def tie():
    return OwnershipFactory()


@pytest.fixture
def neighbour(tie):
    return OwnershipFactory(home__building=tie.home.building)


@pytest.fixture
def change(tie, neighbour):
    return DesignChangeFactory(homes=[tie.home, neighbour.home])


@pytest.fixture
def colleague(change):
    return AssignmentFactory(development=change.development, role=SERVICE).user


def morning(change, before):
    return datetime.combine(change.answer_by - timedelta(days=before), time(9), tzinfo=SHANGHAI)


def acknowledge(change, tie, at=NOW):
    return answering.acknowledge(change, home=tie.home, seen=change.text_version, by=tie.owner.user, at=at)


def call(change, tie, outcome="reached", *, at=NOW, by=None, call_id=None):
    return calls.record_call(
        change,
        call_id=call_id or uuid4(),
        home=tie.home,
        owner=tie.owner,
        outcome=outcome,
        note="",
        by=by or UserFactory(),
        at=at,
    )


class TestReminders:
    def test_three_days_before_and_one_those_who_are_silent_hear_of_it(self, change, tie, neighbour, told):
        acknowledge(change, neighbour)
        for before in (4, 3, 2, 1):
            for _each in range(2):  # run twice, late or on two machines
                remind_of_design_changes(at=morning(change, before))
        ours = [kind for who, kind in told() if who == tie.owner]
        assert ours == ["design-change-reminder", "design-change-last-reminder"]
        assert [kind for who, kind in told() if who == neighbour.owner] == []

    def test_a_minute_too_early_nobody_hears(self, change, told):
        remind_of_design_changes(at=morning(change, 3) - timedelta(minutes=1))
        assert told() == []

    def test_after_a_pause_only_the_latest_is_said(self, change, tie, neighbour, told):
        remind_of_design_changes(at=morning(change, 1) + timedelta(hours=2))
        assert {kind for _who, kind in told()} == {"design-change-last-reminder"}
        assert len(told()) == 2

    def test_whoever_answers_before_it_leaves_is_not_reminded(self, change, tie, neighbour):
        kind = kinds.get("design-change-reminder")
        assert kind.still_concerns(change, tie.owner)
        acknowledge(change, tie)
        assert not kind.still_concerns(DesignChange.objects.get(pk=change.pk), tie.owner)

    def test_the_last_one_goes_by_text_message_too(self, change):
        remind_of_design_changes(at=morning(change, 1))
        assert set(Notice.objects.values_list("channel", flat=True)) == {"inbox", "email", "sms"}

    def test_an_amended_text_is_reminded_of_anew(self, change, told):
        remind_of_design_changes(at=morning(change, 3))
        after = amended(change, answer_by=change.answer_by + timedelta(days=10), at=morning(change, 3))
        remind_of_design_changes(at=morning(after, 3))
        assert [kind for _who, kind in told()].count("design-change-reminder") == 4

    def test_one_that_fails_holds_up_no_other(self, change, told, monkeypatch):
        other = DesignChangeFactory(homes=[OwnershipFactory().home])
        monkeypatch.setattr(DesignChange, "zone", property(lambda row: SHANGHAI if row.pk == other.pk else 1 / 0))
        remind_of_design_changes(at=morning(other, 3))
        assert [kind for _who, kind in told()] == ["design-change-reminder"]


class TestTheCallsPromise:
    def test_when_the_last_day_is_over_the_team_owes_calls(self, change, colleague, told):
        remind_of_design_changes(at=change.ends_at)
        promise = Promise.objects.get()
        assert (promise.kind, promise.team, promise.subject_id) == ("design-calls", SERVICE, str(change.pk))
        assert timezone_of(promise) == datetime(2026, 12, 8, 18, tzinfo=SHANGHAI)  # Monday and Tuesday
        assert (colleague, "promise") in told()

    def test_where_all_have_answered_nobody_owes_anything(self, change, tie, neighbour):
        acknowledge(change, tie)
        acknowledge(change, neighbour)
        remind_of_design_changes(at=change.ends_at)
        assert not Promise.objects.exists()

    def test_kept_once_each_silent_home_was_called_or_answers_late(self, change, tie, neighbour):
        remind_of_design_changes(at=change.ends_at)
        later = change.ends_at + timedelta(hours=10)
        call(change, tie, at=later)
        assert Promise.objects.get().is_open
        acknowledge(change, neighbour, at=later)
        assert Promise.objects.get().state == "kept"

    def test_a_home_that_nobody_answers_for_is_tried_twice(self, change, tie, neighbour):
        acknowledge(change, neighbour)
        remind_of_design_changes(at=change.ends_at)
        later = change.ends_at + timedelta(hours=10)
        call(change, tie, "no_answer", at=later)
        assert Promise.objects.get().is_open
        call(change, tie, "wrong", at=later)
        assert Promise.objects.get().state == "kept"

    def test_missed_the_supervisor_hears_of_it(self, change, told):
        supervisor = AssignmentFactory(development=change.development, role=Assignment.Role.SUPERVISOR).user
        remind_of_design_changes(at=change.ends_at)
        sweep(at=change.ends_at + timedelta(days=7))
        assert (supervisor, "promise") in told()
        assert Promise.objects.get().state == "missed"

    @pytest.mark.parametrize("end", ["withdrawn", "amended"])
    def test_withdrawn_or_amended_nobody_need_be_called_any_more(self, change, end):
        remind_of_design_changes(at=change.ends_at)
        at = change.ends_at + timedelta(hours=9)
        if end == "withdrawn":
            withdraw_change(change, reason_en="Glass is back", by=None, at=at)
        else:
            amended(change, answer_by=change.answer_by + timedelta(days=10), at=at)
        assert Promise.objects.get().state == "void"

    def test_an_earlier_call_does_not_count_for_a_new_text(self, change, tie):
        call(change, tie)
        after = amended(change)
        assert tie.home in calls.homes_to_call(after)

    def test_a_calendar_without_a_working_day_stops_nobody(self, change, monkeypatch):
        monkeypatch.setattr("progress.calendar.clock.is_working_day", lambda *given: False)
        assert not CalendarOverride.objects.exists()
        remind_of_design_changes(at=change.ends_at)
        assert Promise.objects.get().due_at == change.ends_at + timedelta(days=2)


def timezone_of(promise):
    return promise.due_at.astimezone(SHANGHAI)


class TestCalls:
    def test_a_call_is_no_answer(self, change, tie):
        call(change, tie)
        assert tie.home in change.waiting_homes()
        assert not Answer.objects.exists()
        assert Event.objects.filter(verb="called", home_id=tie.home.pk).exists()

    def test_sent_twice_it_is_one(self, change, tie):
        call_id = uuid4()
        assert call(change, tie, call_id=call_id) == call(change, tie, call_id=call_id)
        other = DesignChangeFactory(homes=[tie.home])
        with pytest.raises(DesignError, match="used already"):
            call(other, tie, call_id=call_id)

    def test_where_nobody_answers_a_text_message_follows(self, change, tie):
        row = call(change, tie, "no_answer")
        notice = Notice.objects.get(channel="sms")
        assert (notice.owner, notice.kind) == (tie.owner, "design-change-called")
        kind = kinds.get("design-change-called")
        assert (kind.still_true(row), kind.still_concerns(row, tie.owner)) == (True, True)
        assert "call us" in kind.sms(row)
        acknowledge(change, tie)
        assert not kind.still_true(DesignCall.objects.get())

    def test_nobody_is_told_of_a_call_that_reached_them(self, change, tie, told):
        call(change, tie)
        assert told() == []

    def test_a_person_who_does_not_answer_for_the_home_is_refused(self, change, tie):
        with pytest.raises(DesignError, match="no longer answers"):
            call(change, OwnershipFactory(home=tie.home, role="family"))

    def test_about_what_is_withdrawn_nobody_is_called(self, change, tie):
        withdraw_change(change, reason_en="Glass is back", by=None, at=NOW)
        with pytest.raises(DesignError, match="withdrawn"):
            call(change, tie)

    def test_the_numbers_are_those_of_record_and_login_each_once(self, tie):
        Address.objects.create(owner=tie.owner, channel="sms", value="+8613800138000")
        User.objects.filter(pk=tie.owner.user_id).update(phone="+8613800138000")
        Address.objects.create(user=tie.owner.user, channel="sms", value="+8613900139000")
        people = type(tie.owner).objects.filter(pk=tie.owner.pk)
        assert phones_of(people) == {tie.owner.pk: ["+8613800138000", "+8613900139000"]}


class TestStanding:
    def test_each_home_stands_where_it_belongs(self, change, tie, neighbour):
        empty = HomeFactory(building=tie.home.building, development=tie.home.development)
        change.homes.add(empty)
        AnswerFactory(change=change, home=tie.home, owner=tie.owner, answer="objected", comment="No.")
        counted = tally(change)
        assert counted == {"waiting": 1, "objected": 1, "acknowledged": 0, "unowned": 1, "": 3}
        assert [list(homes_by(change, state)) for state in ("objected", "waiting", "unowned")] == [
            [tie.home],
            [neighbour.home],
            [empty],
        ]

    def test_an_objection_to_an_earlier_text_stands_and_the_home_is_asked_anew(self, change, tie):
        AnswerFactory(change=change, home=tie.home, owner=tie.owner, answer="objected", comment="No.")
        after = amended(change)
        assert tie.home in homes_by(after, "objected")
        assert tie.home in homes_by(after, "waiting")
        assert not rows_of(after, [tie.home])[0].is_answered


class TestLeavingStaff:
    def test_drafts_and_changes_to_look_after_go_to_a_colleague(self, change):
        author, to = (StaffFactory(development=change.development) for _each in range(2))
        boss = StaffFactory(group="Supervisors", development=change.development)
        drafted = DesignChangeFactory(development=change.development, author=author)
        DesignChange.objects.filter(pk=change.pk).update(author=author)
        elsewhere = DesignChangeFactory(author=author)
        listed = {str(label): (len(pieces), more) for label, pieces, more in work_of(author, viewer=boss)}
        assert listed["Design changes that they look after"] == (2, 1)
        hand_over(author, to=to, by=boss, at=NOW)
        assert set(DesignChange.objects.filter(author=to)) == {change, drafted}
        assert list(DesignChange.objects.filter(author=author)) == [elsewhere]
