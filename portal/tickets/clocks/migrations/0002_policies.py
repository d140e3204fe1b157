"""The company's times for tickets, where there are none yet."""

import tomllib
from datetime import UTC, datetime
from pathlib import Path

from django.db import migrations

POLICIES = Path(__file__).resolve().parent.parent / "policies.toml"
FROM = datetime(2000, 1, 1, tzinfo=UTC)  # the first ones hold for whatever was reported before, too


def write(apps, schema_editor):
    policies = apps.get_model("ticket_clocks", "Policy").objects.using(schema_editor.connection.alias)
    for row in tomllib.loads(POLICIES.read_text(encoding="utf-8"))["policy"]:
        key = {"kind": row.pop("kind"), "priority": row.pop("priority"), "version": 1}
        policies.get_or_create(**key, defaults={**row, "in_force_from": FROM})


class Migration(migrations.Migration):
    dependencies = [("ticket_clocks", "0001_initial")]
    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
