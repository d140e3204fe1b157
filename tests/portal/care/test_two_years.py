"""Two years of one home, day by day, with workers that are killed: exactly the plan, each promise once, in order."""

import random
from datetime import date
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from accounts.events.models import Event
from accounts.models import Channel
from accounts.notices.models import Notice
from portal.care.models import Rule
from portal.demo.time import live
from progress.promises.models import Promise
from tests.accounts.notices.server import MailServer
from tests.factories import StaffFactory

from .factories import home_with_keys

pytestmark = pytest.mark.django_db
KEYS = date(2026, 12, 1)
OF_A_HOME = {
    "three-months",
    "one-year",
    "warranty-60",
    "warranty-14",
    "greeting-spring-festival",
    "greeting-mid-autumn",
}
CHINA = ZoneInfo("Asia/Shanghai")

# Worked out by hand from the calendar: appliances are covered for 12 months, most for 24, heating for two winters.
PLAN = [
    ("greeting-spring-festival", date(2027, 2, 6), "kept"),
    ("three-months", date(2027, 3, 1), "kept"),
    ("greeting-mid-autumn", date(2027, 9, 15), "kept"),
    ("warranty-60", date(2027, 9, 30), "kept"),
    ("warranty-14", date(2027, 11, 17), "kept"),
    ("one-year", date(2027, 12, 1), "kept"),
    ("greeting-spring-festival", date(2028, 1, 26), "kept"),
    ("warranty-60", date(2028, 9, 29), "kept"),
    ("greeting-mid-autumn", date(2028, 10, 3), "kept"),
    ("warranty-14", date(2028, 11, 17), "kept"),
]


class KilledError(Exception):
    """As if the process had been killed: nothing of its transaction stays."""


class Killer:
    """Breaks a third of all runs off, at any statement, and has them begun anew."""

    def __init__(self, seed):
        self.random, self.killed = random.Random(seed), 0

    def __call__(self, run):
        if self.random.random() < 1 / 3:
            left = self.random.randrange(200)

            def count(execute, sql, *args):
                nonlocal left
                left -= 1
                if left == 0 and "SAVEPOINT" not in sql:  # what a killed process leaves, the database rolls back
                    raise KilledError
                return execute(sql, *args)

            try:
                with connection.execute_wrapper(count):
                    run()
                return
            except KilledError:
                self.killed += 1
        run()


@pytest.fixture
def smtp(settings):
    with MailServer() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.host, server.port
        yield server


def test_two_years_are_the_plan_whatever_is_killed(smtp):
    Rule.objects.exclude(code__in=OF_A_HOME).delete()
    Rule.objects.update(starts_on=KEYS)
    tie = home_with_keys(on=KEYS)
    worker = StaffFactory(group="Site managers", development=tie.home.development)
    killer = Killer(seed=20261201)
    lines = list(live(tie.home, first=KEYS, days=730, by=worker, alone=killer))
    assert killer.killed > 100

    promises = Promise.objects.filter(home=tie.home).exclude(rule="").order_by("due_at", "key")
    due = [(each.rule, each.due_at.astimezone(CHINA).date(), each.state) for each in promises]
    assert [each for each in due if each[1] <= date(2028, 11, 30)] == PLAN
    kept = [line.promise.rule for line in lines if line.what == "kept"]
    assert kept == [rule for rule, _day, _state in PLAN]

    opened = Event.objects.filter(verb="promised", subject_id__in=[str(each.pk) for each in promises])
    assert opened.count() == len(promises)
    sent = Notice.objects.filter(owner=tie.owner, channel=Channel.EMAIL, state=Notice.State.SENT)
    assert sent.count() == len({message["Message-ID"] for message in smtp.accepted}) == len(smtp.accepted)
    assert sent.filter(kind="care-message").count() == 8
    in_the_portal = Notice.objects.for_user(tie.owner.user).filter(kind="care-message", channel=Channel.INBOX)
    assert in_the_portal.count() == 8
