"""What every answer carries, and what production refuses."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

from portal.security import policy
from tests.factories import OwnershipFactory, StaffFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("url", ["/account/login/", "/en/", "/zh-hans/", "/my/", "/health/live", "/nowhere/"])
def test_owner_and_public_pages_have_a_policy_without_unsafe(client, url):
    client.force_login(OwnershipFactory().owner.user) if url == "/my/" else None
    headers = client.get(url).headers
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert headers["Permissions-Policy"].startswith("camera=()")
    assert (headers["X-Content-Type-Options"], headers["Referrer-Policy"]) == ("nosniff", "same-origin")


def test_the_desk_has_a_policy_of_its_own(client):
    client.force_login(StaffFactory())
    desk = client.get("/desk/").headers["Content-Security-Policy"]
    assert desk == policy(settings.SECURE_CSP_BY_PREFIX["/desk/"])
    assert "unsafe-eval" not in desk


def test_an_owner_s_page_is_kept_by_no_shared_cache(client):
    client.force_login(OwnershipFactory().owner.user)
    assert "private" in client.get("/my/").headers["Cache-Control"]


def manage(*arguments, **environment):
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        env=kept | {"PORTAL_MODE": "production"} | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_production_names_everything_that_is_missing():
    error = manage("check").stderr
    assert "SECRET_KEY, ALLOWED_HOSTS, DATABASE_URL" in error


def test_production_names_the_one_thing_that_is_missing():
    error = manage("check", SECRET_KEY="x" * 60, ALLOWED_HOSTS="homes.example").stderr
    assert "Production mode needs DATABASE_URL in the environment" in error


def test_production_passes_django_s_own_review(tmp_path):
    result = manage(
        "check", "--deploy", "--fail-level", "WARNING",
        SECRET_KEY="k3y-" + "abcdefghijklmnopqrstuvwxyz0123456789" * 2,
        ALLOWED_HOSTS="homes.example",
        DATABASE_URL=f"sqlite:///{tmp_path}/portal.sqlite3",
        PORTAL_DATA=str(tmp_path),
    )  # fmt: skip
    assert (result.returncode, result.stderr) == (0, "")


def test_an_unknown_mode_is_refused():
    assert "PORTAL_MODE is 'live'" in manage("check", PORTAL_MODE="live").stderr
