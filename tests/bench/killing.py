"""An update for many owners, and workers that are killed with SIGKILL at random moments until all have been told."""

import os
import random
import signal
import subprocess
import sys
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from select import select
from time import monotonic, sleep

from django.utils import timezone
from django_q.models import OrmQ

from accounts.models import Channel
from accounts.notices.models import Circular, Notice
from accounts.notices.tasks import sweep, sweep_circulars
from progress.updates.actions import publish_update
from progress.updates.models import Audience, Receipt
from tests.bench.bench_updates import estate
from tests.bench.sink import HOST, sink
from tests.factories import StaffFactory, UpdateFactory

NURSERY = """
import os, sys, django
django.setup()
from accounts.notices.tasks import deliver_due, write_circulars
for _line in sys.stdin:
    child = os.fork()
    if child == 0:
        write_circulars()
        deliver_due()
        os._exit(0)
    print(child, flush=True)
    os.waitpid(child, 0)
    print("gone", flush=True)
"""
LEASES = (Circular, Notice)


@dataclass
class Found:
    """What came of it. `repeated`: messages that the server accepted more than once, each time beyond the first."""

    owners: int
    kills: int
    while_writing: int
    accepted: int
    repeated: int
    perhaps_repeated: int
    untold: int
    seconds: float

    def __str__(self):
        return (
            f"{self.owners:,} owners, {self.kills} workers killed, {self.while_writing} of them while the notices were"
            f" being written; {self.accepted:,} e-mails accepted, {self.repeated} of them a second time, when"
            f" {self.perhaps_repeated} may have been; {self.untold} owners untold; {self.seconds:.0f} s"
        )


class Publication:
    """Published; nobody has been told yet."""

    def __init__(self, database_url, path, *, owners, seed):
        self.environment = os.environ | {"DATABASE_URL": database_url, "WORKERS": "1"}
        self.path, self.random = path, random.Random(seed)
        building = estate(owners)
        self.update = UpdateFactory(development=building.development)
        Audience.objects.create(update=self.update, building=building)
        publish_update(self.update, by=StaffFactory(group="Supervisors", everywhere=True), at=timezone.now())
        self.owners, self.writing, self.kills = owners, 0, 0

    def killed(self, times, *, seconds):
        """Kill so many workers, then let others finish. Returns what was Found; bounded in time."""
        began = monotonic()
        with sink(self.path) as port:
            environment = self.environment | {"EMAIL_URL": f"smtp://{HOST}:{port}"}
            pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "text": True}
            with subprocess.Popen([sys.executable, "-c", NURSERY], env=environment, **pipes) as nursery:
                try:
                    while self._is_due():
                        assert monotonic() - began < seconds, "It took too long."
                        self._one_worker(nursery, times)
                finally:
                    nursery.kill()
        return self._found(monotonic() - began)

    def _one_worker(self, nursery, times):
        """Killed at a random moment, while some are to be: the first third while notices are still being written."""
        nursery.stdin.write("\n")
        nursery.stdin.flush()
        worker = os.pidfd_open(int(nursery.stdout.readline()))  # which no later process can be mistaken for
        if self.kills < times:
            self._wait(worker, self._written if self.kills < times // 3 else self._accepted, times)
            writing = Circular.objects.filter(state=Circular.State.WRITING).exists()
            with suppress(ProcessLookupError):  # done already: this one does not count
                signal.pidfd_send_signal(worker, signal.SIGKILL)
                self.kills += 1
                self.writing += writing
        os.close(worker)
        assert nursery.stdout.readline() == "gone\n"

    def _wait(self, worker, done, times):
        """Until this worker has done a random part of the work, or is gone."""
        part = done() + self.random.randrange(self.owners // (2 * times))
        while done() <= part and not select([worker], [], [], 0)[0]:
            sleep(0.01)
        sleep(self.random.uniform(0, 0.05))

    def _written(self):
        return sum(Circular.objects.values_list("told", flat=True))

    def _accepted(self):
        return len(self._lines())

    def _lines(self):
        return self.path.read_text().splitlines() if self.path.exists() else []

    def _is_due(self):
        self._pass_the_leases()
        now = timezone.now()
        return Circular.objects.due(at=now).exists() or Notice.objects.due(at=now).exists()

    def _pass_the_leases(self):
        """As if the leases of whoever was killed had run out meanwhile, and their tasks were lost."""
        for model in LEASES:
            model.objects.filter(lease__isnull=False).update(leased_until=timezone.now())
        OrmQ.objects.all().delete()
        for job in (sweep, sweep_circulars):
            job(at=timezone.now())

    def _found(self, seconds):
        lines = Counter(self._lines())
        told = Notice.objects.filter(subject_id=self.update.pk, state=Notice.State.SENT)
        inbox = told.filter(channel=Channel.INBOX).values("owner")
        mailed = told.filter(channel=Channel.EMAIL).values("owner")
        receipts = Receipt.objects.filter(update=self.update, told_at__isnull=False)
        return Found(
            owners=self.owners,
            kills=self.kills,
            while_writing=self.writing,
            accepted=sum(lines.values()),
            repeated=sum(lines.values()) - len(lines),
            perhaps_repeated=Notice.objects.perhaps_repeated().filter(channel=Channel.EMAIL).count(),
            untold=self.owners - receipts.filter(owner__in=inbox).filter(owner__in=mailed).count(),
            seconds=seconds,
        )

    def check(self, found):
        """Everybody is told, each message once but for those whose kill fell into the window, and these are counted."""
        recipients = Counter(line.split()[0] for line in set(self._lines()))
        assert (found.untold, len(recipients), set(recipients.values())) == (0, self.owners, {1})
        assert Notice.objects.filter(subject_id=self.update.pk).count() == 2 * self.owners
        assert Receipt.objects.filter(update=self.update).count() == self.owners
        assert set(Circular.objects.values_list("state", "told")) == {(Circular.State.DONE, self.owners)}
        assert found.repeated <= found.perhaps_repeated <= found.kills
