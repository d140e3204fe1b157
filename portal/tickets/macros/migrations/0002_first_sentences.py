"""The ready sentences that the company begins with, where there are none."""

import tomllib
from pathlib import Path

from django.db import migrations

SENTENCES = Path(__file__).resolve().parent.parent / "macros.toml"


def write(apps, schema_editor):
    macros = apps.get_model("ticket_macros", "Macro").objects.using(schema_editor.connection.alias)
    if macros.exists():
        return
    for number, row in enumerate(tomllib.loads(SENTENCES.read_text(encoding="utf-8"))["macro"], start=1):
        titles = {"title_en": row["title"][0], "title_zh": row["title"][1]}
        macros.create(order=10 * number, text_en=row["text"][0], text_zh=row["text"][1], **titles)


class Migration(migrations.Migration):
    dependencies = [("ticket_macros", "0001_initial")]
    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
