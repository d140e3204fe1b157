"""The newest version of each kind of work is in force, and its stages say what they are about."""

import tomllib
from pathlib import Path

from django.db import migrations

TEXTS = Path(__file__).resolve().parent.parent / "stage_texts.toml"


def put_in_force(apps, schema_editor):
    templates = apps.get_model("journeys", "JourneyTemplate").objects.using(schema_editor.connection.alias)
    seen = set()
    for template in templates.order_by("kind", "-version"):
        template.state = "retired" if template.kind in seen else "in_force"
        template.save(update_fields=["state"])
        seen.add(template.kind)


def write(apps, schema_editor):
    stages = apps.get_model("journeys", "StageTemplate").objects.using(schema_editor.connection.alias)
    for kind, by_code in tomllib.loads(TEXTS.read_text()).items():
        for code, values in by_code.items():
            stages.filter(template__kind=kind, code=code).update(**values)


class Migration(migrations.Migration):
    dependencies = [("journeys", "0007_versions_and_texts")]
    operations = [
        migrations.RunPython(put_in_force, migrations.RunPython.noop),
        migrations.RunPython(write, migrations.RunPython.noop),
    ]
