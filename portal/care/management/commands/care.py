"""`manage.py care`: see to care now, or print what would happen by a day to come."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.timezone import localtime

from portal.care.ahead import SHOWN, ahead
from portal.care.sweep import sweep

NOON = time(12)


class Command(BaseCommand):
    help = "See to checks, reminders and whatever else rules owe. With --dry-run print what would happen by --at."

    def add_arguments(self, parser):
        parser.add_argument("--at", metavar="YYYY-MM-DD", help="the day; by default today")
        parser.add_argument("--dry-run", action="store_true", help="write nothing, print what would happen")

    def handle(self, *, at, dry_run, **options):
        now = timezone.now()
        day = _day(at) if at else timezone.localdate(now)
        if dry_run:
            self._print(now=now, until=day)
        elif day > timezone.localdate(now) and settings.MODE != "development":
            raise CommandError("This day is to come: only --dry-run looks at it, but in development.")
        else:
            moment = datetime.combine(day, NOON, tzinfo=ZoneInfo(settings.TIME_ZONE)) if at else now
            done = sweep(at=moment)
            self.stdout.write(", ".join(f"{what}: {number}" for what, number in done.items()))

    def _print(self, *, now, until):
        for each in ahead(now=now, until=until):
            self.stdout.write(
                f"{each.rule.code}: {len(each.opened)} to be promised, {each.moved} moved, {each.gone} let go,"
                f" {each.sent} sent, {each.asked} asked, {each.missed} missed unless done"
            )
            for reached in each.first:
                zone = ZoneInfo(reached.home.development.time_zone) if reached.home else None
                self.stdout.write(f"  {localtime(reached.due_at, zone):%Y-%m-%d %H:%M}  {reached.home or '-'}")
            if len(each.opened) > SHOWN:
                self.stdout.write(f"  and {len(each.opened) - SHOWN} more")


def _day(words):
    try:
        day = parse_date(words)
    except ValueError:
        day = None
    if day is None:
        raise CommandError(f"{words} is no day. Please write it as 2027-03-01.")
    return day
