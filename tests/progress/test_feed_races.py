"""Several devices of one person fetch at the same moment."""

import pytest

from progress.feeds import actions
from progress.feeds.models import FeedEntry
from tests.concurrency import all_at_once, without_locks
from tests.factories import NOW, BuildingFactory, FeedFactory, OwnershipFactory
from tests.progress.test_milestones import windows


@pytest.fixture
def feed(transactional_db):
    step = windows(BuildingFactory())
    return FeedFactory(owner=OwnershipFactory(home=step.journey.home).owner)


def fetch_at_once(feed):
    def fetch(_device):
        return [(entry.pk, entry.sequence, entry.content["title"]) for entry in actions.entries_of(feed, at=NOW)]

    return all_at_once(fetch, range(6))


def test_all_are_told_the_same(feed):
    outcomes = fetch_at_once(feed)
    assert outcomes.raised == []
    (entry,) = FeedEntry.objects.all()
    assert outcomes.returned == [[(entry.pk, 0, "Planned: Windows in your home")]] * 6


@pytest.mark.postgresql
def test_without_the_lock_some_would_be_told_nothing(feed):
    with without_locks():
        assert fetch_at_once(feed).raised != []
