"""`manage.py load_demo`: three buildings with their owners, to try the portal with."""

import time
import unicodedata

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import override

from accounts.files.actions import make_variants
from accounts.files.models import PrivateFile
from accounts.models import User
from portal.demo import estate, people, staff
from portal.demo.load import is_loaded, load
from progress.models import Ownership, RightState

PATIENCE = 10  # seconds for the photos' variants; the worker makes the others


class Command(BaseCommand):
    help = "Load the demonstration estate, once. Not for production."

    def add_arguments(self, parser):
        parser.add_argument("--logins", action="store_true", help="only print the demonstration's logins")

    def handle(self, *, logins, verbosity, **options):
        if settings.PRODUCTION:
            raise CommandError("The demonstration is not for production: anyone can read its passwords.")
        if logins:
            self._print_logins()
        elif not is_loaded():
            load(at=timezone.now())
            make_small_photos()
            if verbosity:
                self.stdout.write("The demonstration estate is loaded. load_demo --logins prints who can log in.")

    def _print_logins(self):
        if not is_loaded():
            raise CommandError("Nothing is loaded yet: run load_demo first.")
        with override("en"):
            owners, colleagues = _owners(), _staff()
        self.stdout.write(f"Password of all: {people.PASSWORD}\n\n")
        self.stdout.write(_table("Owners, at /my/", owners))
        self.stdout.write(_table("Staff, at /desk/; site managers also at /site/", colleagues))


def make_small_photos():
    """Make the photos' variants now, so that the first page is quick. What takes too long the worker makes."""
    ends = time.monotonic() + PATIENCE
    for row in PrivateFile.objects.lacking_variants():
        if time.monotonic() > ends:
            return
        make_variants(row)


def _owners():
    """Those whose story the demonstration tells; their neighbours have the same password."""
    ties = Ownership.objects.select_related("home__development", "owner").order_by("since")
    numbers = {people.customer_no(person.key): person for person in people.PERSONAS if person.has_login}
    homes = {}
    for tie in ties.filter(owner__customer_no__in=numbers):
        former = "former " if tie.state == RightState.ENDED else ""
        homes.setdefault(tie.owner.customer_no, []).append(f"{tie.home}, {former}{tie.get_role_display()}")
    return [
        (
            person.name,
            person.email or person.phone,
            dict(settings.LANGUAGES)[person.language],
            "; ".join(homes[number]),
        )
        for number, person in numbers.items()
    ]


def _staff():
    logins = User.objects.in_bulk([person.email for person in _colleagues()], field_name="email")
    return [
        (
            person.name,
            person.email,
            "all rights" if logins[person.email].is_superuser else person.group,
            estate.DEVELOPMENTS[person.place][0] if person.place else "all developments" if person.post else "",
        )
        for person in _colleagues()
    ]


def _colleagues():
    return (staff.ADMINISTRATOR, *staff.STAFF)


def _table(title, rows):
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    lines = (
        "  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )
    return "\n".join([title, *(f"  {line}" for line in lines), ""])


def _width(text):
    """Columns in a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in str(text))
