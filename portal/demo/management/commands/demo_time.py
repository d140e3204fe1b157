"""`manage.py demo_time`: two years of a demonstration home, day by day, as its ledger tells them."""

from datetime import date

from django.conf import settings
from django.core import mail
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from accounts.models import Channel, User
from accounts.notices.models import Notice
from portal.care.models import Rule
from portal.demo.time import keys_given, live
from progress.models import Home

TWO_YEARS = 730


class Command(BaseCommand):
    help = "Move the clock day by day through two years of a home and print what was promised, done and told."

    def add_arguments(self, parser):
        parser.add_argument("--home", default="6-501", help="its number; by default 6-501")
        parser.add_argument("--days", type=int, default=TWO_YEARS)
        parser.add_argument("--keys", metavar="YYYY-MM-DD", help="the day the keys are given; by default today")

    def handle(self, *, home, days, keys, **options):
        if settings.MODE not in {"development", "demonstration"}:
            raise CommandError("This is for a demonstration: it writes two years of messages.")
        first = date.fromisoformat(keys) if keys else timezone.localdate()
        found = Home.objects.select_related("development", "building").filter(number=home).first()
        if found is None:
            raise CommandError(f"There is no home {home}.")
        with transaction.atomic():
            self._live(found, first, days)
            transaction.set_rollback(True)  # it was only shown

    def _live(self, home, first, days):
        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
        mail.outbox = []
        Rule.objects.on().update(starts_on=first)
        keys_given(home, on=first)
        worker = User.objects.filter(is_superuser=True, is_active=True).first()
        for line in live(home, first=first, days=days, by=worker):
            due = timezone.localtime(line.promise.due_at)
            self.stdout.write(f"{line.day}  {line.what:<12} {line.promise}  (by {due:%Y-%m-%d %H:%M})")
        sent = Notice.objects.filter(channel=Channel.EMAIL, state=Notice.State.SENT, sent_at__date__gte=first)
        self.stdout.write(f"{len(mail.outbox)} e-mails were sent, {sent.count()} are noted as sent.")
