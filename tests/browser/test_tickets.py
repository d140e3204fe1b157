"""Telling us what is wrong, on a phone in a real browser: with a line, and without one."""

from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import expect

from accounts.models import User
from portal.tickets.models import Attachment, Ticket
from progress.components.models import Component
from tests.browser.conftest import PASSWORD
from tests.factories import OwnershipFactory

pytestmark = pytest.mark.django_db(transaction=True)

POSTS = "async () => (await offline.posts()).length"


@pytest.fixture
def tie(live_server):
    user = User.objects.create_user(email="shen.yue@example.com", name="Shen Yue", password=PASSWORD)
    user.emailaddress_set.create(email=user.email, verified=True, primary=True)
    kitchen = Component.objects.get_or_create(code="kitchen", defaults={"name_en": "Kitchen"})[0]
    Component.objects.get_or_create(code="kitchen-tap", defaults={"name_en": "Tap", "parent": kitchen})
    return OwnershipFactory(owner__user=user, owner__name="Shen Yue")


@pytest.fixture
def photo():
    made = BytesIO()
    Image.new("RGB", (1200, 900), "tan").save(made, "JPEG")
    return {"name": "tap.jpg", "mimeType": "image/jpeg", "buffer": made.getvalue()}


@pytest.fixture
def person(visitor, tie):
    person = visitor()
    person.log_in(tie.owner.user)
    person.page.locator("#offline[data-ahead]").wait_for(state="attached")
    return person


def address(tie):
    return f"/my/homes/{tie.home.pk}/tickets/new/"


def fill(page, photo, text):
    page.get_by_label("What has happened?").fill(text)
    page.get_by_label("Room").select_option("Kitchen")
    page.get_by_label("What exactly?").select_option("Tap")
    page.locator("input[type=file]").set_input_files([photo])


def send(page):
    page.get_by_role("button", name="Send").click()


def raised():
    return [(ticket.text, ticket.component.code, ticket.attachments.count()) for ticket in Ticket.objects.all()]


def test_a_repair_with_a_photo_is_told_and_leads_to_its_page(person, tie, photo):
    page = person.page
    person.go(address(tie))
    expect(page.get_by_role("alert")).to_be_hidden()
    page.get_by_label("What has happened?").fill("It smells of gas here")
    expect(page.get_by_role("alert")).to_contain_text("Please ring")
    person.check()
    fill(page, photo, "The tap drips")
    expect(page.get_by_role("alert")).to_be_hidden()
    send(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("The tap drips")
    ticket = Ticket.objects.get()
    expect(page.locator("#offline")).to_contain_text(f"We have it, under the number {ticket.number}.")
    person.check()
    page.get_by_label("Your message").fill("It is worse now")
    send(page)
    expect(page.locator(".talk")).to_contain_text("It is worse now")
    assert raised() == [("The tap drips", "kitchen-tap", 1)]
    assert list(ticket.messages.values_list("text", flat=True)) == ["It is worse now"]


def test_what_is_told_without_a_line_is_kept_with_its_photo_and_sent_once(person, tie, photo):
    page = person.page
    page.context.set_offline(True)
    for text in ("The tap drips", "The tap runs"):  # the page comes from the phone, and is another form each time
        page.goto(f"{person.base}{address(tie)}")
        fill(page, photo, text)
        send(page)
        expect(page.get_by_label("What has happened?")).to_have_value("")
        expect(page.locator("#offline")).to_contain_text("Kept here, will be sent")
    expect(page.locator("[data-offline-count]")).to_contain_text("2")
    assert (page.evaluate(POSTS), Ticket.objects.count()) == (2, 0)

    page.context.set_offline(False)
    expect(page.locator("[data-offline-count]")).to_be_hidden()
    expect(page.locator("#offline")).to_contain_text("We have it, under the number")
    assert sorted(raised()) == [("The tap drips", "kitchen-tap", 1), ("The tap runs", "kitchen-tap", 1)]
    assert Attachment.objects.filter(file__uploader=tie.owner.user).count() == 2


def test_what_is_refused_stays_as_it_was_written(person, tie, photo, monkeypatch):
    page = person.page
    person.go(address(tie))
    monkeypatch.setattr("portal.tickets.raising.MOST_OPEN", 0)
    page.get_by_label("What has happened?").fill("The tap drips")
    send(page)
    expect(page.locator("#offline")).to_contain_text("Twenty of your tickets wait for us.")
    expect(page.get_by_label("What has happened?")).to_have_value("The tap drips")
    page.locator("input[type=file]").set_input_files([photo])
    send(page)
    expect(page.locator(".sending")).to_contain_text("Twenty of your tickets wait for us.")
    expect(page.get_by_label("What has happened?")).to_have_value("The tap drips")
    assert Ticket.objects.count() == 0
