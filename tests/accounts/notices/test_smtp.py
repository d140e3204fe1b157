"""Delivery to a real SMTP server: down, slow to take mail, and refusing."""

from collections import Counter
from datetime import timedelta
from unittest.mock import Mock

import pytest

from accounts.models import Address
from accounts.notices import channels, reasons
from accounts.notices.delivery import BATCH, GIVE_UP
from accounts.notices.models import Notice
from tests.factories import NOW, OwnerFactory

MINUTE = timedelta(minutes=1)


@pytest.fixture
def owner(db):
    owner = OwnerFactory(user=None)
    Address.objects.create(owner=owner, channel="email", value="shen@example.com")
    return owner


def wait(notice):
    """Until when the notice waits, in minutes from its first attempt."""
    notice.refresh_from_db()
    return (notice.next_try_at - NOW) / MINUTE


def test_a_batch_goes_through_one_connection(notify, run, smtp):
    notices = notify(*OwnerFactory.create_batch(5))
    run()
    assert (smtp.connections, sorted(smtp.message_ids())) == (1, sorted(f"<{each.pk}@localhost>" for each in notices))


def test_the_server_down_for_an_hour_loses_and_repeats_nothing(notify, work_now, smtp, time_machine):
    smtp.stop()
    time_machine.move_to(NOW, tick=False)
    notices = notify(*OwnerFactory.create_batch(60), kind="test")
    mails = Notice.objects.filter(channel="email")
    for _ in range(60):
        work_now()
        time_machine.shift(60)
    assert (mails.filter(state="queued").count(), mails.filter(claims__gt=0).count()) == (60, 0)
    assert Notice.objects.filter(channel="inbox", state="sent").count() == 60
    smtp.start()
    for _ in range(90):
        work_now()
        time_machine.shift(60)
    assert Counter(smtp.message_ids()) == {f"<{each.pk}@localhost>": 1 for each in notices if each.channel == "email"}
    assert (mails.filter(state="sent", claims=1).count(), Notice.objects.perhaps_repeated().count()) == (60, 0)


def test_a_server_that_is_down_is_tried_once_a_run(notify, run, smtp, monkeypatch):
    smtp.stop()
    notify(*OwnerFactory.create_batch(2 * BATCH))
    tries = Mock(wraps=channels.get_connection)
    monkeypatch.setattr(channels, "get_connection", tries)
    assert run() is False
    smtp.start()
    assert (tries.call_count, Notice.objects.filter(failures=1).count()) == (1, BATCH)


def test_pauses_grow(notify, run, owner, smtp):
    smtp.stop()
    [notice] = notify(owner)
    pauses, before = [], 0
    for _ in range(7):
        run(NOW + before * MINUTE)
        pauses.append(wait(notice) - before)
        before = wait(notice)
    smtp.start()
    assert pauses == [1, 5, 15, 60, 240, 240, 240]


def test_after_three_days_it_is_given_up(notify, run, owner, smtp):
    smtp.stop()
    [notice] = notify(owner)
    notice.failures = 6
    notice.save()
    run(NOW + GIVE_UP - MINUTE)
    notice.refresh_from_db()
    assert (notice.state, notice.reason) == ("queued", f"{reasons.UNREACHABLE} (ConnectionRefusedError)")
    run(notice.next_try_at)
    notice.refresh_from_db()
    smtp.start()
    assert (notice.state, notice.reason.partition(" (")[0]) == ("failed", reasons.GIVEN_UP)


def test_a_worker_that_was_off_for_days_gives_nothing_up(notify, run, owner, smtp, states):
    smtp.stop()
    notify(owner)
    run(NOW + 2 * GIVE_UP)
    smtp.start()
    run(NOW + 2 * GIVE_UP + MINUTE)
    assert states() == [("sent", "")]


def test_what_expires_while_the_server_is_down_ends_as_expired(notify, run, owner, smtp, states):
    smtp.stop()
    [notice] = notify(owner, expires=NOW + MINUTE / 2)
    run()
    assert wait(notice) == 0.5
    run(NOW + MINUTE / 2)
    smtp.start()
    assert states() == [("expired", reasons.TOO_LATE)]


@pytest.mark.parametrize(
    "answer", ["550 5.1.1 <Shen@Example.com>: no such user", "550 nobody here", "550 5.2.1 closed"]
)
def test_a_recipient_refused_fails_and_the_address_is_not_used_again(notify, run, owner, smtp, answer):
    smtp.answers["shen@example.com"] = answer
    [notice], other = notify(owner), OwnerFactory()
    notify(other)
    run()
    notice.refresh_from_db()
    reason = f"{reasons.REFUSED} ({answer.replace('Shen@Example.com', '…')})"
    assert (notice.state, notice.reason, Address.objects.get().suppressed_reason) == ("failed", reason, reason)
    assert [message["To"] for message in smtp.accepted] == [other.user.email]
    notify(owner, step="again")
    assert Notice.objects.get(key__contains=":again:").state == "suppressed"


def test_the_refused_address_of_a_login_is_noted_too(notify, run, smtp):
    owner = OwnerFactory()
    smtp.answers[owner.user.email] = "550 5.1.1 no such user"
    notify(owner)
    run()
    assert [(row.owner, row.value) for row in Address.objects.all()] == [(owner, owner.user.email)]
    assert sorted(each.state for each in notify(owner, step="again")) == ["failed", "suppressed"]


def test_relaying_denied_is_our_fault_and_not_the_addresss(notify, run, owner, smtp, states):
    smtp.answers["shen@example.com"] = "554 5.7.1 relaying denied"
    notify(owner)
    run()
    assert states() == [("failed", f"{reasons.REFUSED} (554 5.7.1 relaying denied)")]
    assert Address.objects.get().suppressed_reason == ""


@pytest.mark.parametrize("answer", ["450 4.2.1 try later", "452 4.2.2 mailbox full", "421 4.3.0 closing"])
def test_try_later_waits_and_holds_up_nobody(notify, run, owner, smtp, states, answer):
    smtp.answers["shen@example.com"] = answer
    [notice] = notify(owner)
    notify(OwnerFactory(), step="other")
    run()
    assert sorted(states()) == [("queued", f"{reasons.BUSY} ({answer})"), ("sent", "")]
    assert wait(notice) == 1
    smtp.answers.clear()
    run(NOW + MINUTE)
    assert Counter(smtp.message_ids()).most_common(1)[0][1] == 1


def test_a_message_refused_for_its_content_fails(notify, run, owner, smtp, states):
    smtp.data_answer = "554 5.6.0 not like this"
    notify(owner)
    run()
    assert states() == [("failed", f"{reasons.REFUSED} (554 5.6.0 not like this)")]
    assert Address.objects.get().suppressed_reason == ""


def test_a_server_that_does_not_answer_is_left_after_the_timeout(notify, run, owner, smtp, settings, states):
    settings.EMAIL_TIMEOUT = 0.3
    notify(owner)
    smtp.stall(nth=1, accepted=False)
    run()
    assert states() == [("queued", f"{reasons.UNREACHABLE} (SMTPServerDisconnected)")]
    smtp.go_on()
    run(NOW + MINUTE)
    assert (states(), len(smtp.accepted)) == ([("sent", "")], 1)
