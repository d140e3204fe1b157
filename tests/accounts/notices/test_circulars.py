"""One occasion told to many: one row in the request, and the worker writes the rest, whatever happens to it."""

from datetime import timedelta
from unittest.mock import Mock

import pytest
from django.db import transaction
from django.utils import timezone
from django_q.models import OrmQ

from accounts.models import Address, Owner
from accounts.notices import circulars, kinds
from accounts.notices.circulars import go_on, tell_all, write
from accounts.notices.models import Circular, Notice
from accounts.notices.reasons import NO_ADDRESS, RESTORED
from accounts.notices.tasks import sweep_circulars, write_circulars
from portal.backups import aftermath
from tests.concurrency import all_at_once, without_locks
from tests.factories import NOW, OwnerFactory

State = Circular.State
TOLD = []


@pytest.fixture
def known(monkeypatch):
    """A kind that concerns every owner without a login; four are few, and a lot is three."""
    monkeypatch.setattr(kinds, "_kinds", dict(kinds._kinds))
    monkeypatch.setattr(circulars, "FEW", 4)
    monkeypatch.setattr(circulars, "LOT", 3)
    TOLD.clear()

    @kinds.register("test-circular")
    class Everybody(kinds.Kind):
        model = Owner
        channels = (kinds.INBOX,)

        def people(self, subject):
            return Owner.objects.active().exclude(pk=subject.pk)

        def note_told(self, subject, owners, *, at):
            TOLD.extend(owners)

        def still_true(self, subject):
            return subject.name != "Gone"

    return Everybody


@pytest.fixture
def readers(db):
    return OwnerFactory.create_batch(8, user=None)


def written():
    return sorted(Notice.objects.values_list("owner", flat=True))


def work(at=NOW):
    return write(clock=lambda: at)


def circular():
    return Circular.objects.values_list("state", "told", "claims", "lease").get()


def test_few_are_told_at_once(known, subject):
    few = OwnerFactory.create_batch(4, user=None)
    tell_all("test-circular", subject, at=NOW)
    assert (written(), Circular.objects.count()) == (sorted(owner.pk for owner in few), 0)
    assert sorted(TOLD) == written()


def test_many_are_told_by_the_worker(known, subject, readers):
    tell_all("test-circular", subject, at=NOW)
    assert (written(), circular()) == ([], (State.WRITING, 0, 0, None))
    assert OrmQ.objects.count() == 1
    assert work() is False
    assert (written(), circular()) == (sorted(owner.pk for owner in readers), (State.DONE, 8, 0, None))
    assert TOLD == sorted(TOLD) == written()


def test_it_is_rolled_back_with_what_it_tells_of(known, subject, readers):
    @transaction.atomic
    def tell_and_fail():
        tell_all("test-circular", subject, at=NOW)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        tell_and_fail()
    assert (Circular.objects.count(), OrmQ.objects.count()) == (0, 0)


def test_said_twice_and_written_twice_it_is_told_once(known, subject, readers):
    for _each in range(2):
        tell_all("test-circular", subject, at=NOW)
        work()
    assert (len(written()), len(TOLD), Circular.objects.count()) == (8, 8, 1)


def test_what_is_no_longer_true_is_told_to_nobody(known, subject, readers):
    tell_all("test-circular", subject, at=NOW)
    Owner.objects.filter(pk=subject.pk).update(name="Gone")
    work()
    assert (written(), circular()) == ([], (State.DONE, 0, 0, None))


def test_whoever_is_erased_meanwhile_is_left_out(known, subject, readers):
    tell_all("test-circular", subject, at=NOW)
    Owner.objects.filter(pk=readers[0].pk).update(erased_at=NOW)
    work()
    assert (readers[0].pk in written(), len(TOLD)) == (False, 7)


def test_broken_off_it_goes_on_where_it_came_to(known, subject, readers, monkeypatch):
    tell_all("test-circular", subject, at=NOW)
    lots, write_lot = [], circulars._write_lot

    def dies_at_the_second(*args, **kwargs):
        lots.append(1)
        if len(lots) == 2:
            raise RuntimeError("as if it had been killed")
        return write_lot(*args, **kwargs)

    monkeypatch.setattr(circulars, "_write_lot", dies_at_the_second)
    work()
    assert (len(written()), Circular.objects.get().told) == (3, 3)
    assert work(NOW + circulars.LEASE - timedelta(seconds=1)) is False  # nobody else takes it so soon
    assert len(written()) == 3
    work(NOW + circulars.LEASE)
    assert (len(written()), len(TOLD), circular()) == (8, 8, (State.DONE, 8, 0, None))


def test_what_three_workers_did_not_survive_is_stopped_and_holds_up_no_other(known, subject, readers, monkeypatch):
    tell_all("test-circular", subject, at=NOW)
    tell_all("test-circular", subject, at=NOW + timedelta(minutes=1), step="sound")
    at, lots = NOW + timedelta(minutes=1), []
    write_lot = circulars._write_lot

    def kills(row, *, at):
        lots.append(row.step)
        if not row.step:
            raise RuntimeError("as if it had been killed")
        return write_lot(row, at=at)

    monkeypatch.setattr(circulars, "_write_lot", kills)
    for _each in range(5):
        work(at)
        at += circulars.LEASE
    assert dict(Circular.objects.values_list("step", "state")) == {"": State.STOPPED, "sound": State.DONE}
    assert lots.count("") == 3


def test_what_was_stopped_is_told_to_the_rest_when_staff_say_so(known, subject, readers):
    tell_all("test-circular", subject, at=NOW)
    Circular.objects.update(state=State.STOPPED, claims=3)
    work()
    assert written() == []
    assert [go_on(Circular.objects.get(), by=None) for _each in range(2)] == [True, False]
    work()
    assert len(written()) == 8


def test_a_task_that_was_lost_is_queued_by_the_sweep(known, subject, readers):
    tell_all("test-circular", subject, at=timezone.now())
    OrmQ.objects.all().delete()
    sweep_circulars(at=timezone.now())
    assert OrmQ.objects.count() == 1
    write_circulars()
    assert len(written()) == 8


def test_after_a_restore_it_is_written_and_nothing_of_it_goes_out(known, subject, readers, states, monkeypatch):
    for name in ("call_command", "_empty", "_keep_newer_files", "catch_up"):
        monkeypatch.setattr(aftermath, name, Mock())
    monkeypatch.setattr(kinds.get("test-circular"), "channels", (kinds.EMAIL,), False)
    Address.objects.create(owner=readers[0], channel="email", value="one@example.com")
    tell_all("test-circular", subject, at=NOW)
    assert aftermath.finish(at=NOW) == 1
    assert sorted(states()) == [("failed", RESTORED), *[("suppressed", NO_ADDRESS)] * 7]


class TestTwoWorkers:
    @pytest.fixture
    def waiting(self, transactional_db, known, subject, readers):
        tell_all("test-circular", subject, at=NOW)

    def test_tell_each_once(self, waiting):
        assert all_at_once(lambda _n: work(), range(4)).raised == []
        assert (len(written()), len(TOLD), circular()[:2]) == (8, 8, (State.DONE, 8))

    @pytest.mark.postgresql
    def test_without_locks_they_would_get_in_each_others_way(self, waiting, monkeypatch):
        with without_locks():
            for _each in range(20):
                all_at_once(lambda _n: work(), range(4))
                if len(TOLD) > 8:
                    return
                Circular.objects.update(state=State.WRITING, reached=None, told=0, lease=None, claims=0)
                TOLD.clear()
        pytest.fail("The race was never lost.")
