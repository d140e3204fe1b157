"""One material for a whole building: counted first, noted when somebody agrees to what was counted."""

import re

import pytest
from django.urls import reverse

from progress.materials.models import Material
from tests.factories import BuildingFactory, HomeFactory, StaffFactory

pytestmark = pytest.mark.django_db


def test_it_is_noted_with_the_second_press(client):
    building = BuildingFactory()
    HomeFactory.create_batch(2, building=building, development=building.development)
    client.force_login(StaffFactory(group="Site managers", development=building.development))
    given = {"building": building.pk, "maker": "Geberit", "product": "Duofix", "batch": "A1"}
    page = client.post(reverse("desk_material:many"), given).content.decode()
    assert 'value="Geberit"' in page
    assert Material.objects.count() == 0
    seen = re.search(r'name="seen" value="(\w+)"', page)[1]
    client.post(reverse("desk_material:many"), given | {"seen": seen})
    assert Material.objects.count() == 2
