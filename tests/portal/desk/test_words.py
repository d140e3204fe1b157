"""What the desk's lists, filters and logs are called, in both languages: no raw names, no wrong plurals."""

import pytest
from django.urls import reverse

from accounts.events.actions import record
from portal.desk.today import CALLED
from progress.journeys.models import Journey
from progress.models import Home
from tests.portal.desk.conftest import VIEWSETS

pytestmark = pytest.mark.django_db


def filters_of(client, viewset):
    """The label of each filter in the list."""
    filters = client.get(reverse(f"{viewset}:index")).context["filters"]
    return [str(bound.label) for bound in filters.form] if filters else []


@pytest.mark.parametrize("viewset", VIEWSETS)
def test_no_filter_is_called_after_a_path_or_a_lookup(desk, viewset):
    for label in filters_of(desk, viewset):
        assert not {"null", "exact", "ownerships"} & set(label.lower().split()), label


def test_filters_are_called_after_the_field_that_they_end_at(desk):
    assert filters_of(desk, "desk_owner") == ["Development", "Language"]
    assert filters_of(desk, "desk_homedocument") == ["Development", "Kind", "For whom", "State"]
    assert filters_of(desk, "desk_journey") == ["Development", "Kind of work"]


def test_filters_offer_everything_in_words_rather_than_dashes(desk):
    html = desk.get(reverse("desk_home:index")).content.decode()
    assert "---------" not in html


@pytest.mark.parametrize(("state", "found"), [("shown", 1), ("withdrawn", 0), ("", 1)])
def test_documents_are_filtered_by_whether_they_are_shown(desk, state, found):
    page = desk.get(reverse("desk_homedocument:index"), {"state": state})
    assert len(page.context["page_obj"].object_list) == found


@pytest.mark.parametrize(
    ("model", "count", "label"),
    [(Journey, 1, "journey"), (Journey, 2, "journeys"), (Home, 1, "home"), (Home, 0, "homes")],
)
def test_counts_are_called_by_their_number(model, count, label):
    assert CALLED[model](count) == label


def test_the_log_of_a_row_is_in_words(desk, ours):
    record("ended", ours.rows["desk_ownership"], by=None, home=ours.home, reason="transfer")
    history = reverse("desk_ownership:history", args=[ours.rows["desk_ownership"].pk])
    assert "the home changed hands" in desk.get(history).content.decode()
