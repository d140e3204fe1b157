"""A large estate, written by the database itself: 100,000 homes with all that their pages read, in about a minute.

An owner and a journey have the id of their home, so that what belongs together is found without asking back.
"""

from datetime import timedelta

from django.db import connection
from django.db.models import AutoField

from accounts.models import Address, Channel, Owner
from accounts.notices.models import Notice
from progress.documents.models import HomeDocument
from progress.journeys.models import Journey, JourneyTemplate, Milestone, MilestoneTemplate
from progress.models import Building, Development, Home, Ownership, RightState
from progress.updates.models import Audience, Receipt, Update
from tests.factories import NOW, TODAY, DocumentBatchFactory, PrivateFileFactory, UserFactory

IN_A_BUILDING, IN_A_DEVELOPMENT = 100, 2000
GROUPS, UPDATES = 5, 10  # each update is for a fifth of a building, each home has ten
BATCH = 2000


def grow(count):
    """So many homes in a database that has none: 1,000 of them have 14,000 milestones and 500 updates."""
    settle(count)
    _documents()
    _updates()
    _analyze()


def settle(count):
    """So many homes with owners and journeys alone."""
    _homes(count)
    _owners()
    _journeys()
    _analyze()


def _analyze():
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def insert(model, source, *values, **columns):
    """INSERT … SELECT: `columns` are SQL over `source`, the others are the fields' defaults, an id is drawn."""
    names, sql, parameters = [], [], []
    for field in model._meta.concrete_fields:
        if isinstance(field, AutoField) or field.attname in names:
            continue
        names.append(field.column)
        if field.attname in columns:
            sql.append(columns[field.attname])
        elif field.primary_key:
            sql.append("gen_random_uuid()" if connection.vendor == "postgresql" else "lower(hex(randomblob(16)))")
        else:
            sql.append("%s")
            value = NOW if getattr(field, "auto_now_add", False) else field.get_default()
            parameters.append(field.get_db_prep_save(value, connection))
    quoted = ", ".join(map(connection.ops.quote_name, names))
    statement = f"INSERT INTO {model._meta.db_table} ({quoted}) SELECT {', '.join(sql)} FROM {source}"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(statement, [*parameters, *values])


def literal(model, name, value):
    """A constant as SQL: of an id, a day or a moment."""
    ready = model._meta.get_field(name).get_db_prep_save(value, connection)
    return "NULL" if ready is None else f"'{ready}'"


def _homes(count):
    developments = Development.objects.bulk_create(
        Development(name_en=f"Willow Court {n}", name_zh=f"柳荫{n}区") for n in range(-(-count // IN_A_DEVELOPMENT))
    )
    buildings = Building.objects.bulk_create(
        Building(development=developments[start // IN_A_DEVELOPMENT], name=f"{start // IN_A_BUILDING + 1}号楼")
        for start in range(0, count, IN_A_BUILDING)
    )
    homes = (
        Home(development_id=each.development_id, building=each, number=str(101 + n), area="89.50")
        for each in buildings
        for n in range(IN_A_BUILDING)
    )
    Home.objects.bulk_create(homes, BATCH)


def _owners():
    homes = "progress_home h"
    number = "'S' || ROW_NUMBER() OVER (ORDER BY h.id)"
    insert(Owner, homes, id="h.id", customer_no=number, name="'业主' || h.number")
    insert(Address, homes, owner_id="h.id", channel=f"'{Channel.EMAIL}'", value="h.id || '@example.com'")
    live = {"state": f"'{RightState.LIVE}'", "since": literal(Ownership, "since", TODAY)}
    insert(Ownership, homes, id="h.id", home_id="h.id", owner_id="h.id", role="'owner'", **live)


def _journeys():
    """The first steps are reached; of the others, those of each tenth home are late."""
    template = JourneyTemplate.objects.filter(kind="new_home").order_by("version").last()
    day = literal(Journey, "started", TODAY - timedelta(days=300))
    insert(Journey, "progress_home h", id="h.id", home_id="h.id", template_id=str(template.pk), started=day)
    steps = MilestoneTemplate.objects.filter(stage__template=template).order_by("stage__order", "order")
    for number, step in enumerate(steps):
        reached = number < 4
        on = TODAY + timedelta(days=30 * number - 200 if reached else 30 * number - 60)
        planned = literal(Milestone, "planned", on)
        late = literal(Milestone, "planned", TODAY - timedelta(days=number))
        columns = {"planned": f"CASE WHEN h.number LIKE '%%7' THEN {late} ELSE {planned} END"}
        if connection.vendor == "postgresql":
            columns["planned"] = f"CAST({columns['planned']} AS date)"
        if reached:
            columns |= {"state": "'reached'", "actual": literal(Milestone, "actual", on), "planned": planned}
        insert(Milestone, "progress_home h", journey_id="h.id", template_id=str(step.pk), **columns)


def _documents():
    batch, file = DocumentBatchFactory(), PrivateFileFactory()
    common = {"batch": batch, "file": file, "kind": "plan", "min_role": "family", "file_name": "plan.jpg"}
    homes = Home.objects.only("pk").iterator()
    HomeDocument.objects.bulk_create((HomeDocument(home=home, title_en="Plan", **common) for home in homes), BATCH)


def _updates():
    """`stage_code` says which fifth of the building an update is for; the newest two stand in the inbox."""
    author = UserFactory()
    updates, audience = [], []
    for building in Building.objects.order_by("pk"):
        for n in range(GROUPS * UPDATES):
            updates.append(
                Update(
                    development_id=building.development_id,
                    author=author,
                    title_en=f"Windows reach floor {n}",
                    title_zh=f"装窗到{n}层",
                    body_en="As planned.",
                    stage_code=f"g{n % GROUPS}",
                    state=Update.State.PUBLISHED,
                    published_at=NOW - timedelta(days=n // GROUPS),
                )
            )
            audience.append(Audience(update=updates[-1], building=building))
    Update.objects.bulk_create(updates, BATCH)
    Audience.objects.bulk_create(audience, BATCH)
    told = (
        "updates_audience a JOIN updates_update u ON u.id = a.update_id JOIN progress_home h"
        " ON h.building_id = a.building_id AND u.stage_code = 'g' || ((CAST(h.number AS integer) - 101) / 20)"
    )
    insert(Update.homes.through, told, update_id="u.id", home_id="h.id")
    insert(Receipt, told, update_id="u.id", owner_id="h.id", told_at="u.published_at")
    newest = f"{told} WHERE u.published_at >= {literal(Update, 'published_at', NOW - timedelta(days=1))}"
    sent = {"state": "'sent'", "sent_at": "u.published_at", "channel": "'inbox'", "title": "u.title_en"}
    about = {"kind": "'update-published'", "subject_kind": "'updates.update'"}
    about["subject_id"] = "CAST(u.id AS varchar(36))"
    insert(Notice, newest, key="'s:' || u.id || ':' || h.id", owner_id="h.id", **about, **sent)
