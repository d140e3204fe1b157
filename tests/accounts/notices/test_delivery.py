from datetime import datetime, timedelta
from unittest.mock import Mock
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django_q.models import OrmQ

from accounts import sms
from accounts.models import Address, Owner
from accounts.notices import book, delivery, kinds, reasons
from accounts.notices.actions import queue_delivery, tell
from accounts.notices.delivery import BATCH, BUDGET, LEASE
from accounts.notices.models import Notice
from accounts.notices.tasks import deliver_due, sweep
from accounts.privacy import retention
from tests.factories import NOW, InvitationFactory, OwnerFactory, UserFactory

SHANGHAI = ZoneInfo("Asia/Shanghai")
MIDNIGHT = datetime(2026, 11, 22, 0, 0, tzinfo=SHANGHAI)
MINUTE = timedelta(minutes=1)
ELSEWHERE = "7e0f7e39-7d5b-4f0c-8d5e-1f3f7f6b0d11"  # another worker's token


@pytest.fixture
def written(monkeypatch):
    """[(what became of one, how many stood there as sent by then)] of all that ended otherwise."""

    def finish(notice, write=delivery._finish, **fields):
        found.append((fields.get("state", "put off"), Notice.objects.filter(state="sent").count()))
        write(notice, **fields)

    found = []
    monkeypatch.setattr(delivery, "_finish", finish)
    return found


class TestDelivery:
    def test_ends_as_sent_with_the_text_kept(self, notify, run, mailoutbox):
        [notice] = notify(OwnerFactory(name="Shen Yue"))
        assert run() is False
        notice.refresh_from_db()
        assert (notice.state, notice.sent_at, notice.claims, notice.lease) == ("sent", NOW, 1, None)
        assert (notice.title, notice.text, notice.url) == ("Your windows are in", mailoutbox[0].body, "/my/")

    def test_run_twice_sends_once(self, notify, run, mailoutbox):
        notify(*OwnerFactory.create_batch(2))
        run()
        run()
        assert len(mailoutbox) == 2

    def test_the_task_runs_by_the_real_clock(self, notify, mailoutbox, time_machine):
        time_machine.move_to(NOW, tick=False)
        notify(OwnerFactory())
        deliver_due()
        assert Notice.objects.get().sent_at == NOW

    def test_more_than_a_batch_is_delivered(self, notify, run, mailoutbox):
        notify(*OwnerFactory.create_batch(BATCH + 2))
        run()
        assert len({message.to[0] for message in mailoutbox}) == BATCH + 2

    def test_out_of_time_the_rest_is_given_back_and_left_to_the_next_task(
        self, notify, mailoutbox, monkeypatch, time_machine
    ):
        def slow(subject):
            time_machine.shift(BUDGET)
            return "A title"

        time_machine.move_to(NOW, tick=False)
        notify(*OwnerFactory.create_batch(3))
        monkeypatch.setattr(kinds.get("test-mail"), "title", slow, False)
        OrmQ.objects.all().delete()
        deliver_due()
        assert (len(mailoutbox), OrmQ.objects.count()) == (1, 1)
        assert Notice.objects.filter(state="queued", lease=None, claims=0).count() == 2

    def test_addresses_and_subjects_are_fetched_for_the_batch(self, notify, run, django_assert_max_num_queries):
        owners = OwnerFactory.create_batch(10)
        for owner in owners:
            Address.objects.create(owner=owner, channel="email", value=f"{owner.pk}@example.com")
        notify(*owners)
        # one write a notice (its claim, and the result of the one before); for the batch: lease, people, addresses, end
        with django_assert_max_num_queries(10 + 16):
            run()

    def test_a_notice_in_another_workers_hands_is_left_there(self, notify, run, mailoutbox):
        notify(OwnerFactory())
        Notice.objects.update(lease=ELSEWHERE, leased_until=NOW + LEASE)
        run()
        assert mailoutbox == []
        run(NOW + LEASE)
        assert len(mailoutbox) == 1

    def test_a_lease_lost_meanwhile_is_noticed_before_sending(self, notify, run, mailoutbox, monkeypatch):
        def title(subject):
            Notice.objects.filter(state="queued", claims=0).update(lease=ELSEWHERE)
            return "A title"

        notify(*OwnerFactory.create_batch(3))
        monkeypatch.setattr(kinds.get("test-mail"), "title", title, False)
        run()
        assert sorted(Notice.objects.values_list("state", "claims")) == [("queued", 0)] * 2 + [("sent", 1)]
        assert len(mailoutbox) == 1

    def test_three_claims_without_a_result_make_a_dead_letter(self, notify, run, mailoutbox, states):
        notify(OwnerFactory(), OwnerFactory())
        Notice.objects.filter(pk=Notice.objects.order_by("key").first().pk).update(claims=3)
        run()
        assert states() == [("failed", reasons.DEAD_LETTER), ("sent", "")]
        assert Notice.objects.undelivered().count() == 1

    def test_what_was_sent_is_written_before_the_next_is_a_dead_letter(self, notify, run, mailoutbox, written):
        notify(OwnerFactory(), at=NOW - MINUTE)
        notify(OwnerFactory())
        Notice.objects.filter(created_at=NOW).update(claims=3)
        run()
        assert written == [("failed", 1)]

    def test_what_was_sent_is_written_before_the_next_is_put_off(self, notify, run, mailoutbox, written, monkeypatch):
        def silent(*args, **kwargs):
            raise sms.NobodyThereError("nobody")

        monkeypatch.setattr(sms.FileGateway, "send", silent)
        notify(OwnerFactory(user__phone="+8613800000001"), kind="test-sms", at=NOW - 2 * MINUTE)
        notify(OwnerFactory(), at=NOW - MINUTE)
        notify(OwnerFactory(user__phone="+8613800000002"), kind="test-sms")
        run()
        assert written == [("put off", 0), ("put off", 1)]

    def test_the_message_id_stays_the_same(self, notify, run, mailoutbox, settings):
        [notice] = notify(OwnerFactory())
        run()
        Notice.objects.update(state="queued")
        settings.DEFAULT_FROM_EMAIL = "Yanxia Homes <portal@yanxia.example>"
        run()
        assert [message.extra_headers["Message-ID"] for message in mailoutbox] == [f"<{notice.pk}@localhost>"] * 2

    def test_the_message_id_names_the_companys_domain(self, notify, run, mailoutbox, settings):
        settings.DEFAULT_FROM_EMAIL = "Yanxia Homes <portal@yanxia.example>"
        [notice] = notify(OwnerFactory())
        run()
        assert mailoutbox[0].extra_headers["Message-ID"] == f"<{notice.pk}@yanxia.example>"

    def test_an_invitation_reaches_its_address_and_its_link_is_not_kept(self, db, run, mailoutbox):
        invitation = InvitationFactory(owner__language="en")
        tell([invitation], "invitation", invitation, at=NOW)
        run()
        assert (mailoutbox[0].to, invitation.path in mailoutbox[0].body) == ([invitation.address], True)
        assert list(Notice.objects.values_list("state", "text", "url")) == [("sent", "", "")]


class TestStillTrue:
    def test_what_is_no_longer_true_is_suppressed(self, notify, run, states, mailoutbox, subject):
        notify(OwnerFactory())
        Owner.objects.filter(pk=subject.pk).update(name="Cancelled")
        run()
        assert (states(), mailoutbox) == ([("suppressed", reasons.NOT_TRUE)], [])

    def test_what_is_gone_is_suppressed(self, notify, run, states, mailoutbox, subject):
        notify(OwnerFactory())
        subject.delete()
        run()
        assert (states(), mailoutbox) == ([("suppressed", reasons.GONE)], [])

    @pytest.mark.parametrize(
        ("change", "reason"),
        [({"name": "Sold it"}, reasons.NOT_CONCERNED), ({"erased_at": NOW}, reasons.ERASED)],
    )
    def test_whom_it_no_longer_concerns_is_not_told(self, notify, run, states, mailoutbox, change, reason):
        owner = OwnerFactory()
        notify(owner, kind="test")
        Owner.objects.filter(pk=owner.pk).update(**change)
        run()
        assert (states(), mailoutbox) == ([("suppressed", reason)] * 2, [])

    def test_a_closed_login_is_not_told(self, notify, run, states):
        user = UserFactory()
        notify(user)
        user.is_active = False
        user.save()
        run()
        assert states() == [("suppressed", reasons.INACTIVE)]

    def test_an_address_suppressed_meanwhile_is_not_used(self, notify, run, states, mailoutbox):
        owner = OwnerFactory(user=None)
        address = Address.objects.create(owner=owner, channel="email", value="shen@example.com")
        notify(owner)
        address.suppressed_reason = "550"
        address.save()
        run()
        assert (states(), mailoutbox) == ([("suppressed", reasons.ADDRESS_SUPPRESSED)], [])

    def test_what_expired_is_not_sent(self, notify, run, states, mailoutbox):
        notify(OwnerFactory(), expires=NOW + MINUTE)
        run(NOW + MINUTE)
        assert (states(), mailoutbox) == ([("expired", reasons.TOO_LATE)], [])

    def test_a_verified_address_comes_first(self, notify, run, mailoutbox):
        owner = OwnerFactory()
        for value, verified in [("old@example.com", None), ("new@example.com", NOW)]:
            Address.objects.create(owner=owner, channel="email", value=value, verified_at=verified)
        notify(owner)
        run()
        assert mailoutbox[0].to == ["new@example.com"]


class TestBadNotices:
    def test_an_unknown_kind_fails_and_the_others_go_out(self, notify, run, states, mailoutbox):
        notify(OwnerFactory(), OwnerFactory())
        Notice.objects.filter(pk=Notice.objects.order_by("key").first().pk).update(kind="gone-with-its-app")
        run()
        assert (states(), len(mailoutbox)) == ([("failed", reasons.UNKNOWN_KIND), ("sent", "")], 1)

    def test_a_mistake_in_a_kind_waits_and_the_others_go_out(self, notify, run, states, mailoutbox):
        owner = OwnerFactory()
        notify(owner, kind="test-broken")
        notify(owner)
        run()
        assert states() == [("queued", f"{reasons.NOT_WRITTEN} (RuntimeError)"), ("sent", "")]
        assert Notice.objects.get(kind="test-broken").next_try_at == NOW + MINUTE

    def test_a_mistake_in_fetching_subjects_stops_its_kind_only(self, notify, run, states, monkeypatch):
        owner = OwnerFactory()
        notify(owner, kind="test-inbox")
        notify(owner, kind="test-named")
        monkeypatch.setattr(type(kinds.get("test-named")), "subjects", lambda kind: Owner.objects.filter(no_field=1))
        run()
        assert states() == [("sent", ""), ("queued", f"{reasons.NOT_WRITTEN} (FieldError)")]

    def test_no_address_at_all_is_refused_for_good(self, notify, run, states):
        owner = OwnerFactory(user=None)
        Address.objects.create(owner=owner, channel="email", value="ring the bell")
        notify(owner)
        run()
        assert states() == [("failed", f"{reasons.REFUSED} (not an address)")]
        assert Address.objects.get().suppressed_reason == states()[0][1]

    def test_a_result_that_cannot_be_written_keeps_claim_and_lease(self, notify, run, monkeypatch, mailoutbox):
        notify(OwnerFactory(), OwnerFactory())
        monkeypatch.setattr(book, "_write_both", Mock(side_effect=RuntimeError))
        run()
        assert (len(mailoutbox), Notice.objects.due(at=NOW).count()) == (2, 0)
        assert sorted(Notice.objects.values_list("state", "claims")) == [("queued", 1), ("sent", 1)]

    def test_nor_is_that_of_the_last_one_lost_sight_of(self, notify, run, monkeypatch, mailoutbox):
        [notice] = notify(OwnerFactory())
        rows = [Notice.objects.filter(pk=notice.pk), RuntimeError]  # for its claim, for its result
        monkeypatch.setattr(book.Book, "_row", Mock(side_effect=rows))
        run()
        assert (len(mailoutbox), Notice.objects.due(at=NOW).count()) == (1, 0)
        assert Notice.objects.values_list("state", "claims").get() == ("queued", 1)


class TestNight:
    @pytest.fixture
    def sent(self, settings, tmp_path):
        settings.DATA_DIR = tmp_path
        path = tmp_path / "sms" / "messages.jsonl"
        return lambda: path.read_text().splitlines() if path.exists() else []

    @pytest.fixture
    def owner(self, db):
        return OwnerFactory(user__phone="+8613800000001")

    @pytest.mark.parametrize("hour", [22, 23, 24, 31])
    def test_a_text_message_waits_for_the_morning(self, notify, run, sent, owner, hour):
        night = MIDNIGHT + timedelta(hours=hour)
        [notice] = notify(owner, kind="test-sms", at=night)
        run(night)
        notice.refresh_from_db()
        morning = MIDNIGHT + timedelta(hours=32)
        assert (sent(), notice.next_try_at, notice.claims) == ([], morning, 0)
        run(morning)
        assert len(sent()) == 1

    @pytest.mark.parametrize("hour", [8, 21.99])
    def test_by_day_it_goes_at_once(self, notify, run, sent, owner, hour):
        notify(owner, kind="test-sms")
        run(MIDNIGHT + timedelta(days=1, hours=hour))
        assert len(sent()) == 1

    def test_an_emergency_goes_at_night(self, notify, run, sent, owner, subject):
        [notice] = notify(owner, kind="test-emergency", at=MIDNIGHT)
        run(MIDNIGHT)
        link = "http://localhost:8000/my/"
        assert sent() == [
            f'{{"to": "+8613800000001", "text": "Your windows are in {link}", "reference": "{notice.pk}"}}'
        ]

    def test_mail_goes_at_night(self, notify, run, mailoutbox):
        notify(OwnerFactory(), at=MIDNIGHT)
        run(MIDNIGHT)
        assert len(mailoutbox) == 1

    def test_the_places_own_zone_counts(self, notify, run, sent, owner, monkeypatch):
        monkeypatch.setattr(kinds.Kind, "zone", lambda kind, subject: "Europe/London")
        notify(owner, kind="test-sms", at=MIDNIGHT)
        run(MIDNIGHT)
        assert len(sent()) == 1

    @pytest.mark.parametrize(
        ("temporary", "state"), [(True, f"queued {reasons.BUSY}"), (False, f"failed {reasons.REFUSED}")]
    )
    def test_a_gateway_that_refuses(self, notify, run, states, owner, monkeypatch, temporary, state):
        def refuse(gateway, to, text, reference):
            raise sms.SmsError(f"No credit for {to}", temporary=temporary)

        monkeypatch.setattr(sms.FileGateway, "send", refuse)
        notify(owner, kind="test-sms")
        run()
        assert [f"{state} {reason}" for state, reason in states()] == [f"{state} (No credit for …)"]

    @pytest.mark.parametrize(("called", "kept"), [(7, "7"), ("7" * 300, "7" * 120), (None, "")])
    def test_what_the_gateway_calls_it_is_kept_as_far_as_there_is_room(
        self, notify, run, owner, monkeypatch, called, kept
    ):
        monkeypatch.setattr(sms.FileGateway, "send", lambda *args: called)
        notify(owner, kind="test-sms")
        run()
        assert Notice.objects.values_list("state", "provider_id").get() == ("sent", kept)


class TestSweep:
    def test_wakes_a_worker_when_something_is_due(self, notify):
        notify(OwnerFactory(), due=NOW + MINUTE)
        sweep(at=NOW)
        assert OrmQ.objects.count() == 0
        sweep(at=NOW + MINUTE)
        assert OrmQ.objects.count() == 1

    def test_a_task_more_delivers_nothing_more(self, notify, run, mailoutbox):
        notify(OwnerFactory())
        queue_delivery()
        for __ in OrmQ.objects.all():
            run()
        assert len(mail.outbox) == 1

    def test_texts_are_forgotten_after_180_days_and_nothing_is_said_again(self, notify, run, mailoutbox):
        owner = OwnerFactory()
        notify(owner, kind="test")
        run()
        retention.run(at=NOW + timedelta(days=180))
        assert Notice.objects.exclude(text="").count() == 2
        retention.run(at=NOW + timedelta(days=180, seconds=1))
        notify(owner, kind="test")
        run(NOW + timedelta(days=181))
        assert list(Notice.objects.values_list("title", "text", "url", "state")) == [("", "", "", "sent")] * 2
        assert (len(mailoutbox), Notice.objects.for_user(owner.user).inbox().count()) == (1, 0)
