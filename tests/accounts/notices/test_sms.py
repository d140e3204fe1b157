import json

import pytest

from accounts import sms


@pytest.fixture
def folder(settings, tmp_path):
    settings.DATA_DIR, settings.SMS_GATEWAY = tmp_path, "accounts.sms.FileGateway"
    return tmp_path / "sms"


def test_the_file_gateway_writes_a_line_a_message(folder):
    sms.gateway().send("+8613800000001", "验证码\n123456", "a")
    sms.gateway().send("+8613800000002", "654321", "b")
    lines = (folder / "messages.jsonl").read_text().splitlines()
    assert [json.loads(line) for line in lines] == [
        {"to": "+8613800000001", "text": "验证码\n123456", "reference": "a"},
        {"to": "+8613800000002", "text": "654321", "reference": "b"},
    ]
    assert (folder / "messages.jsonl").stat().st_mode & 0o077 == 0


def test_a_disk_that_takes_nothing_is_a_temporary_error(folder):
    folder.write_text("a file where the folder should be")
    with pytest.raises(sms.SmsError) as raised:
        sms.gateway().send("+8613800000001", "123456", "a")
    assert raised.value.temporary


def test_without_a_gateway_there_are_no_text_messages(settings):
    settings.SMS_GATEWAY = ""
    assert not sms.sms_available()
    with pytest.raises(sms.SmsError, match="No SMS gateway"):
        sms.gateway()


def test_every_gateway_must_say_how_it_sends():
    with pytest.raises(NotImplementedError):
        sms.Gateway().send("+8613800000001", "123456", "a")
