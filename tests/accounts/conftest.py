"""Coming in through the door as people do."""

import json
import re

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core import mail
from django.urls import reverse

PASSWORD = "lantern under the eaves"


@pytest.fixture(autouse=True)
def just_come_in():
    """Here a test's `force_login` proves nothing: these are the tests of proving."""


@pytest.fixture
def sign_in(client):
    """A function that logs a user in by password, as a browser would, and returns the last response."""

    def by_password(user, **query):
        user.set_password(PASSWORD)
        user.save()
        login = {"login": user.email or user.phone.as_e164, "password": PASSWORD}
        return client.post(reverse("account_login", query=query), login)

    return by_password


@pytest.fixture
def texts(settings, tmp_path):
    """A function that lists (number, text) of what the file gateway has sent."""
    settings.SMS_GATEWAY = "accounts.sms.FileGateway"
    settings.DATA_DIR = tmp_path

    def sent():
        path = tmp_path / "sms" / "messages.jsonl"
        lines = [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
        return [(line["to"], line["text"]) for line in lines]

    return sent


def code_in(text):
    return re.search(r"\b\d{6}\b", text)[0]


def mailed_code():
    return code_in(mail.outbox[-1].body)


def totp_of(secret):
    """What the authenticator app shows now."""
    return format_hotp_value(hotp_value(secret, list(yield_hotp_counters_from_time())[1]))


def token_free(response):
    """The page without what differs each time: the token of its forms."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())
