"""An owner puts the dates of the home into their own calendar."""

import pytest
from django.urls import reverse
from icalendar import Calendar

from tests.browser.conftest import DESKTOP, PASSWORD
from tests.factories import BuildingFactory, OwnershipFactory, UserFactory
from tests.progress.test_milestones import windows

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("size", [None, DESKTOP])
def test_an_owner_makes_copies_renews_and_switches_off_the_address(visitor, size):
    home = windows(BuildingFactory()).journey.home
    tie = OwnershipFactory(home=home, owner__user=UserFactory(password=PASSWORD))
    owner = visitor(**({"size": size, "dark": True} if size else {}))
    owner.log_in(tie.owner.user)
    owner.go(reverse("home:profile"))
    owner.page.get_by_role("link", name="Your dates in your calendar").click()
    owner.check()
    owner.page.get_by_role("button", name="Make the address").click()
    owner.check()
    owner.page.get_by_role("button", name="Copy the address").click()
    owner.page.get_by_role("button", name="Copied").wait_for()
    first = owner.page.get_by_label("Or give your calendar this address").input_value()
    path = "/calendar/" + first.split("/calendar/")[1]
    fetched = owner.page.request.get(owner.base + path)
    assert [event["SUMMARY"] for event in Calendar.from_ical(fetched.body()).events] == [
        "Planned: Windows in your home"
    ]
    owner.page.get_by_role("button", name="Make a new address").click()
    owner.check()
    assert owner.page.get_by_label("Or give your calendar this address").input_value() != first
    assert owner.page.request.get(owner.base + path).status == 404
    owner.page.get_by_role("button", name="Switch off").click()
    owner.check()
    owner.page.get_by_role("button", name="Make the address").wait_for()
    owner.page.goto(owner.base + reverse("home:journey", args=[home.pk]))
    with owner.page.expect_download() as download:
        owner.page.get_by_role("link", name="Put “Windows in your home” into your calendar").click()
    assert b"METHOD:PUBLISH" in download.value.path().read_bytes()
