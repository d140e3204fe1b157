"""The terms of the warranty, where none of that kind, system and component is there yet."""

import tomllib
from pathlib import Path

from django.db import migrations

TERMS = Path(__file__).resolve().parent.parent / "terms.toml"


def write(apps, schema_editor):
    alias = schema_editor.connection.alias
    terms = apps.get_model("warranties", "Term").objects.using(alias)
    components = dict(apps.get_model("components", "Component").objects.using(alias).values_list("code", "pk"))
    for row in tomllib.loads(TERMS.read_text(encoding="utf-8"))["term"]:
        key = {"kind": row["kind"], "system": row.get("system", "")}
        if code := row.get("component"):
            key["component_id"] = components[code]
        else:
            key["component"] = None
        values = {name: row[name] for name in ("months", "seasons", "excluded") if name in row}
        for field in ("name", "clause"):
            values[f"{field}_en"], values[f"{field}_zh"] = row[field]
        terms.get_or_create(**key, defaults=values)


class Migration(migrations.Migration):
    dependencies = [("warranties", "0001_initial"), ("components", "0002_rooms")]
    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
