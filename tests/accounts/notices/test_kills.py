"""Workers are killed with SIGKILL in mid-delivery, and a real mail server counts what it got."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import contextmanager

import pytest
from django.utils import timezone
from django_q.models import OrmQ

from accounts.notices import delivery, reasons
from accounts.notices.delivery import LEASE
from accounts.notices.models import Notice
from accounts.notices.tasks import sweep
from tests.concurrency import all_at_once
from tests.factories import OwnerFactory

PATIENCE = 60  # seconds, for a machine that is busy


@pytest.fixture
def start(database_url, server):
    """Start `worker.py` on the test's database and mail server, in a process group of its own."""

    @contextmanager
    def start(what):
        environment = os.environ | {
            "DATABASE_URL": database_url,
            "EMAIL_URL": f"smtp://{server.host}:{server.port}",
            "WORKERS": "1",
        }
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "text": True}
        command = [sys.executable, "-m", "tests.accounts.notices.worker", what]
        with subprocess.Popen(command, env=environment, start_new_session=True, **pipes) as process:
            try:
                yield process
            finally:
                os.killpg(process.pid, signal.SIGKILL)

    return start


def deliver_and_die(nursery, server, *, nth, accepted):
    """A worker delivers until the server leaves its nth message without an answer, and is killed there."""
    server.stall(nth=nth, accepted=accepted)
    nursery.stdin.write("\n")
    nursery.stdin.flush()
    worker = int(nursery.stdout.readline())
    assert server.stalled.wait(PATIENCE)
    os.kill(worker, signal.SIGKILL)
    pass_the_lease()


def pass_the_lease():
    """As if the lease of whoever was killed had run out meanwhile."""
    held = Notice.objects.filter(lease__isnull=False, state="queued")
    assert {notice.leased_until - timezone.now() < LEASE for notice in held} == {True}
    held.update(leased_until=timezone.now())


def by_pk(server):
    return Counter(message_id.strip("<>").partition("@")[0] for message_id in server.message_ids())


@pytest.mark.parametrize("accepted", [False, True])
def test_a_killed_worker_loses_nothing_and_repeats_only_what_had_been_accepted(start, notify, smtp, work_now, accepted):
    notices = notify(*OwnerFactory.create_batch(6), at=timezone.now())
    with start("deliver") as nursery:
        for _ in range(3):
            deliver_and_die(nursery, smtp, nth=2, accepted=accepted)
    smtp.go_on()
    work_now()
    killed = 3 if accepted else 0
    assert set(by_pk(smtp)) == {str(notice.pk) for notice in notices}
    assert sorted(by_pk(smtp).values()) == [1] * (6 - killed) + [2] * killed
    assert Notice.objects.filter(state="sent").count() == 6
    # Whether the server had it is not known, so each kill counts as a possible repeat.
    assert Notice.objects.perhaps_repeated().count() == 3


def test_workers_at_the_same_time_send_each_once(transactional_db, notify, smtp, work_now, monkeypatch):
    monkeypatch.setattr(delivery, "BATCH", 10)
    notices = notify(*OwnerFactory.create_batch(60), at=timezone.now())
    outcomes = all_at_once(lambda _: work_now(), range(4))
    assert (outcomes.raised, by_pk(smtp)) == ([], {str(notice.pk): 1 for notice in notices})
    assert smtp.connections > 1


def test_what_killed_three_workers_is_a_dead_letter_and_the_others_go_out(start, notify, smtp, work_now, states):
    notify(*OwnerFactory.create_batch(4), at=timezone.now())
    with start("deliver") as nursery:
        for _ in range(3):
            deliver_and_die(nursery, smtp, nth=1, accepted=False)
    smtp.go_on()
    work_now()
    assert sorted(states()) == [("failed", reasons.DEAD_LETTER)] + [("sent", "")] * 3
    assert sorted(by_pk(smtp).values()) == [1] * 3


def test_a_killed_cluster_loses_nothing(start, notify, server):
    notices = notify(*OwnerFactory.create_batch(8), at=timezone.now())
    server.stall(nth=4, accepted=False)
    with start("qcluster"):
        assert server.stalled.wait(PATIENCE)
    server.go_on()
    pass_the_lease()
    OrmQ.objects.all().delete()  # the task may be lost: the outbox is the truth
    sweep(at=timezone.now())
    with start("qcluster"):
        deadline = time.monotonic() + PATIENCE
        while Notice.objects.filter(state="queued").exists() and time.monotonic() < deadline:
            time.sleep(0.1)
    assert by_pk(server) == {str(notice.pk): 1 for notice in notices}
