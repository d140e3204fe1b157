"""An estate of any size, with as much of everything for each home, whatever its size: written set-wise."""

from dataclasses import dataclass

from django.db import connection

from accounts.models import Address, Channel, Owner
from accounts.notices.models import Notice
from progress.documents.models import HomeDocument
from progress.journeys.models import Journey, JourneyTemplate, Milestone, MilestoneTemplate
from progress.models import Building, Development, Home, Ownership, RightState
from progress.updates.models import Receipt, Update
from tests.factories import NOW, TODAY, DocumentBatchFactory, PrivateFileFactory, UserFactory

IN_A_BUILDING, IN_A_DEVELOPMENT, UPDATES = 100, 2000, 5
BATCH = 2000


@dataclass
class Grown:
    """What a bench asks for afterwards."""

    owners: list
    homes: list


def grow(count):
    """So many homes more, each with an owner, a journey, a document and the updates of its building."""
    homes = _homes(count)
    owners = _owners(homes)
    _journeys(homes)
    _documents(homes)
    _updates(homes, owners)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    return Grown(owners, homes)


def _homes(count):
    homes, known = [], Development.objects.count()
    for first in range(0, count, IN_A_DEVELOPMENT):
        number = known + first // IN_A_DEVELOPMENT
        development = Development.objects.create(name_en=f"Willow Court {number}", name_zh=f"柳荫{number}区")
        for start in range(first, min(first + IN_A_DEVELOPMENT, count), IN_A_BUILDING):
            building = Building.objects.create(development=development, name=f"{start // IN_A_BUILDING}号楼")
            homes += [
                Home(development=development, building=building, number=str(101 + n), area="89.50")
                for n in range(min(IN_A_BUILDING, count - start))
            ]
    return Home.objects.bulk_create(homes, BATCH)


def _owners(homes):
    first = Owner.objects.count()
    owners = [Owner(customer_no=f"B{first + n:06}", name=f"业主{first + n}") for n in range(len(homes))]
    Owner.objects.bulk_create(owners, BATCH)
    addresses = (Address(owner=each, channel=Channel.EMAIL, value=f"{each.customer_no}@example.com") for each in owners)
    Address.objects.bulk_create(addresses, BATCH)
    pairs = zip(homes, owners, strict=True)
    ties = (Ownership(home=home, owner=owner, since=TODAY, state=RightState.LIVE) for home, owner in pairs)
    Ownership.objects.bulk_create(ties, BATCH)
    return owners


def _journeys(homes):
    template = JourneyTemplate.objects.first()
    steps = list(MilestoneTemplate.objects.filter(stage__template=template))
    journeys = Journey.objects.bulk_create(
        [Journey(home=home, template=template, started=TODAY) for home in homes], BATCH
    )
    milestones = (Milestone(journey=each, template=step, planned=TODAY) for each in journeys for step in steps)
    Milestone.objects.bulk_create(milestones, BATCH)


def _documents(homes):
    batch, file = DocumentBatchFactory(), PrivateFileFactory()
    common = {"batch": batch, "file": file, "kind": "plan", "min_role": "family", "file_name": "plan.jpg"}
    HomeDocument.objects.bulk_create((HomeDocument(home=home, title_en="Plan", **common) for home in homes), BATCH)


def _updates(homes, owners):
    """Each is published for one building, read by nobody yet."""
    author, published = UserFactory(), {"state": Update.State.PUBLISHED, "published_at": NOW}
    updates, audience, receipts, notices = [], [], [], []
    for start in range(0, len(homes), IN_A_BUILDING):
        some = list(zip(homes, owners, strict=True))[start : start + IN_A_BUILDING]
        for n in range(UPDATES):
            titles = {"title_en": f"Windows reach floor {n}", "title_zh": f"装窗到{n}层", "body_en": "As planned."}
            update = Update(development_id=some[0][0].development_id, author=author, **titles, **published)
            updates.append(update)
            audience += [Update.homes.through(update=update, home=home) for home, _owner in some]
            receipts += [Receipt(update=update, owner=owner, told_at=NOW) for _home, owner in some]
            notices += [_notice(update, owner) for _home, owner in some]
    Update.objects.bulk_create(updates, BATCH)
    for rows in (audience, receipts, notices):
        type(rows[0]).objects.bulk_create(rows, BATCH)


def _notice(update, owner):
    return Notice(
        key=f"update:{update.pk}:{owner.pk}:inbox",
        kind="update-published",
        subject_kind="updates.update",
        subject_id=str(update.pk),
        owner=owner,
        channel=Channel.INBOX,
        state=Notice.State.SENT,
        sent_at=NOW,
        title=update.title_en,
    )
