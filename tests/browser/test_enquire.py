"""Somebody asks for work on a phone, and a colleague at the desk calls back."""

from datetime import timedelta

import pytest
from django.urls import reverse

from progress.enquiries import tickets
from progress.enquiries.models import Enquiry
from tests.browser.conftest import DESKTOP, PASSWORD
from tests.factories import StaffFactory

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_enquiry_from_the_form_to_the_call(visitor, monkeypatch):
    monkeypatch.setattr(tickets, "QUICKEST", timedelta())
    guest = visitor()
    guest.go("/enquire/?lang=en")
    guest.check()
    page = guest.page
    page.get_by_label("A repair, or a survey of a fault").check()
    page.get_by_label("Your name").fill("Lin Yue")
    page.get_by_label("Telephone").fill("12")
    page.get_by_text("Shall somebody come and look?").click()
    page.get_by_label("Part of the day").select_option("morning")
    page.get_by_label("I agree that my details").check()
    page.get_by_role("button", name="Send").click()
    guest.check()
    assert "Please say on which day." in guest.text()
    page.get_by_label("Telephone").fill("１３８００１３８０００")
    page.get_by_label("Part of the day").select_option("")
    page.get_by_label("I agree that my details").check()
    page.get_by_role("button", name="Send").dblclick()
    page.wait_for_url("**/enquire/*/*/*")
    guest.check()
    enquiry = Enquiry.objects.get()
    assert enquiry.reference in guest.text()

    colleague = StaffFactory(group="Customer service", everywhere=True, password=PASSWORD)
    staff = visitor(size=DESKTOP, dark=True)
    staff.log_in(colleague)
    staff.go(reverse("desk_enquiry:inspect", args=[enquiry.pk]))
    staff.check()
    staff.page.get_by_role("button", name="Confirmed by telephone").click()
    staff.page.wait_for_load_state()
    staff.check()
    enquiry.refresh_from_db()
    assert (enquiry.state, enquiry.handled_by) == ("confirmed", colleague)
