"""Marketing sees pages, images and documents, and nothing of customers; supervisors get to the pages they approve."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.admin.menu import admin_menu
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry

from accounts.events.actions import record
from cms.models import ContactCard, HomePage
from tests.factories import HomeFactory, OwnerFactory, OwnershipFactory, StaffFactory, UserFactory
from tests.test_urls import others

SECRETS = ("Shen Secret", "secret@example.com", "13800000042", "Unit Secret")
SEARCHED = re.compile(r"index|list|search|choose")
NO_PAGE = re.compile(r"wagtail(docs|images)_serve|logout")


@pytest.fixture
def customer(db):
    """One whose name, addresses and home stand in every list that shows customers."""
    user = UserFactory(name="Shen Secret", email="secret@example.com")
    owner = OwnerFactory(name="Shen Secret", customer_no="Shen Secret", user=user)
    ownership = OwnershipFactory(owner=owner, home=HomeFactory(number="Unit Secret"))
    colleague = StaffFactory(group="Supervisors", name="A colleague")
    for row in (owner, ownership, ownership.home, user):
        log(row, "wagtail.edit", user=colleague)
        record("edited", row, by=colleague)
    log(owner, "wagtail.create", user=user)
    return owner


def visible(client, urls):
    """{name: secrets} of what these addresses show."""
    found = {}
    for name, url in urls.items():
        response = client.get(url)
        if response.status_code == 200 and not response.streaming:
            text = response.content.decode(errors="replace")
            found |= {name: seen} if (seen := [secret for secret in SECRETS if secret in text]) else {}
    return found


def client_of(group):
    client = Client(raise_request_exception=False)
    client.force_login(StaffFactory(group=group, everywhere=True, language="en"))
    return client


def asked():
    """Wagtail's addresses; those of lists also with a search for the customer."""
    urls = {name: url for name, url in others("desk/").items() if not NO_PAGE.search(name)}
    lists = {name: url for name, url in urls.items() if SEARCHED.search(name)}
    return urls | {f"{name}?q": f"{url}?q=Secret" for name, url in lists.items()}


def test_marketing_meets_no_customer_on_any_page_of_wagtail_s(customer):
    assert ModelLogEntry.objects.count() > 0
    assert visible(client_of("Marketing"), asked()) == {}


def test_the_history_shows_one_to_a_supervisor(customer):
    """Or the test above would prove nothing."""
    history = {"history": reverse("wagtailadmin_reports:site_history")}
    assert visible(client_of("Supervisors"), history) != {}


def test_neither_do_the_first_page_and_our_own_reports_show_one(customer):
    urls = {name: reverse(name) for name in ("wagtailadmin_home", "editing:translations", "editing:dated")}
    assert visible(client_of("Marketing"), urls) == {}


def menu_of(group, rf):
    request = rf.get("/desk/")
    request.user = StaffFactory(group=group, language="en")
    return [item.name for item in admin_menu.menu_items_for_request(request)]


def test_marketing_s_menu(db, rf):
    found = set(menu_of("Marketing", rf))
    assert found >= {"explorer", "images", "documents", "shared", "reports"}
    assert found & {"homes", "staff", "my-day", "board", "leaflets", "settings", "snippets"} == set()


def test_a_supervisor_s_menu_leads_to_the_pages_too(db, rf):
    assert {"explorer", "images", "documents", "shared", "reports", "homes"} <= set(menu_of("Supervisors", rf))


@pytest.mark.parametrize("group", ["Site managers", "Customer service"])
def test_others_find_no_pages(db, rf, group):
    assert {"explorer", "images", "documents", "shared", "settings"} & set(menu_of(group, rf)) == set()


@pytest.mark.parametrize("group", ["Marketing", "Supervisors"])
@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("wagtailsnippets_cms_contactcard:list", "Contact"),
        ("wagtailsnippets_cms_pricetable:list", "Price table"),
        ("wagtailredirects:index", "Redirects"),
    ],
)
def test_editors_keep_contacts_price_tables_and_redirects(db, group, address, words):
    page = client_of(group).get(reverse(address))
    assert (page.status_code, words.lower() in page.content.decode().lower()) == (200, True)


@pytest.mark.parametrize("group", ["Marketing", "Supervisors"])
def test_editors_keep_what_the_site_says_of_the_company(db, group):
    page = client_of(group).get(reverse("wagtailsettings:edit", args=["cms", "companysettings"]), follow=True)
    shown = page.content.decode()
    assert (page.status_code, [name in shown for name in ("hotline", "filing_number", "logo", "name_zh")]) == (
        200,
        [True] * 4,
    )


def test_a_snippet_has_a_row_a_language(db):
    card = ContactCard.objects.create(name="Sales", locale=HomePage.objects.get(slug="home").locale)
    client = client_of("Marketing")
    url = reverse("simple_translation:submit_snippet_translation", args=["cms", "contactcard", card.pk])
    chinese = HomePage.objects.get(slug="home-zh-hans").locale
    client.post(url, {"locales": [chinese.pk]})
    assert card.get_translation(chinese).name == "Sales"
