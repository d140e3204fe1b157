"""Telling owners of a guide: if its editor wishes, once an edition, on the day from which it is valid."""

from datetime import timedelta

import pytest
import time_machine

from accounts.notices import kinds
from cms.guides.models import Edition
from cms.guides.tasks import tell_of_editions
from progress.models import Role
from tests.cms.guides.factories import GuidePageFactory
from tests.factories import NOW, TODAY, OwnershipFactory

pytestmark = pytest.mark.django_db
TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(NOW, tick=False):
        yield


def test_who_has_a_home_that_it_fits_is_told_once(told):
    owner = OwnershipFactory().owner
    OwnershipFactory(former=True)
    GuidePageFactory(tell=True)
    tell_of_editions(at=NOW)
    OwnershipFactory()  # who comes later finds it in the list
    tell_of_editions(at=NOW)
    assert told() == [(owner, "guide-published")]


def test_without_the_editors_wish_nobody_is(told):
    OwnershipFactory()
    GuidePageFactory()
    tell_of_editions(at=NOW)
    assert told() == []


def test_only_those_in_its_roles(told):
    owner = OwnershipFactory()
    OwnershipFactory(home=owner.home, role=Role.TENANT)
    GuidePageFactory(tell=True, for_roles=["owner"])
    tell_of_editions(at=NOW)
    assert told() == [(owner.owner, "guide-published")]


def test_not_before_the_day_from_which_it_is_valid(told):
    owner = OwnershipFactory().owner
    GuidePageFactory(tell=True, valid_from=TOMORROW)
    tell_of_editions(at=NOW)
    before = told()
    tell_of_editions(at=NOW + timedelta(days=1))
    assert [before, told()] == [[], [(owner, "guide-published")]]


def test_a_new_edition_is_told_again_and_a_correction_is_not(told):
    owner = OwnershipFactory().owner
    page = GuidePageFactory(tell=True)
    for version, title in ((1, "Corrected"), (2, "New")):
        tell_of_editions(at=NOW)
        page.version, page.title, page.what_changed = version, title, "The title."
        page.save_revision().publish()
    tell_of_editions(at=NOW)
    assert told() == [(owner, "guide-published")] * 2


def test_of_a_withdrawn_guide_nobody_is_told(told):
    OwnershipFactory()
    GuidePageFactory(tell=True).unpublish()
    tell_of_editions(at=NOW)
    assert told() == []


def test_what_is_said_and_for_how_long_it_is_true():
    tie = OwnershipFactory()
    page = GuidePageFactory(title="Handover", tell=True)
    page.version, page.what_changed = 2, "Bring the contract, too."
    page.save_revision().publish()
    tell_of_editions(at=NOW)
    kind, edition = kinds.get("guide-published"), Edition.objects.get(number=2)
    assert kind.title(edition) == "What has changed: Handover"
    assert kind.paragraphs(edition) == ["Bring the contract, too.", "In two sentences."]
    assert (kind.still_true(edition), kind.still_concerns(edition, tie.owner)) == (True, True)
    tie.state, tie.until = "ended", TODAY
    tie.save()
    page.unpublish()
    assert (kind.still_true(edition), kind.still_concerns(edition, tie.owner)) == (False, False)
