"""Fixtures that every part of the suite shares."""

import pytest

from accounts.models import Channel
from accounts.notices.models import Notice
from tests.factories import OwnershipFactory, UserFactory

pytest_plugins = ["tests.database"]


@pytest.fixture
def told():
    """Who was told what: a function that lists (owner or user, kind) once a person, in the order of telling."""

    def listed():
        notices = Notice.objects.filter(channel=Channel.INBOX).order_by("created_at", "key")
        return [(notice.owner or notice.user, notice.kind) for notice in notices]

    return listed


@pytest.fixture
def stranger(db):
    """A login with a home of their own, in another development."""
    return OwnershipFactory(owner__user=UserFactory(name="A stranger")).owner.user
