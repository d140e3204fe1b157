"""A backup while people write: it is of one moment, and each of its rows has its file."""

from threading import Event as Flag
from time import sleep

import pytest
from django.db import transaction
from django.db.models import F, Sum

from accounts.events.actions import record
from accounts.events.models import Event
from accounts.files.actions import atomic_with_files, discard, store_image
from accounts.files.models import FileHold, PrivateFile
from accounts.models import Owner
from portal.backups import actions
from portal.backups.actions import back_up
from progress.models import Home
from tests.accounts.files.pictures import photo
from tests.concurrency import all_at_once
from tests.factories import NOW, HomeFactory, OwnerFactory

from .conftest import put_back, without_bytes

AREA = 1000
ROUNDS = 4  # of each writer, before the dump and between the dump and the copies
PATIENCE = 60  # seconds


class Writers:
    """They go on until the backup is made, each round a transaction or two."""

    def __init__(self):
        self.rounds, self.stop = {self.move_area: 0, self.swap_photos: 0}, Flag()
        HomeFactory(area=AREA)
        HomeFactory(area=0)
        self.photos = [store_image(photo(color=(shade, 9, 9)), by=None) for shade in range(0, 200, 20)]
        self.given, self.taken = Home.objects.order_by("-area")
        self.photo_balance = len(self.photos)

    def write(self, round_of_writer):
        while not self.stop.is_set():
            round_of_writer()
            self.rounds[round_of_writer] += 1
            sleep(0.02)  # the backup has to get its turn where there is one writer at a time

    def move_area(self):
        """What one home loses the other gains, a new owner is on record, or nothing of it."""
        with transaction.atomic():
            Home.objects.filter(pk=self.given.pk).update(area=F("area") - 1)
            record("written", OwnerFactory(user=None), by=None)
            Home.objects.filter(pk=self.taken.pk).update(area=F("area") + 1)

    def swap_photos(self):
        """A new photo takes the place of an old one, of which the dump may know."""
        with atomic_with_files():
            self.photos.append(store_image(photo(color=(9, len(self.photos) % 255, 9)), by=None))
            discard(self.photos.pop(0))

    def wait(self):
        """Until each of them has written some more."""
        until = {writer: rounds + ROUNDS for writer, rounds in self.rounds.items()}
        for _ in range(PATIENCE * 100):
            if all(self.rounds[writer] >= rounds for writer, rounds in until.items()):
                return
            sleep(0.01)
        raise TimeoutError(self.rounds)


@pytest.fixture
def back_up_meanwhile(transactional_db, store, monkeypatch):
    """Make a backup while others write, before the dump and after it. Returns (its folder, its Manifest)."""
    writers, dump = Writers(), actions._dump

    def slow_dump(folder):
        writers.wait()
        result = dump(folder)
        writers.wait()
        return result

    monkeypatch.setattr(actions, "_dump", slow_dump)

    def make():
        try:
            return back_up(store, at=NOW)
        finally:
            writers.stop.set()

    def run():
        parts = [make, lambda: writers.write(writers.move_area), lambda: writers.write(writers.swap_photos)]
        outcomes = all_at_once(lambda part: part(), parts)
        assert outcomes.raised == []
        return outcomes.returned[0]

    return run


def test_it_is_of_one_moment_and_every_row_has_its_file(back_up_meanwhile):
    folder, manifest = back_up_meanwhile()
    assert manifest.problems == []
    written = Owner.objects.count()
    put_back(folder, replace=True)
    assert Home.objects.aggregate(Sum("area"))["area__sum"] == AREA
    assert Owner.objects.count() == Event.objects.filter(verb="written").count()
    assert ROUNDS <= Owner.objects.count() < written  # it was made in the middle
    assert (PrivateFile.objects.kept().count(), without_bytes()) == (10, set())


def test_without_the_hold_files_would_be_missing(back_up_meanwhile, monkeypatch):
    monkeypatch.setattr(FileHold.objects.__class__, "running", lambda manager: FileHold.objects.none())
    _folder, manifest = back_up_meanwhile()
    assert manifest.problems != []
