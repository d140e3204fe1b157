from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('journeys', '0008_stage_texts'),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='journeytemplate',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'in_force')), fields=('kind',), name='one_version_in_force_a_kind'),
        ),
        migrations.AddConstraint(
            model_name='journeytemplate',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'draft')), fields=('kind',), name='one_draft_a_kind'),
        ),
    ]
