"""What the terms exclude, who stands for them and which begin anew after a repair, where nobody has said so yet."""

import tomllib
from pathlib import Path

from django.db import migrations

TERMS = Path(__file__).resolve().parent.parent / "terms.toml"


def write(apps, schema_editor):
    terms = apps.get_model("warranties", "Term").objects.using(schema_editor.connection.alias)
    for row in tomllib.loads(TERMS.read_text(encoding="utf-8"))["term"]:
        values = {"renews": row.get("renews", False)}
        for field in ("exclusions", "provider"):
            values[f"{field}_en"], values[f"{field}_zh"] = row.get(field, ("", ""))
        shipped = {"kind": row["kind"], "system": row.get("system", ""), "name_en": row["name"][0]}
        unsaid = {"exclusions_en": "", "exclusions_zh": "", "provider_en": "", "provider_zh": "", "renews": False}
        terms.filter(**shipped, **unsaid).update(**values)


class Migration(migrations.Migration):
    dependencies = [("warranties", "0004_certificates")]
    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
