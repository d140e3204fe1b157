"""The company's touchpoints with their standards, where none of that code is there yet."""

import tomllib
from pathlib import Path

from django.db import migrations

STANDARDS = Path(__file__).resolve().parent.parent / "standards.toml"


def both(field, texts):
    return {f"{field}_en": texts[0], f"{field}_zh": texts[1]}


def write(apps, schema_editor):
    touchpoints = apps.get_model("touchpoints", "Touchpoint").objects.using(schema_editor.connection.alias)
    standards = tomllib.loads(STANDARDS.read_text(encoding="utf-8"))
    for row in standards["touchpoint"]:
        values = {"stage": row["stage"], "sensitivity": row["sensitivity"], **both("name", row["name"])}
        values |= both("department", standards["departments"][row["department"]]) | both("standard", row["standard"])
        touchpoints.get_or_create(code=row["code"], defaults=values)


class Migration(migrations.Migration):
    dependencies = [("touchpoints", "0001_initial")]
    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
