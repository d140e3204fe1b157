"""Materials on the owners' pages, and on the desk: entering, publishing a recall, who has read it."""

import pytest
from django.urls import reverse

from progress.materials.finding import spread
from progress.materials.models import Material, Recall, RecalledHome
from progress.promises.models import Promise
from tests.factories import NOW, HomeFactory, OwnershipFactory, StaffFactory
from tests.progress.material_factories import MaterialFactory, RecallFactory, published

pytestmark = pytest.mark.django_db


@pytest.fixture
def tie():
    return OwnershipFactory()


@pytest.fixture
def owner(client, tie):
    client.force_login(tie.owner.user)
    return client


@pytest.fixture
def desk(client):
    client.force_login(StaffFactory(group="Supervisors", everywhere=True))
    return client


def listed(client, home, **query):
    response = client.get(reverse("home:materials", args=[home.pk]), query)
    return [row.product for _room, rows in response.context["groups"] for row in rows]


def test_owners_find_what_is_built_in_by_maker_batch_and_room_and_nothing_of_others(owner, tie):
    MaterialFactory(home=tie.home, maker="立邦", product="Wall paint 5L", batch="ＧＨ-77")
    MaterialFactory(home=tie.home)
    MaterialFactory(product="Neighbour")
    assert sorted(listed(owner, tie.home)) == ["Boiler 24", "Wall paint 5L"]
    assert listed(owner, tie.home, q="立邦 gh-77") == ["Wall paint 5L"]
    found = owner.get(reverse("home:search"), {"q": "paint neighbour"}).context["groups"]
    assert found == []
    found = owner.get(reverse("home:search"), {"q": "wall paint"}).context["groups"]
    assert [(source.code, [hit.title for hit in hits]) for source, hits, _more in found] == [
        ("materials", ["立邦 Wall paint 5L"])
    ]


def test_a_recall_stands_on_the_first_page_until_it_is_read(owner, tie):
    MaterialFactory(home=tie.home)
    published()
    spread(at=NOW)
    found, front = RecalledHome.objects.get(), reverse("home:home", args=[tie.home_id])
    assert "Boilers may leak gas" in owner.get(front).content.decode()
    html = owner.get(reverse("home:recall", args=[found.pk])).content.decode()
    assert ("Switch it off and open a window." in html, "Boiler 24" in html) == (True, True)
    assert found.warnings.get().seen_at is not None
    assert "Boilers may leak gas" not in owner.get(front).content.decode()


def test_three_materials_cost_as_many_queries_as_one(owner, tie, django_assert_max_num_queries):
    def queries():
        with django_assert_max_num_queries(40) as captured:
            listed(owner, tie.home)
        return len(captured)

    MaterialFactory(home=tie.home)
    queries()
    one = queries()
    MaterialFactory(home=tie.home, batch="2")
    MaterialFactory(home=tie.home, batch="3")
    assert queries() == one


def test_a_building_is_counted_before_it_is_noted(desk):
    first = MaterialFactory(batch="")
    HomeFactory.create_batch(2, building=first.home.building)
    url, given = reverse("desk_material:many"), {"building": first.home.building_id}
    given |= {"maker": "nimbus", "product": "Boiler 24"}
    counted = desk.post(url, given)
    assert (counted.context["count"], counted.context["have"], Material.objects.count()) == (2, 1, 1)
    seen = counted.context["form"]["seen"].value()
    assert desk.post(url, given | {"seen": seen, "product": "Other"}).context["count"] == 3
    assert desk.post(url, given | {"seen": seen}).status_code == 302
    assert Material.objects.count() == 3


def test_a_recall_is_written_looked_at_and_published_by_somebody_else(desk, client):
    OwnershipFactory(home=MaterialFactory().home)
    MaterialFactory(product="Boiler 24 S")
    given = {
        "maker": "Nimbus",
        "product": "Boiler 24",
        "title_en": "Boilers may leak gas",
        "todo_en": "Off.",
        "days": 5,
    }
    page = desk.post(reverse("desk_recall:add"), given, follow=True)
    recall = Recall.objects.get()
    assert (page.context["count"], page.context["may_publish"], list(page.context["near"])) == (
        *(1, False),
        [("Boiler 24 S", "B-10", 1)],
    )
    client.force_login(StaffFactory(group="Supervisors", everywhere=True))
    publish = reverse("desk_recall:publish", args=[recall.pk])
    client.post(publish, {"seen": "7"})
    assert Recall.objects.get().is_draft
    client.post(publish, {"seen": "1"})
    spread(at=NOW)
    shown = client.get(reverse("desk_recall:inspect", args=[recall.pk])).context
    assert [(row.told, row.read) for row in shown["found"]] == [(1, 0)]
    found = RecalledHome.objects.get()
    done = {"outcome_en": "Exchanged.", "replaced": [found.materials.get().pk]}
    client.post(reverse("desk_recalledhome:done", args=[found.pk]), done)
    assert Promise.objects.get().outcome == "Exchanged."
    assert client.post(reverse("desk_recall:edit", args=[recall.pk]), given).status_code == 200


def test_what_is_wrong_stands_on_the_form(desk):
    first = MaterialFactory()
    given = {"home": first.home_id, "component": "", "maker": "ＮＩＭＢＵＳ", "product": "boiler 24", "batch": "b-10"}
    page = desk.post(reverse("desk_material:add"), given).content.decode()
    assert "This material is noted for this home already." in page
    given = {"maker": "Nimbus", "first_batch": "B-10", "last_batch": "B-9", "days": 5}
    page = desk.post(reverse("desk_recall:add"), given).content.decode()
    assert "The last batch comes before the first." in page
    del given["last_batch"]
    assert (
        "Please write a title in at least one language."
        in desk.post(reverse("desk_recall:add"), given).content.decode()
    )


def test_three_homes_of_a_recall_cost_as_many_queries_as_one(desk, django_assert_max_num_queries):
    recall = published(RecallFactory(written_by=StaffFactory(group="Supervisors")))
    url = reverse("desk_recall:inspect", args=[recall.pk])

    def queries(homes):
        for _each in range(homes):
            OwnershipFactory(home=MaterialFactory().home)
        spread(at=NOW)
        desk.get(url)
        with django_assert_max_num_queries(60) as captured:
            assert len(desk.get(url).context["found"]) == recall.homes.count()
        return len(captured)

    assert queries(1) == queries(2)
