"""`manage.py restore FOLDER/TIMESTAMP`: a backup becomes the portal."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from portal.backups import restoring
from portal.backups.manifest import BackupError
from portal.backups.store import find


class Command(BaseCommand):
    help = "Restore a backup into an empty database. Stop the portal first, web and worker."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("backup", type=Path, help="FOLDER/TIMESTAMP, as `backup` printed it")
        parser.add_argument("--replace", action="store_true", help="also when the database is not empty: that is lost")
        parser.add_argument("--yes", action="store_true", help="replace without asking")

    def handle(self, *, backup, replace, yes, verbosity, **options):
        say = self.stdout.write if verbosity else lambda line: None
        try:
            store, folders = find(backup)
            if folders != [backup.absolute()]:
                listed = ", ".join(folder.name for folder in folders)
                raise BackupError(f"Which one? In {backup} are: {listed or 'none'}.")
            with store.locked(alone=False):
                checked = restoring.check(store, folders[0])
                for warning in checked.warnings:
                    self.stderr.write(f"Warning: {warning}")
                if replace and not yes and not restoring.is_vacant():
                    self._confirm()
                held = restoring.restore(checked, replace=replace, at=timezone.now())
        except (BackupError, OSError) as error:
            raise CommandError(str(error)) from error
        say(f"Restored as it was at {checked.manifest.made_at}. Everybody has to log in anew.")
        if held:
            say(f"{held} messages are held back, since they may have been sent before: see Undelivered on the desk.")
        say("Start the portal, then look at /health/ready.")

    def _confirm(self):
        name = Path(str(connection.settings_dict["NAME"])).name
        try:
            answer = input(f"All that is in the database {name} will be lost. Type {name} to go on: ")
        except EOFError:
            answer = ""
        if answer != name:
            raise BackupError("Nothing was changed.")
