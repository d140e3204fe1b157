"""Stages say who is asked about them, by role; the standard ones as the company does it."""

from django.db import migrations, models

from progress.journeys.standards import CONTACT_ROLES


def write(apps, schema_editor):
    stages = apps.get_model("journeys", "StageTemplate").objects.using(schema_editor.connection.alias)
    for kind, by_code in CONTACT_ROLES.items():
        for code, roles in by_code.items():
            stages.filter(template__kind=kind, code=code).update(contact_roles=roles)


class Migration(migrations.Migration):
    dependencies = [("journeys", "0011_more_stage_texts")]
    operations = [
        migrations.AddField(
            model_name="stagetemplate",
            name="contact_roles",
            field=models.JSONField(blank=True, default=list, verbose_name="who is asked about it"),
        ),
        migrations.RunPython(write, migrations.RunPython.noop),
    ]
