"""Staff have leaflets made where they work, look at them, and send them."""

from datetime import date

import pytest
from django.urls import reverse

from progress.leaflets.models import Leaflet
from tests.factories import BuildingFactory, LeafletFactory, OwnershipFactory, StaffFactory
from tests.progress.leaflets.conftest import post

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-11-22 02:00")]


@pytest.fixture
def building():
    return OwnershipFactory().home.building


@pytest.fixture
def manager(client, building):
    manager = StaffFactory(group="Site managers", development=building.development)
    client.force_login(manager)
    return manager


def ask(client, place, month="2026-11"):
    given = {"place": f"{place._meta.model_name}:{place.pk}", "month": month}
    return client.post(reverse("site:leaflet-make"), given)


def test_only_places_where_one_works_are_offered(client, building, manager):
    BuildingFactory()
    form = client.get(reverse("site:leaflets")).context["form"]
    assert list(form.places.values()) == [building.development, building]
    assert [key for key, _words in form.fields["month"].choices][:3] == ["2026-11", "2026-10", "2026-09"]


def test_a_leaflet_is_made_for_a_building_or_its_development(client, building, manager):
    post(building)
    for place in (building, building.development):
        answer = ask(client, place)
        leaflet = Leaflet.objects.get(building=building if place == building else None)
        assert answer.headers["Location"] == reverse("site:leaflet", args=[leaflet.pk])
        assert (leaflet.month, leaflet.asked_by) == (date(2026, 11, 1), manager)


def test_one_with_nothing_to_say_is_refused_in_words(client, building, manager):
    answer = ask(client, building, "2026-10")
    assert "the leaflet would be empty" in answer.content.decode()
    assert Leaflet.objects.count() == 0


@pytest.mark.parametrize("month", ["2026-12", "2019-01", "x", ""])
def test_a_month_that_is_not_offered_is_refused(client, building, manager, month):
    post(building)
    assert ask(client, building, month).context["form"].errors.keys() == {"month"}


def test_a_place_elsewhere_is_refused(client, manager):
    elsewhere = BuildingFactory()
    post(elsewhere)
    assert ask(client, elsewhere).context["form"].errors.keys() == {"place"}
    assert Leaflet.objects.count() == 0


def test_the_progress_is_a_page_to_come_back_to(client, building, manager):
    leaflet = LeafletFactory(building=building, progress=40)
    address = reverse("site:leaflet", args=[leaflet.pk])
    whole = client.get(address).content.decode()
    part = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert ('value="40"' in whole, 'value="40"' in part, "<html" in part) == (True, True, False)


def test_one_that_is_ready_is_looked_at_in_each_language_and_sent(client, building, manager):
    leaflet = LeafletFactory(building=building, ready=True)
    context = client.get(reverse("site:leaflet", args=[leaflet.pk])).context
    assert ([code for code, _name in context["languages"]], context["readers"]) == (["en", "zh-hans"], 1)
    answer = client.post(reverse("site:leaflet-send", args=[leaflet.pk]), follow=True)
    assert [str(message) for message in answer.context["messages"]] == ["Sent. 1 person is told."]
    leaflet.refresh_from_db()
    assert (leaflet.state, leaflet.sent_by) == ("sent", manager)


def test_one_that_is_sent_is_not_made_again(client, building, manager):
    leaflet = LeafletFactory(building=building, sent=True)
    answer = client.post(reverse("site:leaflet-again", args=[leaflet.pk]), follow=True)
    assert "stays as its readers have it" in str(next(iter(answer.context["messages"])))
    assert "Make it again" not in answer.content.decode()


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_file_that_is_not_there_is_not_found(client, building, manager, language):
    leaflet = LeafletFactory(building=building, ready=language == "fr")
    assert client.get(reverse("site:leaflet-file", args=[leaflet.pk, language])).status_code == 404


def test_the_list_costs_the_same_with_one_and_with_three(client, building, manager, django_assert_max_num_queries):
    def printed(*months):
        for month in months:
            LeafletFactory(building=building, month=date(2026, month, 1), sent=True)
            LeafletFactory(building=building, month=date(2025, month, 1))

    printed(1)
    with django_assert_max_num_queries(100) as one:
        client.get(reverse("site:leaflets"))
    printed(2, 3)
    with django_assert_max_num_queries(len(one)):
        client.get(reverse("site:leaflets"))


def test_the_telephone_service_makes_none(client, building):
    client.force_login(StaffFactory(group="Customer service", development=building.development))
    assert client.get(reverse("site:leaflets")).status_code == 404
    assert ask(client, building).status_code == 404
