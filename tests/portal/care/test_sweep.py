"""The sweep runs again, late, on two machines at once, with clocks that differ, or breaks off: each promise once."""

from datetime import UTC, datetime, timedelta
from time import sleep
from unittest.mock import patch

import pytest
from django.db import OperationalError

from accounts.events.models import Event
from accounts.notices.models import Notice
from portal.care import advancing, opening
from portal.care.models import Anchor, Rule
from portal.care.sweep import sweep
from progress.promises.models import Promise
from progress.promises.sweep import sweep as sweep_ledger
from tests.concurrency import all_at_once, without_locks

from .factories import NOW, RuleFactory, home_with_keys

HOMES = 3
MORNING = datetime(2027, 3, 1, 1, 30, tzinfo=UTC)  # 09:30 in China, on the day that it is due
AN_HOUR, A_WEEK = timedelta(hours=1), timedelta(days=7)


@pytest.fixture
def homes(transactional_db):
    Rule.objects.all().delete()
    RuleFactory(code="news", product="reminder", message_en="Look at your drains.")
    return [home_with_keys() for _number in range(HOMES)]


@pytest.fixture
def slowly():
    """Between what is read and what is written there is time for others."""
    write = advancing._write

    def wait(lot):
        sleep(0.3)
        write(lot)

    with patch.object(advancing, "_write", wait):
        yield


def verbs(verb):
    return Event.objects.filter(verb=verb, subject_kind="promises.promise").count()


def messages():
    return Notice.objects.filter(kind="care-message", channel="inbox").count()


def test_two_machines_at_once_promise_each_once(homes):
    all_at_once(lambda at: sweep(at=at), [NOW, NOW, NOW])
    assert (Promise.objects.count(), verbs("promised")) == (HOMES, HOMES)


def test_two_machines_with_clocks_an_hour_apart_promise_and_write_once(homes):
    all_at_once(lambda at: sweep(at=at), [NOW, NOW + AN_HOUR])
    assert (Promise.objects.count(), verbs("promised")) == (HOMES, HOMES)
    all_at_once(lambda at: sweep(at=at), [MORNING, MORNING + AN_HOUR])
    assert sweep(at=MORNING) == {"opened": 0, "moved": 0, "sent": 0}
    assert (messages(), verbs("kept")) == (HOMES, HOMES)


def test_two_machines_at_once_keep_each_once(homes, slowly):
    sweep(at=NOW)
    all_at_once(lambda at: advancing.advance(at=at), [MORNING, MORNING])
    assert (messages(), verbs("kept")) == (HOMES, HOMES)


@pytest.mark.postgresql
def test_without_locks_both_keep_it(homes, slowly):
    sweep(at=NOW)
    with without_locks():
        all_at_once(lambda at: advancing.advance(at=at), [MORNING, MORNING])
    assert verbs("kept") == 2 * HOMES


@pytest.mark.parametrize(("module", "name"), [(opening, "_note"), (advancing, "_keep")])
def test_the_database_lost_in_the_middle_leaves_nothing_half_done(homes, module, name):
    if module is advancing:
        sweep(at=NOW)
    with patch.object(module, name, side_effect=OperationalError), pytest.raises(OperationalError):
        sweep(at=MORNING)
    assert messages() == 0
    assert Promise.objects.count() == verbs("promised") == (HOMES if module is advancing else 0)
    sweep(at=MORNING)
    sweep(at=MORNING + timedelta(minutes=1))
    assert (Promise.objects.count(), verbs("promised"), messages(), verbs("kept")) == (HOMES,) * 4


def test_a_week_without_a_worker_is_made_up_for_and_told_as_missed(homes):
    Rule.objects.all().delete()
    RuleFactory(code="visit")
    RuleFactory(code="day", anchor=Anchor.DATE, anchor_code="", on_day=MORNING.date(), offset=0, unit="days")
    before, late = MORNING - timedelta(days=20), MORNING + A_WEEK
    sweep(at=before - A_WEEK)
    Promise.objects.all().delete()  # the worker died before it could write them
    sweep(at=late)
    sweep_ledger(at=late)
    assert set(Promise.objects.values_list("rule", "state", "due_at", "made_at")) == {
        (code, "missed", MORNING.replace(hour=10, minute=0), MORNING.replace(hour=10, minute=0))
        for code in ("visit", "day")
    }
    assert Promise.objects.count() == 2 * HOMES
