"""What rows say about questions by name: the log, messages, and who may do what.

The log is append-only; its guard is taken off for this one change of a name and put back at once.
"""

from importlib import import_module

from django.db import migrations
from django.db.models import F, Value
from django.db.models.functions import Replace

guard = import_module("accounts.events.migrations.0002_append_only").run
MODELS = {"enquiry": "question", "reply": "reply"}
KINDS = {"enquiry-asked": "question-asked", "enquiry-answered": "question-answered"}
OLD, NEW = ("enquiries", "enquiry"), ("questions", "question")


def rename(apps, schema_editor, old, new, models, kinds):
    events = apps.get_model("events", "Event").objects
    notices = apps.get_model("notices", "Notice").objects
    guard("backwards")(apps, schema_editor)
    for before, after in models.items():
        was, is_now = f"{old[0]}.{before}", f"{new[0]}.{after}"
        events.filter(subject_kind=was).update(subject_kind=is_now)
        notices.filter(subject_kind=was).update(subject_kind=is_now)
    guard("forwards")(apps, schema_editor)
    for before, after in kinds.items():
        notices.filter(kind=before).update(
            kind=after,
            key=Replace(F("key"), Value(f"{before}:"), Value(f"{after}:")),
            url=Replace(F("url"), Value(f"/{old[1]}/"), Value(f"/{new[1]}/")),
        )
    rename_types(apps, old, new, models)


def rename_types(apps, old, new, models):
    """On a fresh database there are none yet. Logs and rights follow, since they name the type by its id."""
    types = apps.get_model("contenttypes", "ContentType").objects
    permissions = apps.get_model("auth", "Permission").objects
    for before, after in models.items():
        for kind in types.filter(app_label=old[0], model=before):
            types.filter(app_label=new[0], model=after).delete()  # of a model that is not there in this state
            types.filter(pk=kind.pk).update(app_label=new[0], model=after)
            permissions.filter(content_type=kind).update(
                codename=Replace(F("codename"), Value(f"_{before}"), Value(f"_{after}"))
            )


def forwards(apps, schema_editor):
    rename(apps, schema_editor, OLD, NEW, MODELS, KINDS)


def backwards(apps, schema_editor):
    rename(
        apps,
        schema_editor,
        NEW,
        OLD,
        {after: before for before, after in MODELS.items()},
        {after: before for before, after in KINDS.items()},
    )


class Migration(migrations.Migration):
    dependencies = [
        ("questions", "0001_from_enquiries"),
        ("events", "0002_append_only"),
        ("notices", "0005_order_of_delivery"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [migrations.RunPython(forwards, backwards)]
