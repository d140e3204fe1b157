"""`manage.py care` sees to care, or says what would happen; the web process notices when nobody does."""

from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command

from accounts.notices.models import Heartbeat
from portal.care.models import Rule
from portal.health import problems
from progress.promises.models import Promise

from .factories import NOW, RuleFactory, home_with_keys, reach

pytestmark = pytest.mark.django_db


@pytest.fixture
def home():
    Rule.objects.all().delete()
    RuleFactory(code="visit")
    return home_with_keys(on=date(2026, 11, 20)).home


def care(*words):
    out = StringIO()
    with time_machine.travel(NOW, tick=False):
        call_command("care", *words, stdout=out)
    return out.getvalue()


def test_a_dry_run_says_what_would_happen_and_writes_nothing(home):
    assert care("--at", "2027-03-01", "--dry-run") == (
        "visit: 1 to be promised, 0 moved, 0 let go, 0 sent, 0 asked, 1 missed unless done\n"
        f"  2027-02-22 18:00  {home}\n"
    )
    assert Promise.objects.count() == 0
    assert care("--at", "2027-01-01", "--dry-run") == (
        "visit: 0 to be promised, 0 moved, 0 let go, 0 sent, 0 asked, 0 missed unless done\n"
    )


def test_a_dry_run_tells_what_moved_meanwhile_and_what_is_sent(home):
    RuleFactory(code="news", product="reminder", message_en="Look at your drains.")
    care()
    reach(home, date(2026, 11, 21))
    assert care("--at", "2027-03-01", "--dry-run").splitlines() == [
        "news: 0 to be promised, 1 moved, 0 let go, 1 sent, 0 asked, 0 missed unless done",
        "visit: 0 to be promised, 1 moved, 0 let go, 0 sent, 0 asked, 1 missed unless done",
    ]
    reach(home, None)
    assert "0 moved, 1 let go" in care("--at", "2027-03-01", "--dry-run")


def test_it_sweeps_now(home):
    assert care() == "opened: 1, moved: 0, sent: 0\n"
    assert Promise.objects.count() == 1


@pytest.mark.parametrize("words", [("--at", "2027-03-01"), ("--at", "2027-02-31", "--dry-run"), ("--at", "soon")])
def test_a_day_to_come_or_none_at_all_is_refused(home, words):
    with pytest.raises(CommandError):
        care(*words)


def test_that_nobody_sees_to_care_is_no_health():
    Heartbeat.objects.beat("minute", at=NOW)
    Heartbeat.objects.beat("care", at=NOW - timedelta(minutes=40))
    assert problems(at=NOW) == ["care"]
    Heartbeat.objects.beat("care", at=NOW)
    from django.core.cache import cache

    cache.clear()
    assert problems(at=NOW) == []


def test_that_nobody_sees_to_care_stands_on_the_front_page_of_the_desk():
    from portal.care.heartbeat import stands_still_since

    assert stands_still_since(at=NOW) is None
    Heartbeat.objects.beat("care", at=datetime(2026, 11, 30, tzinfo=UTC))
    assert stands_still_since(at=NOW) == datetime(2026, 11, 30, tzinfo=UTC)
