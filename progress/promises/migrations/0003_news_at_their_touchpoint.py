"""The promises of the next news were made at the touchpoint of news."""

from django.db import migrations


def name_news(apps, schema_editor):
    alias = schema_editor.connection.alias
    news = apps.get_model("touchpoints", "Touchpoint").objects.using(alias).filter(code="regular-news").first()
    apps.get_model("promises", "Promise").objects.using(alias).filter(kind="next-update").update(touchpoint=news)


class Migration(migrations.Migration):
    dependencies = [("promises", "0002_touchpoint")]
    operations = [migrations.RunPython(name_news, migrations.RunPython.noop)]
