from uuid import uuid4

import pytest

from accounts.links import check_mac, make_mac

PK = uuid4()


def test_a_link_opens_what_it_was_made_for():
    assert check_mac("invitation", PK, 1, make_mac("invitation", PK, 1))


@pytest.mark.parametrize(
    "other",
    [("feed", PK, 1), ("invitation", uuid4(), 1), ("invitation", PK, 2)],
    ids=["another purpose", "another row", "a newer version"],
)
def test_a_link_opens_nothing_else(other):
    assert not check_mac(*other, make_mac("invitation", PK, 1))


@pytest.mark.parametrize(
    "wrong", ["", "x", "é", make_mac("invitation", PK, 1)[:-1]], ids=["none", "short", "accent", "cut"]
)
def test_a_mutilated_link_opens_nothing(wrong):
    assert not check_mac("invitation", PK, 1, wrong)


def test_another_key_makes_another_link(settings):
    before = make_mac("invitation", PK, 1)
    settings.SECRET_KEY = "another"
    assert make_mac("invitation", PK, 1) != before


def test_links_made_before_the_secret_was_replaced_go_on(settings):
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "an old one", []
    mac = make_mac("feed", 42, 3)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a new one", ["an old one"]
    assert (check_mac("feed", 42, 3, mac), check_mac("feed", 42, 4, mac)) == (True, False)
    settings.SECRET_KEY_FALLBACKS = []
    assert not check_mac("feed", 42, 3, mac)
