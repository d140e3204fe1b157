"""The first words to which people agree, where there are none yet."""

from datetime import UTC, datetime

from django.db import migrations

TEXT_EN = (
    "We use what you write here only to answer your enquiry: to call you, to agree on a survey and to make you an "
    "offer. Only our own staff read it, and nobody else gets it. We delete it two years after your enquiry is closed, "
    "and sooner if you ask us to. You can take this consent back at any time: ring our hotline and name the number of "
    "your enquiry."
)
TEXT_ZH = (
    "您在此填写的内容仅用于答复您的咨询：与您通话、约定上门勘查、为您报价。只有本公司员工可以查看，不会提供给其他任何人。"
    "咨询结束两年后我们会将其删除；如您要求，我们会提前删除。您可以随时撤回本次同意：请拨打热线，并告知咨询编号。"
)


def write(apps, schema_editor):
    texts = apps.get_model("enquiries", "ConsentText").objects
    if not texts.exists():
        texts.create(version=1, text_en=TEXT_EN, text_zh=TEXT_ZH, since=datetime(2026, 11, 22, tzinfo=UTC))


class Migration(migrations.Migration):
    dependencies = [("enquiries", "0003_enquiries")]

    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
