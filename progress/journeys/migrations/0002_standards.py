"""The first version of the template of each kind of work."""

from django.db import migrations

from progress.journeys.standards import STANDARDS


def write(apps, schema_editor):
    template_model = apps.get_model("journeys", "JourneyTemplate")
    stage_model = apps.get_model("journeys", "StageTemplate")
    milestone_model = apps.get_model("journeys", "MilestoneTemplate")
    for kind, (stages, standing) in STANDARDS.items():
        template = template_model.objects.create(kind=kind, version=1)
        for order, (code, name_en, name_zh, milestones) in enumerate(stages, start=1):
            stage = stage_model.objects.create(
                template=template, code=code, order=order, name_en=name_en, name_zh=name_zh
            )
            for step, (step_code, step_en, step_zh) in enumerate(milestones, start=1):
                milestone_model.objects.create(
                    stage=stage, code=step_code, order=step, name_en=step_en, name_zh=step_zh
                )
        for code, name_en, name_zh in standing:
            stage_model.objects.create(template=template, code=code, name_en=name_en, name_zh=name_zh)


class Migration(migrations.Migration):
    dependencies = [("journeys", "0001_initial")]
    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
