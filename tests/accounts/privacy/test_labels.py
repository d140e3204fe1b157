"""What fields are called on the page of what is held."""

import pytest

from accounts.privacy.labels import in_words
from accounts.privacy.registry import erased_first


@pytest.mark.parametrize(
    ("verbose_name", "words"), [("ip", "IP address"), ("user agent", "browser"), ("e-mail", "e-mail")]
)
def test_a_name_that_django_made_up_gives_way_to_words(verbose_name, words):
    assert in_words(verbose_name) == words


def test_no_name_of_a_column_is_shown():
    shown = {
        in_words(each.model._meta.get_field(name).verbose_name).lower()
        for each in erased_first()
        for name in each.personal
    }
    assert not shown & {"ip", "url", "data", "dismissibles", "subject id", "user agent", "key hash"}
