"""The rooms of a home and what is in them, where none of that code is there yet."""

import tomllib
from pathlib import Path

from django.db import migrations

ROOMS = Path(__file__).resolve().parent.parent / "components.toml"


def write(apps, schema_editor):
    components = apps.get_model("components", "Component").objects.using(schema_editor.connection.alias)
    for place, room in enumerate(tomllib.loads(ROOMS.read_text(encoding="utf-8"))["room"], start=1):
        en, zh = room["name"]
        values = {"name_en": en, "name_zh": zh, "words": room.get("words", ""), "order": 100 * place}
        parent, _made = components.get_or_create(code=room["code"], defaults=values)
        for number, (code, system, en, zh, words) in enumerate(room["parts"], start=1):
            values = {"name_en": en, "name_zh": zh, "words": words, "system": system}
            values |= {"parent": parent, "order": 100 * place + number}
            components.get_or_create(code=code_of(room["code"], code), defaults=values)


def code_of(room, part):
    """A kind of pipe is called by its own name, since the terms of the warranty name it."""
    return part if part == "aluminium-plastic-pipe" else f"{room}-{part}"


class Migration(migrations.Migration):
    dependencies = [("components", "0001_initial")]
    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
