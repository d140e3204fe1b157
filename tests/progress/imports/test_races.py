"""An import while somebody else works on the same homes."""

from time import sleep
from unittest.mock import patch

import pytest

from accounts.events.models import Event
from accounts.files.models import private_storage
from progress.imports import actions, reading
from progress.imports.archive import WorkbookError
from progress.imports.models import ImportRun
from progress.models import Home, Ownership
from progress.transfers import actions as transfers
from tests.concurrency import all_at_once, without_locks
from tests.factories import NOW, OwnerFactory
from tests.progress.imports.books import ESTATE, TODAY, book, confirmed, imported, previewed

NEWCOMER = ("C-2", "柳荫", "1号楼", "102", "family", "2026-03-01")
SELLER = ("1001", "柳荫", "1号楼", "102", "owner", "2026-03-01")


@pytest.fixture
def home(transactional_db):
    imported(book(ownerships=[ESTATE["ownerships"][0], SELLER]))
    return Home.objects.get(number="102")


@pytest.fixture
def newcomer(home):
    """A confirmed import that adds somebody to the household."""
    return confirmed(previewed(book({"ownerships": [ESTATE["ownerships"][0], SELLER, NEWCOMER]})))


@pytest.fixture
def slowly():
    """Between what each looks at and what it writes there is time for the other."""

    def waiting(function):
        def wait(*args, **kwargs):
            sleep(0.4)
            return function(*args, **kwargs)

        return wait

    with (
        patch.object(reading, "write", waiting(reading.write)),
        patch.object(transfers, "_carry_out", waiting(transfers._carry_out)),
    ):
        yield


def at_once(home, run):
    """Sell the home while the import runs. Returns the live ties of the home afterwards that aren't the buyer's."""
    buyer = OwnerFactory()
    acts = [
        lambda: transfers.transfer_home(home=home, to=[buyer], on=TODAY, by=None, at=NOW),
        lambda: actions.carry_out(run, today=TODAY, at=NOW),
    ]
    assert all_at_once(lambda act: act(), acts).raised == []
    return Ownership.objects.live().filter(home=home).exclude(owner=buyer)


def test_nobody_of_the_old_household_stays_when_the_home_is_sold_meanwhile(home, newcomer, slowly):
    assert list(at_once(home, newcomer)) == []
    newcomer.refresh_from_db()
    assert newcomer.state in {ImportRun.State.DONE, ImportRun.State.PREVIEWED}


@pytest.mark.postgresql
def test_without_the_lock_somebody_would(home, newcomer, slowly):
    with without_locks():
        assert list(at_once(home, newcomer).values_list("owner__customer_no", flat=True)) == ["C-2"]


def test_a_home_sold_before_the_import_began_gets_a_new_preview(home, newcomer):
    transfers.transfer_home(home=home, to=[OwnerFactory()], on=TODAY, by=None, at=NOW)
    actions.carry_out(newcomer, today=TODAY, at=NOW)
    assert newcomer.state == ImportRun.State.PREVIEWED


@pytest.mark.postgresql
def test_the_bar_moves_while_the_transaction_is_open(transactional_db, monkeypatch):
    seen, write = [], reading.write

    def watched(estate, *, on, note_progress):
        write(estate, on=on, note_progress=note_progress)
        note_progress(0.5)
        seen.append(Home.objects.count())
        all_at_once(lambda _: seen.append((ImportRun.objects.get().progress, Home.objects.count())), [1])

    monkeypatch.setattr(reading, "write", watched)
    monkeypatch.setattr("progress.imports.beside.PAUSE", 0)
    actions.carry_out(confirmed(previewed()), today=TODAY, at=NOW)
    assert seen == [3, (75, 0)]
    assert ImportRun.objects.get().progress == 100


def test_a_workbook_changed_between_preview_and_confirmation_is_refused_while_it_is_imported(transactional_db):
    run = confirmed(previewed())
    with private_storage().open(run.file.file.name, "wb") as stored:
        stored.write(book({"developments": ESTATE["developments"]}))
    assert all_at_once(carry_out, [run, run]).raised == []
    run.refresh_from_db()
    assert (run.state, Home.objects.count()) == (ImportRun.State.FAILED, 0)


def test_the_same_import_taken_up_by_two_workers_is_carried_out_once(transactional_db):
    run = confirmed(previewed())
    assert all_at_once(carry_out, [run, ImportRun.objects.get(pk=run.pk)]).raised == []
    run.refresh_from_db()
    assert (run.state, Home.objects.count()) == (ImportRun.State.DONE, 3)
    assert Event.objects.filter(verb="imported").count() == 1


def test_two_imports_of_the_same_homes_write_them_once(transactional_db):
    """One goes ahead; the other is told to wait, and then finds everything there."""
    runs = [previewed(name=f"{n}.xlsx") for n in range(2)]
    outcomes = all_at_once(lambda run: carry_out(confirmed(run)), runs)
    assert (Home.objects.count(), outcomes.raised) in [(3, [WorkbookError]), (3, [])]
    states = sorted(ImportRun.objects.values_list("state", flat=True))
    assert states in [["done", "previewed"], ["done", "done"]]


def carry_out(run):
    actions.carry_out(run, today=TODAY, at=NOW)
