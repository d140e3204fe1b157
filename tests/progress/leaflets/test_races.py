"""One colleague sends a leaflet while another has it made anew."""

from time import sleep
from unittest.mock import patch

import pytest

from progress.leaflets import actions
from progress.leaflets.actions import LeafletError
from tests.concurrency import all_at_once, without_locks
from tests.factories import NOW, BuildingFactory, LeafletFactory, UserFactory


@pytest.fixture
def leaflet(transactional_db):
    building = BuildingFactory()
    return LeafletFactory(development=building.development, building=building, ready=True)


@pytest.fixture
def slowly():
    """Between what is read and what is written there is time for others."""
    begin = actions._begin

    def wait(*args, **kwargs):
        sleep(0.4)
        return begin(*args, **kwargs)

    with patch.object(actions, "_begin", wait):
        yield


def at_once(leaflet):
    user = UserFactory()

    def again():
        return actions._ask(leaflet.place, leaflet.month, has_news=True, by=user, at=NOW)

    def send():
        sleep(0.1)
        return actions.send_leaflet(leaflet, by=user, at=NOW)

    with patch.object(actions, "said_since", lambda *args: False):
        outcomes = all_at_once(lambda act: act(), [again, send])
    leaflet.refresh_from_db()
    return len(outcomes.returned), outcomes.raised


def test_what_is_made_anew_is_not_sent_and_what_is_sent_stays(leaflet, slowly):
    assert at_once(leaflet) == (1, [LeafletError])


@pytest.mark.postgresql
def test_without_the_lock_a_leaflet_would_be_sent_that_is_there_no_more(leaflet, slowly):
    with without_locks():
        assert at_once(leaflet) == (2, [])
    assert (leaflet.state, leaflet.file_en) == ("waiting", None)
