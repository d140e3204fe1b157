"""The stages of refurbishments and repairs say what they are about, where staff have written nothing yet."""

import tomllib
from pathlib import Path

from django.db import migrations

TEXTS = Path(__file__).resolve().parent.parent / "stage_texts.toml"
NOTHING = {"happens_en": "", "happens_zh": "", "to_do_en": "", "to_do_zh": "", "contact_en": "", "contact_zh": ""}


def write(apps, schema_editor):
    stages = apps.get_model("journeys", "StageTemplate").objects.using(schema_editor.connection.alias)
    texts = tomllib.loads(TEXTS.read_text(encoding="utf-8"))
    for kind in ("refurbishment", "repair"):
        for code, values in texts[kind].items():
            stages.filter(template__kind=kind, code=code, **NOTHING).update(**values)


class Migration(migrations.Migration):
    dependencies = [("journeys", "0010_evidence_of_documents")]
    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
