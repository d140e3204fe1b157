"""What waited for the evening comes as one e-mail: once, with what is still true, and with nothing lost."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django_q.models import OrmQ

from accounts.models import Owner
from accounts.notices import digests as digests_module
from accounts.notices import kinds, reasons, topics
from accounts.notices.actions import hold_what_may_be_sent, tell, try_again
from accounts.notices.choosing import choose
from accounts.notices.delivery import LEASE
from accounts.notices.digests import gather, settle
from accounts.notices.models import Notice
from accounts.notices.topics import Mode
from tests.factories import NOW, OwnerFactory, UserFactory

EVENING = NOW + timedelta(hours=8)  # 18:00 of that Sunday
A_DAY = timedelta(days=1)
FRIDAY = EVENING + 5 * A_DAY


@pytest.fixture
def owner(db):
    return reader(Mode.DAILY)


def reader(mode, topic=topics.NEWS, **fields):
    owner = OwnerFactory(name="Shen Yue", **fields)
    choose(owner, topic, "email", mode, by=owner.user, at=NOW)
    return owner


@pytest.fixture
def about(db):
    """`about("Cradle")`: a subject of that name, of which the messages tell."""
    return lambda name: OwnerFactory(name=f"Subject {name}", user=None)


@pytest.fixture
def evening(run):
    """What the worker does at `at`: gather, deliver, settle."""

    def evening(at=EVENING):
        gather(at=at)
        run(at)
        settle()

    return evening


def mails():
    """(state, reason) of what was told by mail, digests left out, in the order in which it was told."""
    told = Notice.objects.filter(channel="email").exclude(kind="digest").order_by("created_at", "key")
    return list(told.values_list("state", "reason"))


def counts(mailoutbox):
    """How many messages each summary that went out has."""
    return [int(message.subject.split()[-2]) for message in mailoutbox]


def digests():
    return list(Notice.objects.filter(kind="digest").order_by("created_at").values_list("state", "reason"))


class TestDigest:
    def test_is_one_message_that_lists_all(self, owner, about, notify, evening, mailoutbox, settings):
        choose(owner, topics.DATES, "email", Mode.DAILY, by=owner.user, at=NOW)
        notify(owner, kind="test-dates", about=about("Stairs"))
        notify(owner, kind="test-news", about=about("Cradle"))
        notify(owner, kind="test-news", about=about("Windows"), at=NOW + timedelta(hours=1))
        evening(EVENING - timedelta(seconds=1))
        assert mailoutbox == []
        evening()
        [message] = mailoutbox
        assert message.subject == "Summary of 22 November 2026: 3 messages"
        body = message.body
        places = [body.index(words) for words in ("Subject Cradle in", "Subject Windows in", "Your windows are in")]
        assert places == sorted(places)  # by topic, then by time
        assert body.count(settings.BASE_URL.rstrip("/") + "/my/\n") == 3
        assert body.count("News from the site") == 1
        html = message.alternatives[0].content
        assert all(words in html for words in ("Subject Cradle in the news", "News from the site", "/my/inbox/"))

    def test_each_notice_ends_sent_with_its_words_under_one_message_id(self, owner, about, notify, evening):
        notify(owner, kind="test-news", about=about("Cradle"))
        notify(owner, kind="test-news", about=about("Windows"))
        evening()
        digest = Notice.objects.get(kind="digest")
        told = Notice.objects.filter(kind="test-news", channel="email").order_by("title")
        assert list(told.values_list("state", "reason", "title", "message_id", "sent_at", "claims")) == [
            ("sent", "", f"Subject {name} in the news", digest.message_id, EVENING, 0) for name in ("Cradle", "Windows")
        ]
        assert (digest.state, digest.claims, digest.title) == ("sent", 1, "Summary of 22 November 2026: 2 messages")

    def test_is_in_the_readers_language(self, about, notify, evening, mailoutbox):
        owner = OwnerFactory(user=None, language="zh-hans")
        owner.addresses.create(channel="email", value="shen@example.com")
        choose(owner, topics.DATES, "email", Mode.DAILY, by=None, at=NOW)
        notify(owner, kind="test-dates", about=about("Cradle"))
        evening()
        assert (
            "您家的窗装好了" in mailoutbox[0].body,
            Notice.objects.get(kind="test-dates", channel="email").language,
        ) == (
            True,
            "zh-hans",
        )

    def test_says_each_in_brief_and_keeps_it_whole(self, owner, about, notify, evening, mailoutbox, monkeypatch):
        monkeypatch.setattr(kinds.get("test-news"), "in_brief", lambda subject: ["All well."], False)
        notify(owner, kind="test-news", about=about("Cradle"))
        evening()
        assert ("All well." in mailoutbox[0].body, "south side" in mailoutbox[0].body) == (True, False)
        assert Notice.objects.get(kind="test-news", channel="email").text.startswith("The cradle is on the south side.")

    def test_is_not_made_when_nothing_waits(self, owner, about, evening, mailoutbox):
        evening()
        assert (digests(), mailoutbox) == ([], [])

    def test_repeats_nothing_however_often_it_runs(self, owner, about, notify, evening, mailoutbox):
        notify(owner, kind="test-news", about=about("Cradle"))
        for minutes in range(3):
            evening(EVENING + timedelta(minutes=minutes))
        evening(EVENING + A_DAY)
        assert (len(mailoutbox), digests()) == (1, [("sent", "")])

    def test_daily_and_weekly_of_a_friday_come_in_one(self, owner, about, notify, evening, mailoutbox):
        choose(owner, topics.DATES, "email", Mode.WEEKLY, by=owner.user, at=NOW)
        notify(owner, kind="test-dates", about=about("Stairs"))
        notify(owner, kind="test-news", about=about("Cradle"), at=FRIDAY - A_DAY + timedelta(minutes=1))
        for days in range(6):
            evening(EVENING + days * A_DAY)
        assert counts(mailoutbox) == [2]

    def test_what_came_while_the_worker_was_down_comes_in_one(self, owner, about, notify, evening, mailoutbox):
        notify(owner, kind="test-news", about=about("Cradle"))
        notify(owner, kind="test-news", about=about("Windows"), at=NOW + A_DAY)
        evening(EVENING + A_DAY)
        assert counts(mailoutbox) == [2]

    def test_an_emergency_does_not_wait(self, owner, notify, run, mailoutbox):
        notify(owner, kind="test-burning")
        run()
        assert len(mailoutbox) == 1

    def test_goes_by_the_clock_of_the_home(self, owner, about, notify, evening, mailoutbox, monkeypatch):
        monkeypatch.setattr(kinds.get("test-news"), "zone", lambda subject: "Europe/Berlin", False)
        notify(owner, kind="test-news", about=about("Cradle"))
        assert Notice.objects.get(channel="email").next_try_at == datetime(
            2026, 11, 22, 18, tzinfo=ZoneInfo("Europe/Berlin")
        )

    def test_shows_forty_and_says_how_many_more_there_are(self, owner, notify, evening, mailoutbox):
        for name in range(42):
            notify(owner, kind="test-news", about=OwnerFactory(name=f"Subject {name}", user=None))
        evening()
        [message] = mailoutbox
        assert (counts(mailoutbox), message.body.count("in the news")) == ([42], 40)
        assert "2 more stand in your inbox." in message.body
        assert mails() == [("sent", "")] * 42

    def test_of_a_login_is_its_own(self, about, notify, evening, mailoutbox, monkeypatch):
        monkeypatch.setattr(kinds.get("test-news"), "topic", topics.DESK, False)
        user = UserFactory()
        choose(user, topics.DESK, "email", Mode.DAILY, by=user, at=NOW)
        notify(user, kind="test-news", about=about("Cradle"))
        evening()
        assert [message.to for message in mailoutbox] == [[user.email]]

    def test_the_number_of_queries_does_not_grow_with_its_messages(
        self, owner, notify, about, django_assert_max_num_queries
    ):
        for name in range(8):
            notify(owner, kind="test-news", about=about(name))
        gather(at=EVENING)
        digest = Notice.objects.get(kind="digest")
        # the reader with addresses and choices, what is gathered, its subjects, the words kept in a savepoint
        with django_assert_max_num_queries(11):
            kinds.get("digest").freshen(digest, at=EVENING)
        assert len(digest.entries) == 8


class TestAskedAnew:
    def test_each_is_asked_at_sending_and_ends_with_its_own_reason(self, owner, about, notify, evening, mailoutbox):
        true, untrue, gone = about("Cradle"), about("Windows"), about("Stairs")
        for number, subject in enumerate((true, untrue, gone)):
            notify(owner, kind="test-news", about=subject, at=NOW + timedelta(minutes=number))
        notify(
            owner,
            kind="test-news",
            about=about("Key"),
            at=NOW + timedelta(minutes=3),
            expires=EVENING + timedelta(minutes=5),
        )
        Owner.objects.filter(pk=untrue.pk).update(name="No longer so")
        gone.delete()
        evening(EVENING + timedelta(minutes=5))
        assert mails() == [
            ("sent", ""),
            ("suppressed", reasons.NOT_TRUE),
            ("suppressed", reasons.GONE),
            ("expired", reasons.TOO_LATE),
        ]
        assert counts(mailoutbox) == [1]

    def test_whom_it_no_longer_concerns_is_not_told(self, owner, about, notify, evening, mailoutbox):
        notify(owner, kind="test-news", about=about("Cradle"))
        Owner.objects.filter(pk=owner.pk).update(name="Sold it")
        evening()
        assert (mails(), digests()) == ([("suppressed", reasons.NOT_CONCERNED)], [("suppressed", reasons.NOT_TRUE)])
        assert mailoutbox == []

    def test_switched_off_between_gathering_and_sending(self, owner, about, notify, run, mailoutbox):
        notify(owner, kind="test-news", about=about("Cradle"))
        gather(at=EVENING)
        choose(owner, topics.NEWS, "email", Mode.OFF, by=owner.user, at=EVENING)
        run(EVENING)
        settle()
        assert (mails(), mailoutbox) == ([("suppressed", reasons.SWITCHED_OFF)], [])

    def test_changed_to_at_once_it_goes_now_and_not_again(self, owner, about, notify, evening, run, mailoutbox):
        notify(owner, kind="test-news", about=about("Cradle"))
        choose(owner, topics.NEWS, "email", Mode.NOW, by=owner.user, at=NOW)
        run(NOW)
        evening()
        assert [message.subject for message in mailoutbox] == ["Subject Cradle in the news"]

    def test_an_erased_owner_is_not_told(self, owner, about, notify, evening, mailoutbox):
        notify(owner, kind="test-news", about=about("Cradle"))
        Owner.objects.filter(pk=owner.pk).update(erased_at=NOW)
        evening()
        assert (mails(), mailoutbox) == ([("suppressed", reasons.ERASED)], [])

    def test_a_mistake_in_one_kind_keeps_back_none_of_the_others(
        self, owner, about, notify, evening, mailoutbox, monkeypatch
    ):
        broken = kinds.get("test-dates")
        choose(owner, topics.DATES, "email", Mode.DAILY, by=owner.user, at=NOW)
        monkeypatch.setattr(broken, "title", lambda subject: 1 / 0, False)
        notify(owner, kind="test-dates", about=about("Stairs"))
        notify(owner, kind="test-news", about=about("Cradle"), at=NOW + timedelta(minutes=1))
        evening()
        assert (mails(), len(mailoutbox)) == ([("queued", reasons.DAILY), ("sent", "")], 1)
        evening(EVENING + A_DAY)
        evening(EVENING + 2 * A_DAY)
        assert mails() == [("failed", reasons.NOT_WRITTEN), ("sent", "")]
        assert [notice.kind for notice in Notice.objects.undelivered()] == ["test-dates"]


class TestFailing:
    def test_what_comes_of_it_comes_of_all_in_it(self, owner, about, notify, evening):
        notify(owner, kind="test-news", about=about("Cradle"))
        gather(at=EVENING)
        Notice.objects.filter(kind="digest").update(claims=3)
        evening()
        assert (digests(), mails()) == ([("failed", reasons.DEAD_LETTER)], [("failed", reasons.DEAD_LETTER)])
        assert [notice.kind for notice in Notice.objects.undelivered()] == ["digest"]

    def test_tried_again_it_takes_all_with_it(self, owner, about, notify, evening, mailoutbox):
        notify(owner, kind="test-news", about=about("Cradle"))
        gather(at=EVENING)
        Notice.objects.filter(kind="digest").update(claims=3)
        evening()
        assert try_again(Notice.objects.get(kind="digest"), by=UserFactory(), at=EVENING)
        evening()
        assert (digests(), mails(), len(mailoutbox)) == ([("sent", "")], [("sent", "")], 1)

    def test_returned_and_tried_again_it_says_the_same(self, owner, about, notify, evening, mailoutbox):
        notify(owner, kind="test-news", about=about("Cradle"))
        evening()
        Notice.objects.filter(kind="digest").update(returned_at=EVENING)
        try_again(Notice.objects.get(kind="digest"), by=UserFactory(), at=EVENING)
        evening()
        assert [message.subject for message in mailoutbox] == ["Summary of 22 November 2026: 1 message"] * 2

    def test_without_an_address_none_is_sent(self, owner, about, notify, evening, mailoutbox):
        notify(owner, kind="test-news", about=about("Cradle"))
        owner.addresses.create(channel="email", value=owner.user.email, suppressed_reason="550")
        evening()
        assert (mails(), mailoutbox) == ([("suppressed", reasons.ADDRESS_SUPPRESSED)], [])

    def test_tried_again_once_there_is_an_address_it_takes_all_with_it(self, owner, about, notify, evening, mailoutbox):
        notify(owner, kind="test-news", about=about("Cradle"))
        address = owner.addresses.create(channel="email", value=owner.user.email, suppressed_reason="550")
        evening()
        address.delete()
        assert try_again(Notice.objects.get(kind="digest"), by=UserFactory(), at=EVENING)
        evening()
        assert (mails(), len(mailoutbox)) == ([("sent", "")], 1)

    def test_tried_again_while_a_worker_settles_it_nothing_ends(
        self, owner, about, notify, run, evening, mailoutbox, monkeypatch
    ):
        def meanwhile(digest, settle_one=digests_module._settle):
            try_again(digest, by=UserFactory(), at=EVENING)
            return settle_one(digest)

        notify(owner, kind="test-news", about=about("Cradle"))
        gather(at=EVENING)
        Notice.objects.filter(kind="digest").update(claims=3)
        run(EVENING)
        with monkeypatch.context() as patch:
            patch.setattr(digests_module, "_settle", meanwhile)
            assert settle() == 0
        evening()
        assert (mails(), len(mailoutbox)) == ([("sent", "")], 1)

    def test_two_sweeps_at_once_make_one(self, owner, about, notify, evening, mailoutbox):
        notify(owner, kind="test-news", about=about("Cradle"))
        gather(at=EVENING)
        assert gather(at=EVENING) == 0
        evening()
        assert len(mailoutbox) == 1

    def test_what_arrives_late_joins_while_no_worker_has_begun(self, owner, about, notify, evening, mailoutbox):
        notify(owner, kind="test-news", about=about("Cradle"))
        gather(at=EVENING)
        notify(owner, kind="test-news", about=about("Windows"))
        evening()
        assert counts(mailoutbox) == [2]

    def test_what_arrives_after_it_has_begun_waits_for_the_next(self, owner, about, notify, evening, mailoutbox):
        notify(owner, kind="test-news", about=about("Cradle"))
        evening()
        # committed after the evening had begun
        notify(owner, kind="test-news", about=about("Windows"), at=NOW + timedelta(minutes=1))
        evening(EVENING + timedelta(minutes=1))
        assert (len(mailoutbox), mails()) == (1, [("sent", ""), ("queued", reasons.DAILY)])
        evening(EVENING + A_DAY)
        assert (len(mailoutbox), mails()) == (2, [("sent", "")] * 2)

    def test_a_worker_that_died_after_the_result_leaves_the_rest_to_the_sweep(
        self, owner, about, notify, run, mailoutbox
    ):
        notify(owner, kind="test-news", about=about("Cradle"))
        gather(at=EVENING)
        run(EVENING)
        assert (digests(), mails()) == ([("sent", "")], [("queued", reasons.DAILY)])
        gather(at=EVENING + LEASE)
        run(EVENING + LEASE)
        assert (settle(), settle(), mails(), len(mailoutbox)) == (1, 0, [("sent", "")], 1)

    def test_after_a_restore_it_is_held(self, owner, about, notify, evening, mailoutbox):
        notify(owner, kind="test-news", about=about("Cradle"))
        hold_what_may_be_sent(at=EVENING)
        evening()
        assert (mails(), mailoutbox) == ([("failed", reasons.RESTORED)], [])
        try_again(Notice.objects.get(kind="test-news", channel="email"), by=UserFactory(), at=EVENING)
        evening()
        assert len(mailoutbox) == 1


def test_gathering_takes_people_in_lots_with_fixed_queries(db, about, monkeypatch, django_assert_max_num_queries):
    people = [reader(Mode.DAILY) for _ in range(5)]
    subject = about("Cradle")
    tell(people, "test-news", subject, at=NOW)
    OrmQ.objects.all().delete()
    with django_assert_max_num_queries(15):  # the lot, the empty one after it, the task; savepoints
        assert gather(at=EVENING) == 5
    assert (Notice.objects.filter(kind="digest").count(), OrmQ.objects.count()) == (5, 1)


def test_more_people_than_a_lot_are_all_gathered(db, about, monkeypatch):
    monkeypatch.setattr("accounts.notices.digests.LOT", 2)
    tell([reader(Mode.DAILY) for _ in range(5)], "test-news", about("Cradle"), at=NOW)
    assert (gather(at=EVENING), Notice.objects.filter(kind="digest").count()) == (5, 5)
    assert Notice.objects.for_digest().filter(digest=None).count() == 0
