"""Promises name the touchpoint at which they are made."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("promises", "0001_initial"), ("touchpoints", "0002_standards")]
    operations = [
        migrations.AddField(
            model_name="promise",
            name="touchpoint",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="promises",
                to="touchpoints.touchpoint",
                verbose_name="touchpoint",
            ),
        ),
    ]
