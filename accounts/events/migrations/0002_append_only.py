"""The log is append-only in the database too: whatever talks to it, no event is changed or deleted."""

from django.db import migrations

REFUSED = "events are append-only"
POSTGRESQL = {
    "forwards": f"""
        CREATE FUNCTION events_event_refuse() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION '{REFUSED}' USING ERRCODE = 'integrity_constraint_violation'; END $$;
        CREATE TRIGGER events_event_append_only BEFORE UPDATE OR DELETE ON events_event
        FOR EACH ROW EXECUTE FUNCTION events_event_refuse();
    """,
    "backwards": """
        DROP TRIGGER events_event_append_only ON events_event;
        DROP FUNCTION events_event_refuse();
    """,
}
SQLITE = {
    "forwards": [
        f"CREATE TRIGGER events_event_no_{verb.lower()} BEFORE {verb} ON events_event"
        f" BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
        for verb in ("UPDATE", "DELETE")
    ],
    "backwards": [f"DROP TRIGGER events_event_no_{verb}" for verb in ("update", "delete")],
}


def run(direction):
    def statements(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(POSTGRESQL[direction])
        else:
            for statement in SQLITE[direction]:
                schema_editor.execute(statement)

    return statements


class Migration(migrations.Migration):
    dependencies = [("events", "0001_initial")]

    operations = [migrations.RunPython(run("forwards"), run("backwards"))]
