"""A question about a document, from the phone to the desk and back."""

import pytest
from django.urls import reverse

from portal.tickets.models import Ticket
from tests.browser.conftest import DESKTOP, PASSWORD
from tests.factories import HomeDocumentFactory, OwnershipFactory, StaffFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("dark", [False, True])
def test_an_owner_asks_about_a_document_and_reads_the_answer(visitor, dark):
    ownership = OwnershipFactory(owner__user=UserFactory(password=PASSWORD))
    HomeDocumentFactory(home=ownership.home, title_en="Floor plan")
    owner = visitor(dark=dark)
    owner.log_in(ownership.owner.user)
    owner.go(reverse("home:documents", args=[ownership.home_id]))
    owner.page.get_by_role("link", name="Ask about this").click()
    owner.check()
    assert "Floor plan" in owner.text()
    owner.page.get_by_label("Your question").fill("Is this wall load-bearing?")
    owner.page.get_by_role("button", name="Send the question").dblclick()
    owner.page.wait_for_url("**/tickets/*/")
    owner.check()
    ticket = Ticket.objects.get()

    colleague = StaffFactory(group="Customer service", development=ownership.home.development, password=PASSWORD)
    staff = visitor(size=DESKTOP, dark=dark)
    staff.log_in(colleague)
    staff.go(reverse("desk_ticket:inspect", args=[ticket.pk]))
    staff.page.locator("form[action$='/reply/'] textarea").fill("It is not.")
    staff.page.get_by_role("button", name="Send to the owner as").click()
    staff.page.wait_for_load_state()
    staff.check()

    owner.go(reverse("home:ticket", args=[ticket.pk]))
    assert ("It is not." in owner.text(), colleague.name in owner.text()) == (True, True)
