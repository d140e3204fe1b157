from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.privacy.register import register_in_markdown

PLACE = Path(settings.BASE_DIR) / "docs" / "privacy.md"


class Command(BaseCommand):
    help = "Write docs/privacy.md, the table of what is held about people, from what the applications declare."

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="only say whether the table is true")

    def handle(self, *, check, **options):
        text = register_in_markdown()
        if not check:
            PLACE.write_text(text, encoding="utf-8")
            self.stdout.write(f"Written: {PLACE}")
        elif not PLACE.exists() or PLACE.read_text(encoding="utf-8") != text:
            raise CommandError("docs/privacy.md is out of date. Please run: python manage.py privacy_register")
