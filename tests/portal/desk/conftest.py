"""Two developments with the same rows in each, and staff who work at the first."""

from types import SimpleNamespace

import pytest

from accounts.notices.models import Notice
from progress.journeys.actions import start_journey
from progress.journeys.models import JourneyTemplate
from tests.factories import (
    TODAY,
    AssignmentFactory,
    CardFactory,
    ContactFactory,
    DesignChangeFactory,
    ErasureRequestFactory,
    HomeDocumentFactory,
    HomeTransferFactory,
    HouseTypeFactory,
    InvitationFactory,
    OwnerMergeFactory,
    OwnershipFactory,
    QuestionFactory,
    StaffFactory,
    UpdateFactory,
)
from tests.portal.bookings.factories import OpenDayFactory
from tests.portal.bookings.opinion_factories import OpinionFactory
from tests.progress.warranty_factories import WarrantyFactory

# The viewsets of customers' data, by namespace.
VIEWSETS = [
    "desk_development",
    "desk_building",
    "desk_housetype",
    "desk_home",
    "desk_owner",
    "desk_ownership",
    "desk_hometransfer",
    "desk_ownermerge",
    "desk_erasurerequest",
    "desk_journey",
    "desk_assignment",
    "desk_update",
    "desk_undelivered",
    "desk_homedocument",
    "desk_question",
    "desk_opinion",
    "desk_designchange",
    "desk_contact",
    "desk_card",
    "desk_openday",
    "desk_warranty",
]


def lost_notice(ownership):
    return Notice.objects.create(
        key=f"lost:{ownership.home_id}",
        kind="update-published",
        subject_kind="updates.update",
        subject_id=str(ownership.home_id),
        owner=ownership.owner,
        channel="email",
        state=Notice.State.FAILED,
        reason="no such mailbox",
    )


def estate(**fields):
    """One row of each kind in a development of their own, by the namespace of their viewset."""
    ownership = OwnershipFactory(**fields)
    home, development = ownership.home, ownership.home.development
    journey = start_journey(home=home, template=JourneyTemplate.objects.first(), started=TODAY, by=None)
    notice = lost_notice(ownership)
    card = CardFactory(user=StaffFactory(group="Site managers", development=development))
    return SimpleNamespace(
        development=development,
        home=home,
        owner=ownership.owner,
        rows={
            "desk_development": development,
            "desk_building": home.building,
            "desk_housetype": HouseTypeFactory(development=development),
            "desk_home": home,
            "desk_owner": ownership.owner,
            "desk_ownership": ownership,
            "desk_hometransfer": HomeTransferFactory(home=home),
            "desk_ownermerge": OwnerMergeFactory(kept=ownership.owner),
            "desk_erasurerequest": ErasureRequestFactory(owner=ownership.owner, state="taken-back"),
            "desk_journey": journey,
            "desk_assignment": AssignmentFactory(development=development),
            "desk_update": UpdateFactory(development=development, homes=[home]),
            "desk_undelivered": notice,
            "desk_homedocument": HomeDocumentFactory(home=home),
            "desk_question": QuestionFactory(tie=ownership),
            "desk_opinion": OpinionFactory(booking__home=home, booking__slot__open_day__development=development),
            "desk_designchange": DesignChangeFactory(homes=[home]),
            "desk_contact": ContactFactory(home=home, card=card),
            "desk_card": card,
            "desk_openday": OpenDayFactory(development=development),
            "desk_warranty": WarrantyFactory(home=home),
        },
    )


@pytest.fixture
def ours(db):
    return estate()


@pytest.fixture
def theirs(db):
    return estate()


@pytest.fixture
def supervisor(ours):
    """May do everything, in our development only."""
    return StaffFactory(group="Supervisors", development=ours.development)


@pytest.fixture
def desk(client, supervisor):
    client.force_login(supervisor)
    return client


@pytest.fixture
def invited(ours):
    """An owner of ours without a login, with an open invitation."""
    invitation = InvitationFactory()
    OwnershipFactory(home=ours.home, owner=invitation.owner)
    return invitation
