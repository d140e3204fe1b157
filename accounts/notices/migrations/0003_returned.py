from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notices', '0002_circular'),
    ]

    operations = [
        migrations.AddField(
            model_name='notice',
            name='provider_id',
            field=models.CharField(blank=True, max_length=120),
        ),
        migrations.AddField(
            model_name='notice',
            name='returned_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='returned'),
        ),
        migrations.AddField(
            model_name='notice',
            name='returned_reason',
            field=models.CharField(blank=True, max_length=200, verbose_name='why it was returned'),
        ),
        migrations.AddField(
            model_name='notice',
            name='heard_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(condition=models.Q(('returned_at__isnull', False)), fields=['-created_at'], name='notice_returned'),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(condition=models.Q(('provider_id', ''), _negated=True), fields=['provider_id'], name='notice_provider'),
        ),
    ]
