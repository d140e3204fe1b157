"""The gate of a site on a staff phone: by the code of a ticket, and from the kept list while there is no line."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from portal.bookings.models import Booking, Passage
from portal.desk.gate.rows import mac_of
from tests.browser.conftest import PASSWORD
from tests.factories import StaffFactory
from tests.portal.bookings.factories import (
    BookingFactory,
    OpenDayFactory,
    SafetyRuleFactory,
    SlotFactory,
    VisitorFactory,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def parties(live_server):
    """Two parties of a time that begins now; the second one still has to accept the rules."""
    now = timezone.now()
    day = OpenDayFactory(opens_at=now - timedelta(days=9), closes_at=now, change_until=now - timedelta(days=1))
    SafetyRuleFactory(open_day=day)
    first, second = BookingFactory.create_batch(2, slot=SlotFactory(open_day=day, starts=now))
    VisitorFactory(booking=second, name="Lin An")
    return first, second


def arrived():
    found = Booking.objects.filter(state="arrived").values_list("pk", flat=True)
    return set(found), Passage.objects.count()


def test_a_party_comes_in_by_its_code_and_another_from_the_list_without_a_line(visitor, parties):
    first, second = parties
    codes = [f"/site/in/{each.pk}/{mac_of(each)}/" for each in parties]
    guard = StaffFactory(email="gate@example.com", password=PASSWORD, development=first.open_day.development)
    guard.emailaddress_set.create(email=guard.email, verified=True, primary=True)
    phone = visitor()
    page = phone.page
    phone.log_in(guard)
    phone.go(codes[0])
    page.get_by_role("button", name="Let in").click()
    expect(page.get_by_text("Shown before: they are on the site")).to_be_visible()
    phone.check()
    phone.go(f"/site/gate/{first.open_day_id}/")
    page.locator("#offline[data-ahead]").wait_for(state="attached")
    page.reload()  # kept as it stands now

    page.context.set_offline(True)
    page.goto(f"{phone.base}{codes[1]}")
    expect(page).to_have_url(f"{phone.base}/site/gate/{first.open_day_id}/#party-{second.pk}")
    expect(page.locator("#offline")).to_contain_text("You are offline; this is as of ")
    page.get_by_label("Find a party").fill(second.home.number)
    expect(page.locator("[data-gate-party]:visible")).to_have_count(1)
    party = page.locator(f"#party-{second.pk}")
    party.get_by_label("Lin An accepts the rules").check()
    party.get_by_role("button", name="Let in").click()
    expect(party.get_by_text("Kept here, will be sent")).to_be_visible()
    expect(page.locator("[data-gate-inside]")).to_have_text("4")
    page.goto(f"{phone.base}/site/in/{second.pk}/{'x' * 43}/")  # a forged code stands for nobody
    expect(page.get_by_role("heading", level=1)).to_have_text("This page is not on your phone")
    page.goto(f"{phone.base}/site/gate/{first.open_day_id}/")
    expect(party.get_by_text("Kept here, will be sent")).to_be_visible()
    assert arrived() == ({first.pk}, 1)

    page.context.set_offline(False)
    expect(page.locator("[data-offline-count]")).to_be_hidden()
    expect(party.get_by_text("on the site")).to_be_visible()
    expect(page.locator("[data-gate-inside]")).to_have_text("4")
    assert arrived() == ({first.pk, second.pk}, 2)
    phone.errors.clear()  # that there was no line
    phone.check()
