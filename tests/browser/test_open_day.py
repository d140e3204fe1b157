"""An open day on a phone: an owner books, moves and cancels."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from portal.bookings.models import Booking
from tests.browser.conftest import PASSWORD
from tests.factories import OwnershipFactory, UserFactory
from tests.portal.bookings.factories import BookingFactory, OpenDayFactory, SafetyRuleFactory, SlotFactory

pytestmark = pytest.mark.django_db(transaction=True)

KEPT = """async (words) => {
  const copy = await caches.match(location.pathname);
  return Boolean(copy && (await copy.text()).includes(words));
}"""  # whether the page, as it would open at the site without a line, says so


def open_day_at(development):
    now = timezone.now()
    moments = {"opens_at": now - timedelta(days=1), "closes_at": now + timedelta(days=9)}
    day = OpenDayFactory(development=development, change_until=now + timedelta(days=9), **moments)
    SafetyRuleFactory(open_day=day)
    full, free, other = (
        SlotFactory(open_day=day, starts=now + timedelta(days=10, hours=hours), capacity=places)
        for hours, places in ((0, 2), (2, 18), (4, 18))
    )
    BookingFactory(slot=full)
    return day, free, other


def hours(slot):
    return f"{timezone.localtime(slot.starts, slot.open_day.zone):%H:%M}–"


def test_an_owner_books_moves_and_cancels(visitor):
    tie = OwnershipFactory(owner__name="Shen Yue", owner__user=UserFactory(password=PASSWORD))
    day, free, other = open_day_at(tie.home.development)
    owner = visitor()
    owner.log_in(tie.owner.user)
    owner.go(reverse("home:visits", args=[tie.home.pk]))
    owner.page.get_by_role("link", name=day.title).click()
    owner.check()
    page = owner.page
    page.get_by_role("button", name="Adults: one more").click()
    assert page.get_by_role("button", name="for 2 people").count() == 1
    page.locator("label.choice").first.click()  # full: there is a line, and nothing to book
    assert page.locator("form[data-party] button[type=submit]:visible").inner_text().startswith("Stand in line for")
    page.locator(f"input[value='{free.pk}']").check()
    page.get_by_label("I have read the rules").check()
    page.get_by_role("button", name="for 2 people").dblclick()
    page.wait_for_url("**/my/bookings/*/")
    owner.check()
    booking = Booking.objects.get(home=tie.home)
    assert (booking.slot, booking.people) == (free, 2)
    assert page.locator(".ticket-code > div > svg").bounding_box()["width"] > 300
    page.wait_for_function(KEPT, arg=hours(free))
    page.get_by_role("link", name="Move to another time").click()
    owner.check()
    page.locator(f"input[value='{other.pk}']").check()
    page.get_by_role("button", name="Move there").click()
    page.wait_for_url("**/my/bookings/*/")
    booking.refresh_from_db()
    assert booking.slot == other
    page.wait_for_function(KEPT, arg=hours(other))
    page.get_by_role("link", name="Cancel").click()
    owner.check()
    page.get_by_role("button", name="Cancel your booking").click()
    page.wait_for_url("**/my/bookings/*/")
    owner.check()
    assert "Cancelled on" in owner.text()
    assert page.locator(".ticket-code").count() == 0
