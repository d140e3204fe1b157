"""The forms of checks, where none of that code is there yet."""

import tomllib
from datetime import UTC, datetime
from pathlib import Path

from django.db import migrations

FORMS = Path(__file__).resolve().parent.parent / "forms.toml"
MADE = datetime(2026, 11, 23, tzinfo=UTC)


def write(apps, schema_editor):
    alias = schema_editor.connection.alias
    data = tomllib.loads(FORMS.read_text(encoding="utf-8"))
    forms = apps.get_model("care_checks", "CheckForm").objects.using(alias)
    known, made = set(forms.values_list("code", flat=True)), {}
    for row in data["form"]:
        if row["code"] not in known:
            words = {f"{name}_{key}": text for name in ("name", "intro") for key, text in _both(row[name])}
            made[row["code"]] = forms.create(code=row["code"], by=row["by"], state="on", made_at=MADE, **words)
    _write_items(apps, alias, data["item"], made)


def _write_items(apps, alias, rows, made):
    items = apps.get_model("care_checks", "FormItem").objects.using(alias)
    components = dict(apps.get_model("components", "Component").objects.using(alias).values_list("code", "pk"))
    touchpoints = dict(apps.get_model("touchpoints", "Touchpoint").objects.using(alias).values_list("code", "pk"))
    for order, row in enumerate(rows):
        if row["form"] not in made:
            continue
        words = {f"{name}_{key}": text for name in ("section", "text") for key, text in _both(row[name])}
        items.create(
            form=made[row["form"]],
            order=order,
            code=row["code"],
            component_id=components[row["component"]] if "component" in row else None,
            touchpoint_id=touchpoints[row["touchpoint"]] if "touchpoint" in row else None,
            measured="unit" in row,
            photo=row.get("photo", "failed"),
            **{name: row[name] for name in ("unit", "low", "high") if name in row},
            **words,
        )


def _both(words):
    return zip(("en", "zh"), words, strict=True)


class Migration(migrations.Migration):
    dependencies = [
        ("care_checks", "0001_initial"),
        ("components", "0002_rooms"),
        ("touchpoints", "0002_standards"),
    ]
    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
