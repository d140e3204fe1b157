"""What is announced stands at the top of the front page while it is valid."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from progress.models import Role
from tests.factories import NOW, OwnershipFactory, UpdateFactory

pytestmark = pytest.mark.django_db
TUESDAY = NOW + timedelta(days=2)


@pytest.fixture(params=[Role.OWNER, Role.FAMILY, Role.TENANT])
def tie(client, request):
    tie = OwnershipFactory(role=request.param)
    client.force_login(tie.owner.user)
    return tie


def announcement(home, **fields):
    fields = {"kind": "announcement", "valid_until": TUESDAY, "title_en": "Water off", "title_zh": ""} | fields
    return UpdateFactory(development=home.development, homes=[home], **fields)


def front(client, at):
    with time_machine.travel(at):
        return client.get(reverse("home:front")).content.decode()


def test_it_stands_there_while_it_is_valid_and_leaves_by_itself(client, tie):
    announcement(tie.home, valid_from=NOW + timedelta(hours=1))
    shown = ["Water off" in front(client, at) for at in (NOW, NOW + timedelta(hours=1), TUESDAY)]
    assert shown == [False, True, False]


@pytest.mark.parametrize(
    ("fields", "tone"),
    [({}, "info"), ({"urgent": True}, "warning"), ({"urgent": True, "emergency": True}, "danger")],
)
def test_its_tone_says_how_pressing_it_is(client, tie, fields, tone):
    announcement(tie.home, **fields)
    html = front(client, NOW)
    assert f'<div class="alert" data-tone="{tone}"' in html
    assert html.index("Water off") < html.index("hero")


def test_it_is_opened_by_everyone_who_lives_there_and_noted(client, tie):
    update = announcement(tie.home)
    update.receipts.create(owner=tie.owner, told_at=NOW)
    response = client.get(reverse("home:update", args=[update.pk]))
    assert response.status_code == 200
    assert "Until" in response.content.decode()
    assert update.receipts.get().opened_at is not None


def test_it_is_not_the_newest_news(client, tie):
    announcement(tie.home)
    assert "Newest update" not in front(client, NOW)


def test_a_correction_stands_beside_it(client, tie):
    update = announcement(tie.home)
    UpdateFactory(
        development=tie.home.development, homes=[tie.home], kind="correction", corrects=update, title_en="On Wednesday"
    )
    html = front(client, NOW)
    assert "Corrected since" in html
    assert "On Wednesday" in html


def test_that_of_another_home_is_not_shown(client, tie):
    announcement(OwnershipFactory().home)
    assert "Water off" not in front(client, NOW)


def test_that_of_ones_other_home_is_shown_as_well_and_says_where(client, tie):
    other = OwnershipFactory(owner=tie.owner).home
    announcement(other)
    html = front(client, NOW)
    assert ("Water off" in html, f"{other.development} ·" in html) == (True, True)
