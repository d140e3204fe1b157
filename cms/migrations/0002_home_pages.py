"""The public site's front page, one a language, in place of Wagtail's welcome page."""

from uuid import uuid4

from django.conf import settings
from django.db import migrations

TEXTS = {
    "en": (
        "A home you can watch growing",
        "From the first stone to long after the keys: you see what we do, what we promised, and what came of it.",
    ),
    "zh-hans": ("看得见的家，一天天长成", "从第一块砖到住进去以后：我们做了什么、答应过什么、做到没有，您都看得见。"),
}


def write(apps, schema_editor):
    locale_model = apps.get_model("wagtailcore", "Locale")
    page_model = apps.get_model("wagtailcore", "Page")
    site_model = apps.get_model("wagtailcore", "Site")
    content_type = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="cms", model="homepage"
    )[0]
    home_page = apps.get_model("cms", "HomePage")
    site_model.objects.all().delete()
    page_model.objects.filter(path="00010001", slug="home").delete()  # Wagtail's welcome
    key, pages = uuid4(), {}
    for number, (code, (headline, lead)) in enumerate(TEXTS.items(), start=1):
        title = settings.COMPANY_NAME[code]
        pages[code] = home_page.objects.create(
            title=title,
            draft_title=title,
            slug=f"home-{code}" if code != "en" else "home",
            headline=headline,
            lead=lead,
            content_type=content_type,
            path=f"0001{number:04}",
            depth=2,
            numchild=0,
            url_path=f"/home-{code}/" if code != "en" else "/home/",
            locale=locale_model.objects.get_or_create(language_code=code)[0],
            translation_key=key,
            live=True,
        )
    page_model.objects.filter(depth=1).update(numchild=len(pages))
    site_model.objects.create(
        hostname="localhost",
        port=80,
        is_default_site=True,
        site_name=settings.COMPANY_NAME["en"],
        root_page_id=pages["en"].pk,
    )


class Migration(migrations.Migration):
    dependencies = [("cms", "0001_initial"), ("wagtailcore", "0098_apitoken")]
    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
