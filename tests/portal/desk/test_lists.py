"""The desk's lists and its first page cost the same number of queries whatever their length."""

import pytest
from django.urls import reverse
from wagtail.admin.menu import admin_menu

from tests.factories import StaffFactory
from tests.portal.desk.conftest import VIEWSETS, estate


@pytest.fixture
def everywhere(client, db):
    client.force_login(StaffFactory(group="Supervisors", everywhere=True))
    return client


@pytest.fixture
def queries_of(everywhere, django_assert_max_num_queries):
    def count(url):
        everywhere.get(url)  # what is kept in memory from the first time on
        with django_assert_max_num_queries(60) as captured:
            assert everywhere.get(url).status_code == 200
        return len(captured)

    return count


@pytest.mark.parametrize("namespace", VIEWSETS)
def test_three_rows_cost_as_many_queries_as_one(queries_of, namespace):
    estate()
    one = queries_of(reverse(f"{namespace}:index"))
    estate()
    estate()
    assert queries_of(reverse(f"{namespace}:index")) == one


def test_the_first_page_costs_as_many_queries_with_three_estates(queries_of):
    estate()
    one = queries_of(reverse("wagtailadmin_home"))
    estate()
    estate()
    assert queries_of(reverse("wagtailadmin_home")) == one


def test_the_logins_cost_as_many_queries_with_three_more(queries_of):
    one = queries_of(reverse("wagtailusers_users:index"))
    StaffFactory.create_batch(3, group="Site managers")
    assert queries_of(reverse("wagtailusers_users:index")) == one


def test_the_first_page_counts_what_is_in_scope(everywhere, client, ours, theirs):
    html = everywhere.get("/desk/").content.decode()
    assert "<strong>2</strong> homes" in html
    client.force_login(StaffFactory(group="Supervisors", development=ours.development))
    html = client.get("/desk/").content.decode()
    for noun in ("home", "owner", "journey", "undelivered message"):
        assert f"<strong>1</strong> {noun}<" in html


def test_marketing_reads_nothing_of_customers_on_the_first_page(client, ours):
    client.force_login(StaffFactory(group="Marketing", everywhere=True))
    html = client.get("/desk/").content.decode()
    assert [word in html for word in ("desk-today", str(ours.home), str(ours.owner))] == [False, False, False]


SITE_MANAGERS_MENU = [
    *("tickets", "ticket-figures", "my-day", "updates", "design-changes", "questions", "open-days", "opinions"),
    *("visits", "board", "leaflets", "checklists", "guides", "homes", "promises", "care-rules", "checks", "journeys"),
]
CUSTOMER_SERVICE_MENU = [
    *("tickets", "ticket-figures", "jobs", "my-day", "updates", "design-changes", "questions", "complaints"),
    *("complaints-board", "enquiries", "open-days", "opinions", "mail", "visits", "checklists", "guides", "homes"),
    *("home-documents", "promises", "care-rules", "checks", "journeys", "staff"),
]
SUPERVISORS_MENU = [
    *("tickets", "ticket-figures", "jobs", "my-day", "updates", "design-changes", "questions", "complaints"),
    *("complaints-board", "enquiries", "open-days", "opinions", "mail", "visits", "board", "leaflets", "checklists"),
    *("guides", "homes", "home-documents", "promises", "care-rules", "checks", "journeys", "versions", "staff"),
    *("undelivered", "explorer", "images", "documents", "shared", "reports", "settings"),
]
REPAIRS_MENU = [
    *("tickets", "ticket-figures", "jobs", "my-day", "visits", "guides", "homes", "promises"),
    *("care-rules", "checks", "journeys", "staff"),
]


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        ("Marketing", ["guides", "explorer", "images", "documents", "shared", "reports"]),
        ("Site managers", SITE_MANAGERS_MENU),
        ("Customer service", CUSTOMER_SERVICE_MENU),
        ("Supervisors", SUPERVISORS_MENU),
        ("Repairs", REPAIRS_MENU),
    ],
)
def test_the_menu_has_what_the_group_works_with(client, db, group, expected):
    client.force_login(StaffFactory(group=group, everywhere=True))
    request = client.get("/desk/").wsgi_request
    items = sorted(admin_menu.menu_items_for_request(request), key=lambda item: item.order)
    assert [item.name for item in items] == expected
