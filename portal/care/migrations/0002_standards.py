"""The company's standards as rules, on from today: what would have been due before is owed to nobody."""

import tomllib
from pathlib import Path

from django.db import migrations
from django.utils import timezone

RULES = Path(__file__).resolve().parent.parent / "rules.toml"
PLAIN = (
    "anchor",
    "anchor_code",
    "weekday",
    "offset",
    "unit",
    "roll",
    "at_time",
    "product",
    "form",
    "team",
    "steps",
    "late_days",
    "sample_percent",
)


def write(apps, schema_editor):
    alias, now = schema_editor.connection.alias, timezone.now()
    said = tomllib.loads(RULES.read_text(encoding="utf-8"))
    touchpoints = dict(apps.get_model("touchpoints", "Touchpoint").objects.using(alias).values_list("code", "pk"))
    rules = apps.get_model("care", "Rule").objects.using(alias)
    for row in said["rule"]:
        values = {name: row[name] for name in PLAIN if name in row}
        for field in ("name", "message"):
            values[f"{field}_en"], values[f"{field}_zh"] = row.get(field, ("", ""))
        values |= {"touchpoint_id": touchpoints[row["touchpoint"]], "opened_by": row.get("built_in", "")}
        values |= {"state": "on", "starts_on": timezone.localdate(now), "made_at": now, "on_at": now}
        rules.get_or_create(code=row["code"], version=1, defaults=values)


class Migration(migrations.Migration):
    dependencies = [("care", "0001_initial"), ("touchpoints", "0002_standards")]
    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
