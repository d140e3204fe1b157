"""Workers are killed with SIGKILL while they send digests, and a real mail server counts what it got."""

from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.notices import reasons, topics
from accounts.notices.choosing import choose
from accounts.notices.digests import gather, settle
from accounts.notices.models import Notice
from accounts.notices.tasks import sweep_digests
from accounts.notices.topics import Mode
from tests.concurrency import all_at_once
from tests.factories import OwnerFactory

from . import test_kills
from .test_kills import deliver_and_die

start = test_kills.start  # the fixture

READERS, MESSAGES = 3, 2


@pytest.fixture
def gathered(notify):
    """Three readers with two messages each that wait for a digest, which is due now."""
    now = timezone.now()
    readers = OwnerFactory.create_batch(READERS)
    for reader in readers:
        choose(reader, topics.NEWS, "email", Mode.DAILY, by=None, at=now)
    for name in range(MESSAGES):
        notify(*readers, kind="test-news", about=OwnerFactory(name=f"Subject {name}", user=None), at=now)
    Notice.objects.filter(channel="inbox").delete()
    Notice.objects.for_digest().update(next_try_at=now - timedelta(minutes=1))
    gather(at=now)
    return Notice.objects.filter(kind="digest")


def told():
    return sorted(Notice.objects.exclude(kind="digest").values_list("state", "reason"))


@pytest.mark.parametrize("accepted", [False, True])
def test_killed_between_claim_and_result_each_reader_has_it_once_but_for_the_window(
    start,
    gathered,
    smtp,
    work_now,
    accepted,
):
    with start("deliver") as nursery:
        deliver_and_die(nursery, smtp, nth=2, accepted=accepted)
    smtp.go_on()
    sweep_digests(at=timezone.now())
    work_now()
    settle()
    ids = Counter(smtp.message_ids())
    assert set(ids) == set(gathered.values_list("message_id", flat=True))
    assert sorted(ids.values()) == [1, 1, 2 if accepted else 1]
    assert told() == [("sent", "")] * READERS * MESSAGES
    assert Notice.objects.perhaps_repeated().count() == 1
    for mail in smtp.accepted:  # a repeat says the same
        assert mail.get_body("plain").get_content().count("in the news") == MESSAGES


def test_what_killed_three_workers_is_a_dead_letter_with_all_in_it(start, gathered, smtp, work_now):
    with start("deliver") as nursery:
        for _ in range(3):
            deliver_and_die(nursery, smtp, nth=1, accepted=False)
    smtp.go_on()
    work_now()
    settle()
    dead, sent = ("failed", reasons.DEAD_LETTER), ("sent", "")
    assert sorted(gathered.values_list("state", "reason")) == [dead, sent, sent]
    assert told() == [dead] * MESSAGES + [sent] * MESSAGES * (READERS - 1)
    assert Notice.objects.undelivered().count() == 1


def test_sweeps_at_the_same_time_gather_each_once(transactional_db, notify):
    now = timezone.now()
    readers = OwnerFactory.create_batch(12)
    for reader in readers:
        choose(reader, topics.NEWS, "email", Mode.DAILY, by=None, at=now)
    notify(*readers, kind="test-news", at=now)
    Notice.objects.for_digest().update(next_try_at=now - timedelta(minutes=1))
    outcomes = all_at_once(lambda _: gather(at=now), range(4))
    digests = Notice.objects.filter(kind="digest")
    assert (outcomes.raised, digests.count(), Notice.objects.for_digest().filter(digest=None).count()) == ([], 12, 0)
    assert sorted(digest.gathered.count() for digest in digests) == [1] * 12
