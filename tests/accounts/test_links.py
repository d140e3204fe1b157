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
