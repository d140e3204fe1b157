"""Owners' questions, as enquiries.0002 left their tables; what was called after an enquiry gets its new name."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

CONSTRAINTS = {
    "subject_is_whole": models.Q(
        models.Q(("subject_id__isnull", True), ("subject_kind", "")),
        models.Q(("subject_kind__in", ["update", "document", "milestone"]), ("subject_id__isnull", False)),
        _connector="OR",
    ),
    "state_known": models.Q(("state__in", ["open", "answered", "closed"])),
    "asks_something": models.Q(("text", ""), _negated=True),
}


def named(prefix):
    return [models.CheckConstraint(condition=rule, name=f"{prefix}_{name}") for name, rule in CONSTRAINTS.items()]


QUESTION = migrations.CreateModel(
    name="Question",
    fields=[
        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
        (
            "subject_kind",
            models.CharField(
                blank=True,
                choices=[("update", "update"), ("document", "document"), ("milestone", "milestone")],
                max_length=12,
                verbose_name="about",
            ),
        ),
        ("subject_id", models.UUIDField(blank=True, null=True)),
        ("text", models.TextField(max_length=4000, verbose_name="question")),
        (
            "state",
            models.CharField(
                choices=[("open", "open"), ("answered", "answered"), ("closed", "closed")],
                default="open",
                max_length=10,
                verbose_name="state",
            ),
        ),
        ("created_at", models.DateTimeField(verbose_name="asked")),
        (
            "asked_by",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="login",
            ),
        ),
        (
            "home",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="questions",
                to="progress.home",
                verbose_name="home",
            ),
        ),
        (
            "owner",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="questions",
                to="accounts.owner",
                verbose_name="asked by",
            ),
        ),
    ],
    options={
        "verbose_name": "question",
        "verbose_name_plural": "questions",
        "ordering": ["-created_at", "id"],
        "indexes": [
            models.Index(condition=models.Q(("state", "open")), fields=["created_at"], name="enquiry_open"),
            models.Index(fields=["owner", "-created_at"], name="enquiry_of_owner"),
        ],
        "constraints": named("enquiry"),
    },
)
REPLY = migrations.CreateModel(
    name="Reply",
    fields=[
        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
        ("by_staff", models.BooleanField(verbose_name="by staff")),
        ("text", models.TextField(max_length=4000, verbose_name="text")),
        ("at", models.DateTimeField(verbose_name="when")),
        (
            "author",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="author",
            ),
        ),
        (
            "enquiry",
            models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="replies", to="questions.question"
            ),
        ),
    ],
    options={
        "verbose_name": "reply",
        "verbose_name_plural": "replies",
        "ordering": ["at", "id"],
        "indexes": [models.Index(fields=["enquiry", "at"], name="reply_of_enquiry")],
        "constraints": [models.CheckConstraint(condition=models.Q(("text", ""), _negated=True), name="reply_says_something")],
    },
)

def rename_indexes(apps, schema_editor):
    """Those that the database named by itself: names count in the whole schema, and may be wanted again.

    A database that can't rename them has made the tables anew by now, and the indexes along with them.
    """
    connection = schema_editor.connection
    if not connection.features.can_rename_index:
        return
    for name in ("Question", "Reply"):
        model = apps.get_model("questions", name)
        with connection.cursor() as cursor:
            found = connection.introspection.get_constraints(cursor, model._meta.db_table)
        for old, about in found.items():
            new = old.replace("enquiries_", "questions_").replace("_enquiry_", "_question_")
            if new != old and (about["index"] or about["primary_key"]):
                schema_editor.rename_index(
                    model, models.Index(fields=["id"], name=old), models.Index(fields=["id"], name=new)
                )


class Migration(migrations.Migration):
    dependencies = [
        ("enquiries", "0002_leave_to_questions"),
        ("accounts", "0002_household_invitations"),
        ("progress", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(state_operations=[QUESTION, REPLY]),
        migrations.RemoveIndex("reply", "reply_of_enquiry"),
        migrations.RenameField("reply", "enquiry", "question"),
        migrations.AddIndex("reply", models.Index(fields=["question", "at"], name="reply_of_question")),
        migrations.RenameIndex("question", new_name="question_open", old_name="enquiry_open"),
        migrations.RenameIndex("question", new_name="question_of_owner", old_name="enquiry_of_owner"),
        *[migrations.RemoveConstraint("question", rule.name) for rule in named("enquiry")],
        *[migrations.AddConstraint("question", rule) for rule in named("question")],
        migrations.RunPython(rename_indexes, migrations.RunPython.noop),
    ]
