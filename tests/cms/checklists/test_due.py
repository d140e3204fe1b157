"""What falls due: found for every home by a sweep, promised where it is ours, else the household is reminded."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from accounts.events.models import Event
from accounts.notices import kinds as notice_kinds
from accounts.notices.models import Notice
from cms.checklists import promising, sweep, tasks
from cms.checklists.models import DueItem
from cms.checklists.reading import ticking_of
from cms.checklists.reminding import remind
from progress.journeys.changing import change_forecast, withdraw_reached
from progress.journeys.models import Milestone
from progress.promises import kinds
from progress.promises.actions import keep_promise
from progress.promises.models import Promise
from progress.transfers.actions import transfer_home
from tests.cms.checklists.guides import BRING, METERS, TORCH, dated, publish
from tests.cms.checklists.test_ticks import ticked
from tests.concurrency import all_at_once
from tests.factories import NOW, TODAY, DevelopmentFactory, HomeFactory, OwnerFactory, OwnershipFactory

pytestmark = pytest.mark.django_db

KEYS = date(2026, 12, 20)
A_MINUTE = timedelta(minutes=1)


@pytest.fixture
def tie():
    return OwnershipFactory()


@pytest.fixture
def keys(tie):
    return dated(tie.home, on=KEYS)


def swept(at=NOW):
    on = at.date()
    return sweep.bring_up_to_date(on=on) and promising.bring_up_to_date(at=at)


def promised():
    """[(day, state)] of what is promised by checklists."""
    rows = Promise.objects.filter(kind=promising.CODE).order_by("made_at", "key")
    return [(row.due_at.astimezone(promising.ZoneInfo("Asia/Shanghai")).date(), row.state) for row in rows]


def forecast(milestone, day, at=NOW, reason="The lift came late."):
    change_forecast([milestone], to=day, reason_en=reason, by=None, today=TODAY, at=at, tells=False)


class TestPromises:
    def test_what_is_ours_is_promised_for_its_day(self, tie, keys):
        guide = publish()
        swept()
        [promise] = Promise.objects.filter(kind=promising.CODE)
        key = f"checklist:{tie.home.pk.hex}:{guide.translation_key.hex}:{METERS}"
        assert (promise.key, promise.home, promise.owner, promise.team) == (key, tie.home, None, "customer_service")
        assert promised() == [(KEYS + timedelta(days=3), "due")]
        assert str(promise) == "We read the meters"

    def test_the_sweep_twice_promises_once(self, tie, keys):
        publish()
        swept()
        swept(NOW + A_MINUTE)
        assert len(promised()) == 1
        assert Event.objects.filter(verb="promised").count() == 1

    def test_it_is_called_as_the_reader_calls_it(self, tie, keys):
        page = publish()
        publish([{**BRING[2], "text": "我们抄表"}], key=page.translation_key, language="zh-hans")
        swept()
        with translation.override("zh-hans"):
            assert str(Promise.objects.get(kind=promising.CODE)) == "我们抄表"

    def test_a_list_of_promises_asks_once_for_their_words(self, keys, django_assert_num_queries):
        for _each in range(3):
            dated(OwnershipFactory().home, on=KEYS)
        publish()
        swept()
        rows = list(Promise.objects.filter(kind=promising.CODE))
        with django_assert_num_queries(1):
            assert [str(row) for row in kinds.prepare(rows)] == ["We read the meters"] * 4

    def test_nobody_lives_there_so_nothing_is_promised(self):
        dated(HomeFactory(), on=KEYS)
        publish()
        swept()
        assert promised() == []

    def test_what_is_past_is_not_promised(self, tie):
        dated(tie.home, on=TODAY - timedelta(days=4), actual=TODAY - timedelta(days=4), state="reached")
        guide = publish()
        swept()
        assert promised() == []
        line = ticking_of(tie.home, guide.translation_key, today=TODAY).line(METERS, BRING[2])
        assert line.due_on is None

    def test_a_milestone_without_a_date_promises_nothing_until_it_has_one(self, tie):
        milestone = dated(tie.home)
        publish()
        swept()
        assert promised() == []
        forecast(milestone, KEYS)
        swept(NOW + A_MINUTE)
        assert promised() == [(KEYS + timedelta(days=3), "due")]

    def test_a_new_forecast_moves_it_with_its_reason(self, keys):
        publish()
        swept()
        forecast(keys, KEYS + timedelta(days=10))
        swept(NOW + A_MINUTE)
        swept(NOW + 2 * A_MINUTE)
        [move] = Promise.objects.get(kind=promising.CODE).moved.all()
        assert (move.reason_en, promised()) == ("The lift came late.", [(KEYS + timedelta(days=13), "due")])

    def test_another_day_in_the_guide_is_not_blamed_on_the_milestone(self, keys):
        page = publish()
        forecast(keys, KEYS + timedelta(days=10))
        swept()
        publish([BRING[2] | {"days": 5}], key=page.translation_key, number=2)
        swept(NOW + A_MINUTE)
        [move] = Promise.objects.get(kind=promising.CODE).moved.all()
        assert move.reason_en == "“Your keys” has another day; this is due on 4 January 2027 now."
        assert move.reason_zh

    def test_a_day_that_has_become_past_is_promised_for_the_next_evening_and_stays(self, keys):
        publish([BRING[2] | {"days": -14}])
        swept()
        forecast(keys, TODAY + timedelta(days=5))
        for minutes in (1, 2, 60 * 24):
            swept(NOW + minutes * A_MINUTE)
        assert promised() == [(TODAY, "due")]
        assert Promise.objects.get(kind=promising.CODE).moves == 1

    def test_staff_keep_it_with_a_note_and_the_household_sees_it_ticked(self, tie, keys):
        guide = publish()
        swept()
        keep_promise(Promise.objects.get(kind=promising.CODE), outcome="Read by Li Na: 1.2 kWh", by=None, at=NOW)
        line = ticking_of(tie.home, guide.translation_key, today=TODAY).line(METERS, BRING[2])
        assert (line.ticked, line.when, line.outcome) == (True, NOW, "Read by Li Na: 1.2 kWh")
        publish(BRING[:2], key=guide.translation_key, number=2)
        swept(NOW + A_MINUTE)
        publish(key=guide.translation_key, number=3)
        swept(NOW + 2 * A_MINUTE)
        assert [state for _day, state in promised()] == ["kept"]

    @pytest.mark.parametrize(
        "gone",
        [
            lambda page, tie, keys: publish(BRING[:2], key=page.translation_key, number=2),
            lambda page, tie, keys: type(page).objects.update(live=False),
            lambda page, tie, keys: publish(
                key=page.translation_key, number=2, for_developments=[str(DevelopmentFactory().pk)]
            ),
            lambda page, tie, keys: Milestone.objects.filter(pk=keys.pk).update(planned=None),
            lambda page, tie, keys: tie.home.ownerships.update(state="ended", until=TODAY),
            lambda page, tie, keys: publish([BRING[2] | {"ours": False}], key=page.translation_key, number=2),
        ],
        ids=["entry gone", "guide gone", "for others now", "no date any more", "nobody there", "not ours any more"],
    )
    def test_it_is_let_go_when_it_no_longer_applies(self, tie, keys, gone):
        page = publish()
        swept()
        gone(page, tie, keys)
        swept(NOW + A_MINUTE)
        assert [state for _day, state in promised()] == ["void"]

    def test_a_milestone_withdrawn_lets_it_go_and_a_new_date_is_a_new_promise(self, tie):
        milestone = dated(tie.home, on=TODAY, actual=TODAY, state="reached")
        publish()
        swept()
        withdraw_reached([milestone], reason_en="The wrong home.", by=None, today=TODAY, at=NOW)
        swept(NOW + A_MINUTE)
        assert [state for _day, state in promised()] == ["void"]
        forecast(Milestone.objects.get(pk=milestone.pk), KEYS)
        swept(NOW + 2 * A_MINUTE)
        assert promised() == [(TODAY + timedelta(days=3), "void"), (KEYS + timedelta(days=3), "due")]
        assert Promise.objects.get(state="due").key.endswith(f":{METERS}:2")

    def test_it_stands_when_the_stage_of_the_guide_is_over(self, tie, keys):
        Milestone.objects.filter(journey=keys.journey).exclude(template__stage__code="handover").exclude(
            template__stage__code__in=["three-months", "one-year"]
        ).update(state="reached", actual=TODAY)
        publish(for_stages=["handover"])
        swept()
        Milestone.objects.filter(journey=keys.journey, template__stage__code="handover").update(
            state="reached", actual=TODAY
        )
        swept(NOW + A_MINUTE)
        assert promised() == [(TODAY + timedelta(days=3), "due")]

    def test_the_buyer_takes_over_what_was_promised_about_the_home(self, tie, keys):
        publish()
        swept()
        transfer_home(home=tie.home, to=[OwnerFactory()], on=TODAY, by=None, at=NOW)
        swept(NOW + A_MINUTE)
        assert promised() == [(KEYS + timedelta(days=3), "due")]


class TestReminders:
    def day_before(self, days):
        return NOW + timedelta(days=(KEYS - timedelta(days=7) - TODAY).days - days)

    def test_the_household_is_reminded_once(self, tie, keys, told):
        publish()
        swept()
        for days in (4, 3, 2, 2):
            remind(at=self.day_before(days))
        assert told() == [(tie.owner, "checklist-due")]

    def test_it_names_what_is_not_ticked_yet(self, tie, keys):
        page = publish([BRING[1], BRING[1] | {"id": "pen", "text": "A pen"}])
        swept()
        remind(at=self.day_before(2))
        ticked(tie, page, TORCH)
        kind, [row] = notice_kinds.get("checklist-due"), {n.subject_id for n in Notice.objects.all()}
        row = DueItem.objects.get(pk=row)
        assert (kind.still_true(row), kind.paragraphs(row)[1:]) == (True, ["A pen"])
        ticked(tie, page, "pen")
        assert kind.still_true(row) is False

    def test_nobody_is_reminded_of_what_is_ticked(self, tie, keys, told):
        page = publish()
        swept()
        ticked(tie, page, TORCH)
        remind(at=self.day_before(2))
        assert told() == []

    def test_only_those_who_read_the_guide_are_reminded(self, tie, keys, told):
        OwnershipFactory(home=tie.home, role="tenant")
        publish(for_roles=["owner"])
        swept()
        remind(at=self.day_before(2))
        assert told() == [(tie.owner, "checklist-due")]

    def test_whoever_sold_meanwhile_hears_nothing(self, tie, keys):
        publish()
        swept()
        row, kind = DueItem.objects.get(item=TORCH), notice_kinds.get("checklist-due")
        assert kind.still_concerns(row, tie.owner)
        transfer_home(home=tie.home, to=[OwnerFactory()], on=TODAY, by=None, at=NOW)
        assert not kind.still_concerns(row, tie.owner)


class TestSweep:
    def test_the_job_looks_only_when_something_has_changed(self, keys, monkeypatch):
        publish()
        tasks.find_due_entries(at=NOW)
        assert len(promised()) == 1
        monkeypatch.setattr(sweep, "bring_up_to_date", None)
        tasks.find_due_entries(at=NOW + A_MINUTE)
        monkeypatch.undo()
        forecast(Milestone.objects.get(pk=keys.pk), KEYS + timedelta(days=10))
        tasks.find_due_entries(at=NOW + A_MINUTE)
        assert promised() == [(KEYS + timedelta(days=13), "due")]

    def test_the_queries_do_not_grow_with_the_homes(self):
        publish()
        development = DevelopmentFactory()
        for _each in range(2):
            dated(OwnershipFactory(home=HomeFactory(building=None, development=development)).home, on=KEYS)
        counts = []
        for at in (NOW, NOW + A_MINUTE):
            with CaptureQueriesContext(connection) as seen:
                swept(at)
            counts.append(len(seen))
            for _each in range(4):
                dated(OwnershipFactory(home=HomeFactory(building=None, development=development)).home, on=KEYS)
        assert counts[0] == counts[1]

    @pytest.mark.django_db(transaction=True)
    def test_two_machines_promise_once(self):
        for _each in range(3):
            dated(OwnershipFactory().home, on=KEYS)
        publish()
        outcomes = all_at_once(lambda _n: swept(), range(3))
        assert (outcomes.raised, len(promised())) == ([], 3)
        assert Event.objects.filter(verb="promised").count() == 3
