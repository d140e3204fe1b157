"""Names that are written in both languages."""

import pytest
from django.utils.translation import override

from accounts.languages import half_of
from tests.factories import BuildingFactory


@pytest.mark.parametrize(
    ("name", "english", "chinese"),
    [
        ("Building 3 · 3号楼", "Building 3", "3号楼"),
        ("3号楼 · Building 3", "Building 3", "3号楼"),
        ("Building 3", "Building 3", "Building 3"),
        ("3号楼", "3号楼", "3号楼"),
        ("3号楼 · 东", "3号楼 · 东", "3号楼 · 东"),
        ("North · South · 3号楼", "North · South · 3号楼", "North · South · 3号楼"),
    ],
)
def test_of_a_name_in_both_languages_the_reader_sees_their_half(name, english, chinese):
    with override("en"):
        assert half_of(name) == english
    with override("zh-hans"):
        assert half_of(name) == chinese


@pytest.mark.django_db
def test_a_building_is_called_what_its_owners_call_it():
    building = BuildingFactory(development__name_en="Elm Court", name="Building 3 · 3号楼")
    assert (str(building), building.name) == ("Elm Court, Building 3", "Building 3 · 3号楼")
