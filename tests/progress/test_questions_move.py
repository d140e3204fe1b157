"""Questions were called enquiries once: what was asked then is found under the new name, whichever way one migrates."""

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from accounts.events.models import Event
from accounts.notices.models import Notice
from progress.questions.actions import answer, ask
from progress.questions.models import Question, Reply
from tests.factories import NOW, OwnershipFactory, StaffFactory

BEFORE = [("questions", None), ("enquiries", "0001_initial")]


def migrate(targets):
    executor = MigrationExecutor(connection)
    executor.migrate(targets or executor.loader.graph.leaf_nodes())
    ContentType.objects.clear_cache()


def tables():
    return {name for name in connection.introspection.table_names() if name.startswith(("enquiries_", "questions_"))}


def stored():
    """All that names a question in the database, as plain values."""
    with connection.cursor() as cursor:
        indexes = {
            name
            for table in tables()
            if table.startswith("questions_")
            for name, about in connection.introspection.get_constraints(cursor, table).items()
            if (about["index"] or about["check"]) and "enquir" in name
        }
    return {
        "old names": indexes,
        "events": sorted(Event.objects.values_list("verb", "subject_kind")),
        "notices": sorted(Notice.objects.values_list("kind", "key", "subject_kind", "url")),
        "rights": sorted(Permission.objects.filter(codename__endswith="_question").values_list("pk", "codename")),
    }


def said(tie, staff):
    question = ask(question_id=tie.pk, home=tie.home, subject=None, text="When?", by=tie.owner.user, at=NOW)
    reply = answer(question, reply_id=tie.pk, text="In May.", seen=0, by=staff, at=NOW)
    Notice.objects.filter(user=staff).update(url=f"/desk/question/inspect/{question.pk}/")
    return question, reply


@pytest.mark.usefixtures("transactional_db")
def test_what_was_asked_before_the_move_is_there_after_it():
    tie = OwnershipFactory()
    staff = StaffFactory(group="Customer service", development=tie.home.development)
    staff.assignments.update(role="customer_service")
    question, reply = said(tie, staff)
    now = stored()
    migrate(BEFORE)
    assert tables() == {"enquiries_enquiry", "enquiries_reply"}
    then = stored()
    assert set(then["events"]) == {("answered", "enquiries.enquiry"), ("asked", "enquiries.enquiry")}
    assert {(kind, about) for kind, _key, about, _url in then["notices"]} == {
        ("enquiry-answered", "enquiries.reply"),
        ("enquiry-asked", "enquiries.enquiry"),
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM enquiries_reply WHERE enquiry_id IS NOT NULL")
        assert cursor.fetchone() == (1,)
    migrate(None)
    assert stored() == now
    assert (now["old names"], Question.objects.get(), Reply.objects.get()) == (set(), question, reply)
    with pytest.raises(Exception, match="append-only"):
        Event.objects.all().delete()
