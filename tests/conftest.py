"""Fixtures that every part of the suite shares."""

import time

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.account.internal.flows.login import record_authentication
from django.contrib.auth.signals import user_logged_in
from hypothesis import settings as hypothesis_settings

from accounts.models import Channel
from accounts.notices.models import Notice
from accounts.sessions import NOTED
from tests.factories import OwnershipFactory, UserFactory

pytest_plugins = ["tests.database", "tests.pace"]
hypothesis_settings.register_profile("full", max_examples=20_000, deadline=None)  # for tests/bench/bench_properties.py


@pytest.fixture(autouse=True)
def just_come_in():
    """Whoever a test lets in by `force_login` has just proved who they are, as people do who come through the door."""

    def prove(sender, request, user, **kwargs):
        if AUTHENTICATION_METHODS_SESSION_KEY not in request.session:
            record_authentication(request, user, method="password")
            request.session[NOTED] = int(time.time())  # no query more on the first page than on the second

    user_logged_in.connect(prove, weak=False, dispatch_uid="just_come_in")
    yield
    user_logged_in.disconnect(dispatch_uid="just_come_in")


@pytest.fixture
def long_in():
    """A function that makes a client's proof a thing of the past: they are logged in, and asked again."""

    def forget(client):
        session = client.session
        del session[AUTHENTICATION_METHODS_SESSION_KEY]
        session.save()

    return forget


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
