"""The documents of a home on its owner's pages."""

import pytest
from django.urls import reverse

from progress.models import RightState, Role
from tests.factories import NOW, TODAY, HomeDocumentFactory, HomeFactory, OwnershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def tie(client):
    tie = OwnershipFactory()
    client.force_login(tie.owner.user)
    return tie


def page(client, home, **query):
    return client.get(reverse("home:documents", args=[home.pk]), query)


def file_status(client, document):
    response = client.get(reverse("home:document", args=[document.pk]))
    list(response)
    return response.status_code


def test_documents_stand_by_kind_in_the_order_of_the_kinds(client, tie):
    HomeDocumentFactory(home=tie.home, kind="report", title_en="Soil")
    HomeDocumentFactory(home=tie.home, kind="plan", title_en="Ground floor")
    html = page(client, tie.home).content.decode()
    assert html.index("Plan</h2>") < html.index("Ground floor") < html.index("Report</h2>") < html.index("Soil")


def test_the_newest_version_stands_first_and_the_others_under_earlier_versions(client, tie):
    first = HomeDocumentFactory(home=tie.home, title_en="Roof")
    second = HomeDocumentFactory(home=tie.home, title_en="Roof", series=first.series, version=2, replaces=first)
    html = page(client, tie.home).content.decode()
    assert html.index(str(second.pk)) < html.index("Earlier versions") < html.index(str(first.pk))


def test_search_finds_chinese_and_shows_the_whole_document(client, tie):
    first = HomeDocumentFactory(home=tie.home, title_en="", title_zh="屋顶平面图")
    HomeDocumentFactory(home=tie.home, title_en="Roof plan", series=first.series, version=2, replaces=first)
    HomeDocumentFactory(home=tie.home, title_en="Soil")
    html = page(client, tie.home, q="平面").content.decode()
    assert "Roof plan" in html
    assert "Soil" not in html
    assert "Nothing found" in page(client, tie.home, q="游泳池").content.decode()


@pytest.mark.parametrize("words", ["\x00", "x" * 101, "%", "'; --", "<script>"])
def test_a_strange_search_is_no_error(client, tie, words):
    HomeDocumentFactory(home=tie.home)
    response = page(client, tie.home, q=words)
    assert response.status_code == 200
    assert "<script>" not in response.content.decode().partition("</head>")[2].replace("<script src", "")


def test_a_home_without_documents_says_what_will_stand_there(client, tie):
    assert "No documents yet" in page(client, tie.home).content.decode()


def test_the_file_is_saved_under_its_title_and_asked_for_anew(client, tie):
    document = HomeDocumentFactory(home=tie.home, title_en="Roof/east")
    response = client.get(reverse("home:document", args=[document.pk]))
    list(response)
    assert response["Content-Disposition"] == 'inline; filename="Roof-east.jpg"'
    assert response["Cache-Control"] == "private, no-cache"
    assert response["X-Content-Type-Options"] == "nosniff"


def test_what_is_not_mine_or_withdrawn_is_not_found(client, tie):
    mine, foreign = HomeDocumentFactory(home=tie.home), HomeDocumentFactory()
    withdrawn = HomeDocumentFactory(home=tie.home, withdrawn_at=NOW, withdrawn_reason="Wrong home")
    assert [file_status(client, each) for each in (mine, foreign, withdrawn)] == [200, 404, 404]
    assert page(client, foreign.home).status_code == 404
    assert str(withdrawn.pk) not in page(client, tie.home).content.decode()


def test_the_page_and_the_files_are_gone_once_the_home_is_sold(client, tie):
    document = HomeDocumentFactory(home=tie.home)
    tie.state, tie.until = RightState.ENDED, TODAY
    tie.save()
    assert (page(client, tie.home).status_code, file_status(client, document)) == (404, 404)


def test_a_tenant_has_the_page_without_what_is_for_others(client):
    tenant = OwnershipFactory(role=Role.TENANT)
    client.force_login(tenant.owner.user)
    hidden, shown = HomeDocumentFactory(home=tenant.home), HomeDocumentFactory(home=tenant.home, min_role="tenant")
    html = page(client, tenant.home).content.decode()
    assert (str(hidden.pk) in html, str(shown.pk) in html) == (False, True)


def test_a_message_leads_to_the_home_it_was_about(client, tie):
    OwnershipFactory(owner=tie.owner, home=HomeFactory())
    document = HomeDocumentFactory(home=tie.home)
    response = client.get(reverse("home:documents-new", args=[document.batch_id]))
    assert response.url == reverse("home:documents", args=[tie.home.pk])


def test_the_tab_leads_there(client, tie):
    html = client.get(reverse("home:front")).content.decode()
    assert reverse("home:documents", args=[tie.home.pk]) in html


def test_three_documents_cost_as_many_queries_as_one(client, tie, django_assert_max_num_queries):
    def queries():
        first = HomeDocumentFactory(home=tie.home)
        HomeDocumentFactory(home=tie.home, series=first.series, version=2, replaces=first)
        with django_assert_max_num_queries(12) as captured:
            page(client, tie.home)
        return len(captured)

    assert queries() == queries() == queries()
