"""`manage.py backup FOLDER`: the whole portal into a folder of backups, while it runs."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from portal.backups.actions import back_up, verify
from portal.backups.manifest import BackupError
from portal.backups.store import find


class Command(BaseCommand):
    help = "Back up the database and all files into FOLDER, or read existing backups again with --verify."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path, help="a folder of backups; with --verify also one backup in it")
        parser.add_argument("--keep", type=_positive, help="remove all but the newest KEEP backups afterwards")
        parser.add_argument("--verify", action="store_true", help="make none: read every byte of those that are there")

    def handle(self, *, folder, keep, verify, verbosity, **options):
        self.say = self.stdout.write if verbosity else lambda line: None
        try:
            if verify:
                self._verify(folder)
            else:
                self._back_up(folder, keep)
        except (BackupError, OSError) as error:
            raise CommandError(str(error)) from error

    def _back_up(self, folder, keep):
        made, manifest = back_up(folder, at=timezone.now(), keep=keep)
        self.say(f"{made}: {_described(manifest)}.")
        if manifest.problems:
            lines = [f"  {storage}: {name}: {what}" for storage, name, what in manifest.problems[:20]]
            raise CommandError("\n".join([f"It is whole but for {len(manifest.problems)} files:", *lines]))

    def _verify(self, path):
        store, folders = find(path)
        bad = []
        with store.locked(alone=False):
            if not folders:
                raise BackupError(f"There is no backup in {path}.")
            for folder in folders:
                try:
                    self.say(f"{folder.name} is whole: {_described(verify(store, folder))}.")
                except BackupError as error:
                    bad.append(str(error))
        if bad:
            raise BackupError("\n".join(bad))


def _positive(text):
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def _described(manifest):
    rows = sum(manifest.tables.values())
    size = (manifest.database["size"] + manifest.files["bytes"]) / 1e6
    return f"{rows:,} rows and {manifest.files['count']:,} files, {size:,.1f} MB"
