"""A leak, from the phone to the signed service sheet, the word of its owner, the score, and the call."""

import pytest
from playwright.sync_api import expect

from accounts.models import User
from portal.tickets.closing.models import Call, ServiceSheet
from portal.tickets.models import Ticket
from progress.models import Assignment
from progress.promises.models import Promise
from tests.browser.conftest import DESKTOP, PASSWORD
from tests.factories import AssignmentFactory, OwnershipFactory, StaffFactory

pytestmark = pytest.mark.django_db(transaction=True)


def colleague(group, role, development, name):
    user = StaffFactory(group=group, name=name, email=f"{role}@example.com", password=PASSWORD)
    user.emailaddress_set.create(email=user.email, verified=True, primary=True)
    AssignmentFactory(user=user, role=role, development=development)
    return user


@pytest.fixture
def tie(live_server):
    user = User.objects.create_user(email="shen.yue@example.com", name="Shen Yue", password=PASSWORD)
    user.emailaddress_set.create(email=user.email, verified=True, primary=True)
    return OwnershipFactory(owner__user=user, owner__name="Shen Yue")


def sign(page):
    """Draw a line across the glass."""
    box = page.locator("canvas").bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 60)
    page.mouse.down()
    for step in range(1, 8):
        page.mouse.move(box["x"] + 20 + 30 * step, box["y"] + (30 if step % 2 else 80))
    page.mouse.up()


def repair(at_the_door, repairer, ticket):
    """Fill in the service sheet, and have it signed on the glass."""
    at_the_door.log_in(repairer)
    at_the_door.go(f"/site/repairs/{ticket.pk}/sheet/")
    page = at_the_door.page
    page.get_by_label("Work done").fill("Elbow behind the sink replaced")
    page.get_by_label("Time taken, in minutes").fill("45")
    page.locator("canvas").scroll_into_view_if_needed()
    sign(page)
    page.get_by_role("button", name="Signed: send it").click()
    expect(page.locator("main")).to_contain_text("Signed by Shen Yue")


def ring(on_the_telephone, service, ticket):
    on_the_telephone.log_in(service)
    page = on_the_telephone.page
    page.goto(f"{on_the_telephone.base}/desk/ticket/{ticket.pk}/call/")
    page.get_by_label("Yes", exact=True).check()
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_load_state()


def test_a_leak_goes_from_the_phone_to_sheet_word_score_and_call(visitor, tie, settings):
    settings.STAFF_SECOND_FACTOR = False
    place, roles = tie.home.development, Assignment.Role
    repairer = colleague("Repairs", roles.REPAIRS, place, "Gao Weiguo")
    service = colleague("Customer service", roles.CUSTOMER_SERVICE, place, "Xu Man")

    owner = visitor()
    owner.log_in(tie.owner.user)
    owner.page.goto(f"{owner.base}/my/homes/{tie.home.pk}/tickets/new/")
    owner.page.get_by_label("What has happened?").fill("Water leak under the kitchen sink")
    expect(owner.page.get_by_role("alert")).to_contain_text("Please ring")
    owner.page.get_by_role("button", name="Send").click()
    expect(owner.page.get_by_role("heading", level=1)).to_have_text("Water leak under the kitchen sink")
    ticket = Ticket.objects.get()
    assert ticket.priority == "emergency"

    repair(visitor(), repairer, ticket)
    ticket.refresh_from_db()
    assert (ticket.state, ticket.outcome, ServiceSheet.objects.count()) == ("resolved", "fixed", 1)

    owner.go(f"/my/tickets/{ticket.pk}/")
    owner.page.get_by_role("button", name="Yes, it is done").click()
    owner.page.get_by_label("5 – very content").check()
    owner.page.locator("form", has=owner.page.get_by_label("5 – very content")).get_by_role("button").click()
    expect(owner.page.get_by_label("5 – very content")).to_have_count(0)

    ring(visitor(DESKTOP), service, ticket)
    assert (Call.objects.get().state, Promise.objects.get(kind="ticket-call").state) == ("done", "kept")
