"""The log is read in the reader's language: every verb of the product is in the list of words."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from accounts.events.models import Event
from accounts.events.words import REASONS, VERBS, reason_in_words, verb_in_words

RECORDED = re.compile(r"""\b(?:record|record_each)\(\s*"([^"]+)\"""")
AS_VERB = re.compile(r"""\b(?:verb|LOOKED) = "([^"]+)\"""")


def test_every_verb_that_is_recorded_has_its_words():
    apps = [Path(settings.BASE_DIR, app) for app in ("accounts", "progress", "portal")]
    sources = [path for app in apps for path in app.rglob("*.py")]
    text = "\n".join(path.read_text() for path in sources)
    found = {*RECORDED.findall(text), *AS_VERB.findall(text)}
    assert found - set(VERBS) == set()
    assert {"published", "ended", "looked at"} <= found


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("transfer", REASONS["transfer"]),
        ("6b1f2c7e-0000-4000-8000-000000000001", ""),
        ("42", ""),
        ("He asked for it.", "He asked for it."),
        ("", ""),
    ],
)
def test_a_reason_is_in_words_and_never_an_id(reason, words):
    assert reason_in_words(Event(reason=reason)) == words


def test_a_verb_of_an_earlier_release_stays_as_it_was():
    assert verb_in_words(Event(verb="frobbed")) == "frobbed"
