"""The stages in which owners get regular news: while something is built."""

from django.db import migrations

STAGES = {"new_home": ["construction"], "renovation": ["works"], "refurbishment": ["works"]}


def promise_news(apps, schema_editor):
    stages = apps.get_model("journeys", "StageTemplate").objects.using(schema_editor.connection.alias)
    for kind, codes in STAGES.items():
        stages.filter(template__kind=kind, code__in=codes).update(regular_news=True)


class Migration(migrations.Migration):
    dependencies = [("journeys", "0005_regular_news")]
    operations = [migrations.RunPython(promise_news, migrations.RunPython.noop)]
