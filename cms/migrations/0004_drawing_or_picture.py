from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cms', '0003_public_site'),
    ]

    operations = [
        migrations.AddField(
            model_name='homepage',
            name='cover_on_top',
            field=models.BooleanField(default=False, help_text='Instead of the drawing, which follows the colours of day and night.', verbose_name="the page's picture at its top"),
        ),
    ]
