"""Where tickets go and which words mean danger, where no such route and no such word is there yet."""

import tomllib
from pathlib import Path

from django.db import migrations

ROUTES = Path(__file__).resolve().parent.parent / "routes.toml"


def write(apps, schema_editor):
    alias = schema_editor.connection.alias
    said = tomllib.loads(ROUTES.read_text(encoding="utf-8"))
    components = dict(apps.get_model("components", "Component").objects.using(alias).values_list("code", "pk"))
    touchpoints = dict(apps.get_model("touchpoints", "Touchpoint").objects.using(alias).values_list("code", "pk"))
    routes = apps.get_model("tickets", "Route").objects.using(alias)
    for row in said["route"]:
        values = {"touchpoint_id": touchpoints[row["touchpoint"]], "team": row["team"]}
        values["priority"] = row.get("priority", "")
        for component in [components[code] for code in row.get("components", [])] or [None]:
            routes.get_or_create(kind=row.get("kind", ""), component_id=component, defaults=values)
    words = apps.get_model("tickets", "EmergencyWord").objects.using(alias)
    for word in said["emergency"]["en"] + said["emergency"]["zh"]:
        words.get_or_create(word=word)


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0001_initial"),
        ("components", "0002_rooms"),
        ("touchpoints", "0002_standards"),
    ]
    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
