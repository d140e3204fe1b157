"""One line a request, with an id; nothing of the person."""

import json
import logging
import sys

import pytest
from structlog.testing import capture_logs

from portal.logs import NoPaths, without_messages
from tests.factories import OwnershipFactory

pytestmark = pytest.mark.django_db


def test_a_request_is_logged_by_route_without_path_or_person(client):
    ownership = OwnershipFactory(owner__user__name="Shen Yue")
    client.force_login(ownership.owner.user)
    with capture_logs() as lines:
        response = client.get(f"/my/homes/{ownership.home.pk}/?q=shen@example.com")
    [line] = [line for line in lines if line["event"] == "request"]
    assert (line["method"], line["route"], line["status"]) == ("GET", "home:home", response.status_code)
    assert "shen" not in json.dumps(line, default=str).lower()


def test_a_request_id_from_the_front_server_is_kept(client):
    assert client.get("/health/live", headers={"X-Request-ID": "abcdef-123"}).headers["X-Request-ID"] == "abcdef-123"


def test_a_request_id_that_would_break_the_log_is_replaced(client):
    given = "x" * 300
    assert client.get("/health/live", headers={"X-Request-ID": given}).headers["X-Request-ID"] != given


def test_an_exception_is_logged_without_its_message():
    try:
        raise ValueError("telephone 13800000000")
    except ValueError:
        event = without_messages(None, "error", {"event": "failed", "exc_info": sys.exc_info()})
    assert event["exception"] == "ValueError"
    assert "13800000000" not in json.dumps(event)


def test_django_s_own_line_with_the_path_is_dropped():
    record = logging.LogRecord("django.request", 30, "", 1, "Not Found: /invitation/secret/", (), None)
    assert NoPaths().filter(record) is False
