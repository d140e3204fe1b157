"""Rules of care, and homes that have their keys."""

from datetime import UTC, date, datetime, time

import factory

from portal.care.models import Anchor, Product, Rule
from progress.journeys.actions import start_journey
from progress.journeys.models import JourneyTemplate, Milestone
from progress.models import Assignment
from tests.factories import OwnershipFactory

NOW = datetime(2026, 12, 1, 2, tzinfo=UTC)  # 10:00 in China
KEYS = date(2026, 12, 1)


class RuleFactory(factory.django.DjangoModelFactory):
    """Three months after the keys, a check."""

    class Meta:
        model = Rule

    code = factory.Sequence("rule-{}".format)
    name_en = "Three-month visit"
    name_zh = "三个月回访"
    anchor = Anchor.MILESTONE
    anchor_code = "new_home/handover/keys"
    offset = 3
    unit = "months"
    at_time = time(18)
    product = Product.TASK
    team = Assignment.Role.CUSTOMER_SERVICE
    state = Rule.State.ON
    starts_on = date(2026, 1, 1)
    made_at = NOW
    on_at = NOW


def home_with_keys(on=KEYS, *, kind="new_home", stage="handover", step="keys", **tie):
    """A home whose owner has had the keys since the day `on`. Returns the Ownership."""
    tie = OwnershipFactory(**tie)
    reach(tie.home, on, kind=kind, stage=stage, step=step)
    return tie


def reach(home, on, *, kind="new_home", stage="handover", step="keys"):
    """The Milestone of the home's journey, reached on the day `on`; None: not reached."""
    template = JourneyTemplate.objects.in_force().get(kind=kind)
    journey = home.journeys.filter(template=template).first()
    if journey is None:
        journey = start_journey(home=home, template=template, started=date(2026, 1, 5), by=None)
    rows = Milestone.objects.filter(journey=journey, template__stage__code=stage, template__code=step)
    state = Milestone.State.PLANNED if on is None else Milestone.State.REACHED
    rows.update(actual=on, state=state)
    return rows.get()
