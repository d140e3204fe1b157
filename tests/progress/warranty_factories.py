"""Homes with warranties, for the tests of them."""

from datetime import UTC, date, datetime
from uuid import uuid4

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from progress.components.models import Component
from progress.journeys.actions import start_journey
from progress.journeys.models import JourneyTemplate, Milestone
from progress.warranties.anchors import FINISHED, Anchor
from progress.warranties.keeping import keep_warranties
from progress.warranties.models import Certificate, Term, Warranty
from tests.factories import HomeFactory, PrivateFileFactory

HANDED_OVER = date(2024, 5, 10)
TODAY = date(2026, 4, 1)
AT = datetime(2026, 4, 1, 2, 0, tzinfo=UTC)


class WarrantyFactory(DjangoModelFactory):
    """That of the waterproofing of a new home."""

    class Meta:
        model = Warranty

    home = factory.SubFactory(HomeFactory)
    term = factory.LazyFunction(lambda: Term.objects.get(kind="new_home", system="waterproofing"))
    starts = HANDED_OVER
    ends = date(2029, 5, 10)
    source_kind = "journeys.milestone"
    source_id = factory.LazyFunction(uuid4)


def warranted(home, owner):
    """A warranty of the home, and its certificate as its owner had it printed."""
    now = timezone.now()
    values = {"home": home, "asked_by": owner.user, "language": "en", "asked_at": now, "ready_at": now, "as_of": now}
    return {
        "warranty": WarrantyFactory(home=home),
        "certificate": Certificate.objects.create(**values, state="ready", file=PrivateFileFactory()),
    }


def finish(home, kind="new_home", day=HANDED_OVER):
    """The work of a journey of this kind was handed to the owner on `day`. Returns the last milestone."""
    template = JourneyTemplate.objects.in_force().get(kind=kind)
    journey = start_journey(home=home, template=template, started=date(2023, 1, 1), by=None)
    stage, step = FINISHED[kind]
    last = Milestone.objects.get(journey=journey, template__stage__code=stage, template__code=step)
    reach(last, day)
    return last


def reach(milestone, day):
    """It was reached on another day; None: it was not."""
    milestone.actual, milestone.state = day, "reached" if day else "planned"
    milestone.row_version += 1
    milestone.save()


def handed_over(home=None, kind="new_home", day=HANDED_OVER):
    """A home whose warranties stand. Returns it."""
    home = home or HomeFactory()
    finish(home, kind, day)
    keep()
    return home


def keep(today=TODAY, **given):
    return keep_warranties(today=today, at=AT, **given)


def part_of(system):
    """Something that belongs to this system, in a room."""
    return Component.objects.filter(system=system).select_related("parent").order_by("-parent", "code").first()


def repaired(home, component, day, reported_on=None):
    """What an upper app says of a repair."""
    source = {"source_kind": "tests.repair", "source_id": uuid4(), "reported_on": reported_on or day}
    return Anchor("repair", day, component, home.pk, **source)
