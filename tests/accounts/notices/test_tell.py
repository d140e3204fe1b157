from datetime import timedelta

import pytest
from django.db import transaction
from django_q.models import OrmQ

from accounts.models import Address, Channel, Owner, User
from accounts.notices.actions import mark_read, tell, try_again
from accounts.notices.kinds import UnknownKindError
from accounts.notices.models import Notice
from accounts.notices.reasons import ADDRESS_SUPPRESSED, NO_ADDRESS, NO_SMS
from tests.factories import NOW, OwnerFactory, UserFactory

QUEUED = ("queued", "")


class TestTell:
    def test_writes_one_row_a_person_and_channel(self, notify, subject):
        owner = OwnerFactory()
        notify(owner, kind="test")
        assert sorted(Notice.objects.values_list("key", "owner", "channel", "subject_kind", "subject_id")) == [
            (f"test:{subject.pk}:{owner.pk}:{channel}", owner.pk, channel, "accounts.owner", str(subject.pk))
            for channel in ("email", "inbox")
        ]

    def test_a_step_stands_in_the_key(self, notify, subject):
        owner = OwnerFactory()
        [notice] = notify(owner, step="7-days")
        assert notice.key == f"test-mail:{subject.pk}:7-days:{owner.pk}:email"

    def test_said_twice_is_written_once(self, notify):
        owners = OwnerFactory.create_batch(2)
        notify(*owners, kind="test")
        Notice.objects.update(state="sent", sent_at=NOW)
        notify(*owners, OwnerFactory(), kind="test")
        assert sorted(Notice.objects.values_list("state", flat=True)) == ["queued"] * 2 + ["sent"] * 4

    def test_logins_are_told_as_owners_are(self, notify):
        user = UserFactory()
        [notice] = notify(user)
        assert (notice.user, notice.owner, notice.state) == (user, None, "queued")

    def test_an_erased_owner_is_left_out(self, notify):
        assert notify(OwnerFactory(erased_at=NOW), kind="test") == []
        assert OrmQ.objects.count() == 0

    def test_one_erased_since_the_caller_looked_is_left_out(self, notify):
        owner = OwnerFactory()
        Owner.objects.update(erased_at=NOW)
        assert notify(owner, kind="test") == []

    def test_without_an_address_a_suppressed_row_says_so(self, notify, states):
        notify(OwnerFactory(user=None), kind="test")
        assert states() == [("suppressed", NO_ADDRESS), QUEUED]

    def test_a_suppressed_address_is_not_used_though_it_is_the_logins(self, notify, states):
        owner = OwnerFactory()
        Address.objects.create(owner=owner, channel="email", value=owner.user.email.upper(), suppressed_reason="550")
        notify(owner)
        assert states() == [("suppressed", ADDRESS_SUPPRESSED)]

    def test_without_a_gateway_text_messages_are_suppressed(self, notify, states, settings):
        settings.SMS_GATEWAY = ""
        notify(OwnerFactory(user__phone="+8613800000001"), kind="test-sms")
        assert states() == [("suppressed", NO_SMS)]

    def test_a_telephone_number_alone_is_enough_for_text_messages(self, notify, states):
        notify(OwnerFactory(user__phone="+8613800000001", user__email=None), kind="test-sms")
        assert states() == [QUEUED]

    def test_an_unknown_kind_is_refused(self, subject):
        with pytest.raises(UnknownKindError):
            tell([OwnerFactory()], "no-such-kind", subject, at=NOW)

    @pytest.mark.parametrize("number", [1, 3])
    def test_the_number_of_queries_does_not_grow(self, number, subject, django_assert_num_queries):
        owners = OwnerFactory.create_batch(number)
        for owner in owners:
            Address.objects.create(owner=owner, channel=Channel.EMAIL, value=f"{owner.pk}@example.com")
        # savepoint, the people, then afresh: with logins, their addresses, the logins', what they chose; rows, task,
        # savepoint
        with django_assert_num_queries(9):
            tell(Owner.objects.exclude(pk=subject.pk), "test", subject, at=NOW)
        assert Notice.objects.count() == 2 * number


class TestQueue:
    def test_one_task_is_queued_however_many_are_told(self, notify):
        notify(*OwnerFactory.create_batch(3), kind="test")
        assert [task.func() for task in OrmQ.objects.all()] == ["accounts.notices.tasks.deliver_due"]

    def test_a_rollback_takes_rows_and_task_back(self, notify):
        owner = OwnerFactory()
        with transaction.atomic():
            notify(owner, kind="test")
            transaction.set_rollback(True)
        assert (Notice.objects.count(), OrmQ.objects.count()) == (0, 0)

    def test_what_is_due_later_waits_for_the_sweep(self, notify):
        [notice] = notify(OwnerFactory(), due=NOW + timedelta(hours=1))
        assert (notice.next_try_at, OrmQ.objects.count()) == (NOW + timedelta(hours=1), 0)


class TestInbox:
    @pytest.fixture
    def owner(self, notify, run):
        owner = OwnerFactory()
        notify(owner, OwnerFactory(), kind="test")
        run()
        return owner

    def test_holds_what_was_sent_to_this_person(self, owner):
        inbox = Notice.objects.for_user(owner.user).inbox()
        assert [(notice.title, notice.url) for notice in inbox] == [("Your windows are in", "/my/")]

    def test_is_read_once(self, owner):
        mine = Notice.objects.for_user(owner.user).inbox()
        mark_read(mine.get(), at=NOW)
        mark_read(mine.get(), at=NOW + timedelta(days=1))
        assert (mine.unread().count(), mine.get().read_at) == (0, NOW)

    def test_holds_what_a_login_was_told(self, notify, run):
        user = UserFactory()
        notify(user, kind="test")
        run()
        assert Notice.objects.for_user(user).inbox().count() == 1

    def test_of_an_erased_owner_is_empty(self, owner):
        Owner.objects.filter(pk=owner.pk).update(erased_at=NOW)
        assert list(Notice.objects.for_user(User.objects.get(pk=owner.user_id))) == []


class TestTryAgain:
    def test_a_failed_notice_is_queued_anew(self, notify, run, mailoutbox):
        [notice] = notify(OwnerFactory())
        Notice.objects.update(state="failed", reason="dead letter", claims=3)
        assert try_again(notice, by=UserFactory(), at=NOW)
        run()
        notice.refresh_from_db()
        assert (notice.state, notice.claims, len(mailoutbox)) == ("sent", 1, 1)

    def test_one_that_was_sent_is_not(self, notify, run, mailoutbox):
        [notice] = notify(OwnerFactory())
        run()
        assert not try_again(notice, by=UserFactory(), at=NOW)
        run()
        assert len(mailoutbox) == 1


def test_whoever_has_no_mail_address_gets_a_text_message_instead(subject, notify):
    owner = OwnerFactory(user=None)
    owner.addresses.create(channel=Channel.SMS, value="+8613800000001")
    channels = {notice.channel for notice in notify(owner, kind="test")}
    assert channels == {Channel.INBOX, Channel.SMS}
