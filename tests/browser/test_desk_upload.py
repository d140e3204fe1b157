"""A document is sent on the desk: its progress is shown, a refusal keeps what was filled in, success says so."""

import pytest
from playwright.sync_api import expect

from progress.documents.models import HomeDocument
from tests.accounts.files.papers import pdf
from tests.browser.conftest import DESKTOP, PASSWORD
from tests.factories import HomeDocumentFactory, OwnershipFactory, StaffFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def home():
    return OwnershipFactory(home__number="3-1102").home


@pytest.fixture
def desk(visitor, home):
    service = StaffFactory(
        group="Customer service", email="service@example.com", password=PASSWORD, development=home.development
    )
    service.emailaddress_set.create(email=service.email, verified=True, primary=True)
    person = visitor(size=DESKTOP)
    person.log_in(service)
    return person


def chosen(**options):
    return {"name": "3-1102 plan.pdf", "mimeType": "application/pdf", "buffer": pdf(**options)}


def test_a_refused_file_leaves_the_form_and_the_next_one_arrives(desk, home):
    page = desk.page
    document = HomeDocumentFactory(home=home, title_en="Roof")
    page.goto(f"{desk.base}/desk/homedocument/{document.pk}/new-version/")
    page.locator("input[type=file]").set_input_files([chosen(password="secret")])
    page.get_by_role("button", name="Publish the new version").click()
    expect(page.locator(".sending [role=alert]")).to_contain_text("is protected with a password")
    page.locator("input[type=file]").set_input_files([chosen(pages=2)])
    page.get_by_role("button", name="Publish the new version").click()
    expect(page.locator("body")).to_contain_text("The new version is there, and those who may see it are told.")
    assert HomeDocument.objects.get(version=2).file.pages == 2
    assert desk.errors == []


def test_many_files_lead_to_the_page_that_asks_where_they_go(desk):
    page = desk.page
    page.goto(f"{desk.base}/desk/homedocument/many/")
    page.locator("input[type=file]").set_input_files([chosen()])
    page.get_by_role("button", name="Send and check").click()
    expect(page.get_by_role("heading", name="Where each file goes")).to_be_visible()
    assert desk.errors == []


def test_wagtails_own_form_says_what_is_wrong_and_can_be_sent_again(desk, home):
    page = desk.page
    page.goto(f"{desk.base}/desk/homedocument/new/")
    page.locator("input[type=file]").set_input_files([chosen()])
    page.get_by_role("button", name="Create").click()
    told = page.locator(".sending [role=alert]")
    expect(told).to_contain_text("This field is required.")
    expect(page.get_by_role("button", name="Create")).to_be_enabled()
