"""A mail server of our own, and the few moves that every test of this folder makes."""

import pytest
from django.utils import timezone

from accounts.notices.actions import tell
from accounts.notices.delivery import deliver
from accounts.notices.models import Notice
from tests.factories import NOW, OwnerFactory

from . import kinds  # noqa: F401  registers them
from .server import MailServer


@pytest.fixture
def subject(db):
    return OwnerFactory(name="Subject", user=None)


@pytest.fixture
def notify(subject):
    """Tell owners of the subject: `notify(owner, …)`, by mail unless `kind` says otherwise."""

    def notify(*people, kind="test-mail", about=subject, at=NOW, **options):
        tell(people, kind, about, at=at, **options)
        return list(Notice.objects.filter(kind=kind).order_by("created_at", "pk"))

    return notify


@pytest.fixture
def run():
    """Deliver what is due at `at`, by the clock of the test (default: NOW)."""

    def run(at=NOW):
        return deliver(clock=lambda: at)

    return run


@pytest.fixture
def server():
    """A real SMTP server on this machine."""
    with MailServer() as server:
        yield server


@pytest.fixture
def smtp(server, settings):
    """The same, with this process's mail going there."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = server.host, server.port
    return server


@pytest.fixture
def states():
    """(state, reason) of every notice, in the order of their keys."""
    return lambda: list(Notice.objects.order_by("key").values_list("state", "reason"))


@pytest.fixture
def work_now():
    """Deliver by the real clock, or the one that time-machine shows."""
    return lambda: deliver(clock=timezone.now)
