"""Two owners of a home answer at the same moment, and two workers remind at the same moment."""

from datetime import datetime, time, timedelta
from time import sleep
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError

from accounts.notices.models import Notice
from progress.designs import answering
from progress.designs.errors import DesignError
from progress.designs.models import Answer, DesignChange
from progress.designs.tasks import remind_of_design_changes
from progress.models import Role
from tests.concurrency import all_at_once, without_locks
from tests.factories import NOW, DesignChangeFactory, OwnershipFactory


@pytest.fixture
def owners(transactional_db):
    tie = OwnershipFactory()
    return [tie, OwnershipFactory(home=tie.home, role=Role.CO_OWNER)]


@pytest.fixture
def change(owners):
    return DesignChangeFactory(homes=[owners[0].home])


@pytest.fixture
def slowly():
    """Between what is read and what is written there is time for others."""
    may_answer = answering.may_answer

    def wait(*args):
        found = may_answer(*args)
        sleep(0.3)
        return found

    with patch.object(answering, "may_answer", wait):
        yield


def answer_at_once(change, owners):
    def one(tie):
        return answering.acknowledge(change, home=tie.home, seen=1, by=tie.owner.user, at=NOW)

    return all_at_once(one, owners)


def test_the_home_gives_one_answer_and_the_other_owner_reads_who_gave_it(change, owners, slowly):
    outcomes = answer_at_once(change, owners)
    assert (len(outcomes.returned), outcomes.raised, Answer.objects.count()) == (1, [DesignError], 1)


@pytest.mark.postgresql
def test_without_locks_the_database_alone_stops_the_second(change, owners, slowly):
    with without_locks():
        outcomes = answer_at_once(change, owners)
    assert (len(outcomes.returned), outcomes.raised, Answer.objects.count()) == (1, [IntegrityError], 1)


def test_two_workers_remind_once(change, owners):
    day = DesignChange.objects.get(pk=change.pk).answer_by - timedelta(days=3)
    at = datetime.combine(day, time(9), tzinfo=ZoneInfo("Asia/Shanghai"))
    all_at_once(lambda moment: remind_of_design_changes(at=moment), [at, at])
    assert Notice.objects.filter(channel="inbox").count() == len(owners)
