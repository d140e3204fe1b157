from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation
from django.utils.encoding import force_str

from accounts.privacy import retention

HEAD = ("model", "fields", "after", "rule", "rows")


class Command(BaseCommand):
    help = "End what is over its time, as every night; or, with --dry-run, only say what that would be."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="count only, and change nothing")

    def handle(self, *, dry_run, **options):
        with translation.override("en"):
            done = retention.run(at=timezone.now(), dry=dry_run)
            rows = [HEAD, *(_row(rule, count) for rule, count in done)]
        widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
        for row in rows:
            self.stdout.write("  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip())
        if dry_run:
            self.stdout.write("Nothing was changed.")
        if broken := [rule.label for rule, count in done if count is None]:
            raise CommandError(f"These failed; the log says why: {', '.join(broken)}")


def _row(rule, count):
    fields = " ".join(rule.fields)
    shown = fields if len(fields) < 50 else f"{fields[:47]}…"
    return rule.label, shown, force_str(rule.term.label), rule.what, "failed" if count is None else str(count)
