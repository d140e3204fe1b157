from pathlib import Path

import pytest

from accounts.models import Owner
from accounts.notices import kinds


def test_a_kind_is_found_by_its_code():
    assert (kinds.get("test").code, kinds.get("test").model) == ("test", Owner)


def test_two_kinds_of_one_code_are_refused():
    with pytest.raises(ValueError, match="Two kinds of notices are called 'test'"):
        kinds.register("test")(type("Another", (kinds.Kind,), {}))


def test_a_kind_says_little_until_it_is_told_what():
    kind = type("Bare", (kinds.Kind,), {"label": "Bare", "model": Owner})()
    subject = Owner()
    assert (kind.title(subject), kind.paragraphs(subject), kind.url(subject), kind.sms(subject)) == (
        "Bare",
        [],
        "",
        "Bare",
    )
    assert (kind.still_true(subject), kind.still_concerns(subject, Owner())) == (True, True)


def test_mail_of_the_demonstration_lies_in_the_data_folder(settings):
    assert Path(settings.EMAIL_FILE_PATH) == settings.DATA_DIR / "mail"
