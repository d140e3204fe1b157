"""Preferences decide when somebody is told, and are asked again when what waited is sent."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django_q.models import OrmQ

from accounts.events.models import Event
from accounts.models import Address, Channel
from accounts.notices import kinds, reasons, topics
from accounts.notices.choosing import PreferenceError, choose
from accounts.notices.models import Notice, Preference
from accounts.notices.topics import Mode
from tests.factories import NOW, InvitationFactory, OwnerFactory, UserFactory

EVENING = NOW + timedelta(hours=8)  # 18:00 of that Sunday
FRIDAY = EVENING + timedelta(days=5)
OFF = ("suppressed", reasons.SWITCHED_OFF)
QUEUED = ("queued", "")


@pytest.fixture
def owner(db):
    return OwnerFactory()


@pytest.fixture
def by_text(db, settings, tmp_path):
    """Somebody without an e-mail address."""
    settings.DATA_DIR, settings.SMS_GATEWAY = tmp_path, "accounts.sms.FileGateway"
    owner = OwnerFactory(user=None)
    Address.objects.create(owner=owner, channel="sms", value="+8613800000001")
    return owner


def choice(person, mode, topic=topics.NEWS, channel=Channel.EMAIL, at=NOW):
    return choose(person, topic, channel, mode, by=getattr(person, "user", person), at=at)


@pytest.mark.parametrize(
    ("kind", "chosen", "planned"),
    [
        ("test-news", Mode.NOW, ("queued", "", "now", NOW)),
        ("test-news", Mode.DAILY, ("queued", reasons.DAILY, "daily", EVENING)),
        ("test-news", Mode.WEEKLY, ("queued", reasons.WEEKLY, "weekly", FRIDAY)),
        ("test-news", Mode.OFF, (*OFF, "now", NOW)),
        ("test-dates", Mode.OFF, ("queued", "", "now", NOW)),  # another topic
        ("test-urgent", Mode.OFF, ("queued", "", "now", NOW)),
        ("test-urgent", Mode.WEEKLY, ("queued", "", "now", NOW)),
        ("test-burning", Mode.OFF, ("queued", "", "now", NOW)),
        ("test-burning", Mode.DAILY, ("queued", "", "now", NOW)),
    ],
)
def test_what_was_chosen_is_done_when_somebody_is_told(owner, notify, kind, chosen, planned):
    choice(owner, chosen)
    notify(owner, kind=kind)
    mail, inbox = Notice.objects.order_by("channel")
    assert (mail.state, mail.reason, mail.mode, mail.next_try_at) == planned
    assert (inbox.state, inbox.mode, inbox.next_try_at) == ("queued", "now", NOW)


def test_it_is_each_readers_own_choice(notify, states):
    off, other = OwnerFactory.create_batch(2)
    choice(off, Mode.OFF)
    choice(UserFactory(), Mode.OFF, topic=topics.DESK)
    notify(off, other, kind="test-news")
    by_owner = {notice.owner_id: (notice.state, notice.reason) for notice in Notice.objects.filter(channel="email")}
    assert by_owner == {off.pk: OFF, other.pk: QUEUED}


def test_a_login_has_preferences_of_its_own(notify, monkeypatch):
    monkeypatch.setattr(kinds.get("test-news"), "topic", topics.DESK, False)
    user = UserFactory()
    choice(user, Mode.OFF, topic=topics.DESK)
    notices = {notice.channel: (notice.state, notice.reason) for notice in notify(user, kind="test-news")}
    assert notices == {"email": OFF, "inbox": QUEUED}


def test_an_invitation_has_no_preferences(notify):
    [notice] = notify(InvitationFactory(), kind="invitation", about=InvitationFactory())
    assert (notice.state, notice.mode) == ("queued", "now")


def test_text_messages_are_switched_off_by_themselves(by_text, notify):
    choice(by_text, Mode.OFF, topic=topics.DATES, channel=Channel.SMS)
    [text] = notify(by_text, kind="test-dates-text")
    assert (text.state, text.reason) == OFF


def test_whoever_has_switched_off_mail_gets_no_text_message_instead(by_text, notify):
    choice(by_text, Mode.OFF)
    notices = {notice.channel: (notice.state, notice.reason) for notice in notify(by_text, kind="test-news")}
    assert notices == {"email": OFF, "inbox": QUEUED}


def test_the_text_message_in_place_of_a_digest_comes_at_once(by_text, notify):
    choice(by_text, Mode.DAILY)
    notices = {notice.channel: (notice.mode, notice.next_try_at) for notice in notify(by_text, kind="test-news")}
    assert notices == {"sms": ("now", NOW), "inbox": ("now", NOW)}


def test_switched_off_while_it_waited_it_is_not_sent(owner, notify, run, mailoutbox, states):
    notify(owner, kind="test-news")
    Preference.objects.create(owner=owner, topic="news", channel="email", mode="off")
    run()
    assert (mailoutbox, states()) == ([], [OFF, ("sent", "")])


def test_what_would_come_too_late_does_not_wait_for_the_digest(owner, notify):
    choice(owner, Mode.DAILY)
    notify(owner, kind="test-news", expires=EVENING)
    assert set(Notice.objects.values_list("mode", "next_try_at")) == {("now", NOW)}


def test_a_cancellation_within_a_day_does_not_wait(owner, notify, monkeypatch):
    choice(owner, Mode.WEEKLY, topic=topics.DATES)
    monkeypatch.setattr(kinds.get("test-called-off"), "until", NOW + timedelta(hours=24), False)
    notify(owner, kind="test-called-off")
    assert Notice.objects.get(channel="email").mode == "now"
    monkeypatch.setattr(kinds.get("test-called-off"), "until", NOW + timedelta(hours=24, seconds=1), False)
    notify(owner, kind="test-called-off", step="later")
    assert sorted(Notice.objects.filter(channel="email").values_list("mode", flat=True)) == ["now", "weekly"]


@pytest.mark.parametrize(("hours", "state"), [(24, "sent"), (25, "queued")])
def test_a_cancellation_within_a_day_goes_at_night_too(by_text, notify, run, monkeypatch, hours, state):
    midnight = NOW + timedelta(hours=14)
    monkeypatch.setattr(kinds.get("test-called-off"), "until", midnight + timedelta(hours=hours), False)
    notify(by_text, kind="test-called-off", at=midnight)
    run(midnight)
    assert Notice.objects.get(channel="sms").state == state


def test_what_is_due_later_waits_for_the_digest_after_that(owner, notify):
    choice(owner, Mode.DAILY)
    notify(owner, kind="test-news", due=EVENING)
    assert Notice.objects.get(channel="email").next_try_at == EVENING + timedelta(days=1)


class TestChoosing:
    @pytest.fixture
    def waiting(self, owner, notify):
        """A message that waits for this evening's digest."""
        choice(owner, Mode.DAILY)
        notify(owner, kind="test-news")
        OrmQ.objects.all().delete()
        return Notice.objects.get(channel="email")

    @pytest.mark.parametrize(
        ("mode", "planned", "tasks"),
        [
            (Mode.NOW, ("queued", "", "now", NOW + timedelta(hours=1)), 1),
            (Mode.WEEKLY, ("queued", reasons.WEEKLY, "weekly", FRIDAY), 0),
            (Mode.OFF, (*OFF, "daily", EVENING), 0),
        ],
    )
    def test_what_waits_is_planned_anew(self, owner, waiting, mode, planned, tasks):
        choice(owner, mode, at=NOW + timedelta(hours=1))
        waiting.refresh_from_db()
        assert (waiting.state, waiting.reason, waiting.mode, waiting.next_try_at) == planned
        assert OrmQ.objects.count() == tasks

    def test_what_waits_of_others_stays(self, owner, waiting, notify):
        other = OwnerFactory()
        choice(other, Mode.DAILY)
        choice(owner, Mode.DAILY, topic=topics.DATES)
        notify(other, kind="test-news")
        notify(owner, kind="test-dates")
        choice(owner, Mode.OFF)
        mails = Notice.objects.filter(channel="email")
        assert sorted(mails.values_list("owner", "kind", "state")) == sorted(
            [
                (owner.pk, "test-news", "suppressed"),
                (owner.pk, "test-dates", "queued"),
                (other.pk, "test-news", "queued"),
            ]
        )

    def test_switched_on_again_what_was_suppressed_stays_so(self, owner, waiting, states):
        choice(owner, Mode.OFF)
        choice(owner, Mode.NOW)
        assert states()[0] == OFF

    def test_to_daily_what_was_due_later_waits_too(self, owner, notify):
        notify(owner, kind="test-news", due=NOW + timedelta(hours=1))
        choice(owner, Mode.DAILY)
        assert Notice.objects.get(channel="email").next_try_at == EVENING

    def test_what_a_worker_has_in_hand_is_left_to_it(self, owner, notify):
        notify(owner, kind="test-news")
        Notice.objects.update(lease=owner.pk, leased_until=NOW + timedelta(minutes=4))
        choice(owner, Mode.OFF)
        assert set(Notice.objects.values_list("state", flat=True)) == {"queued"}

    def test_is_logged_once(self, owner):
        assert [choice(owner, Mode.OFF), choice(owner, Mode.OFF), choice(owner, Mode.NOW)] == [True, False, True]
        preference = Preference.objects.get()
        logged = Event.objects.filter(subject_id=str(preference.pk)).order_by("id")
        assert list(logged.values_list("verb", "reason", "actor")) == [
            ("chose", "off", owner.user_id),
            ("chose", "now", owner.user_id),
        ]

    def test_at_once_without_ever_having_chosen_is_nothing_new(self, owner):
        assert (choice(owner, Mode.NOW), Event.objects.count(), Preference.objects.count()) == (False, 0, 0)

    @pytest.mark.parametrize(
        ("topic", "channel", "mode"),
        [
            (topics.NEWS, Channel.INBOX, Mode.OFF),
            (topics.NEWS, Channel.SMS, Mode.DAILY),
            (topics.DUTIES, Channel.EMAIL, Mode.OFF),
            (topics.NEWS, Channel.EMAIL, "hourly"),
        ],
    )
    def test_what_is_not_offered_is_refused(self, owner, topic, channel, mode):
        with pytest.raises(PreferenceError):
            choice(owner, mode, topic=topic, channel=channel)
        assert Preference.objects.count() == 0


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("preference_of_one_person", {"user": None, "owner": None}),
        ("preference_mode_known", {"mode": "hourly"}),
        ("preference_never_of_the_inbox", {"channel": "inbox"}),
        ("preference_no_digest_by_text", {"channel": "sms", "mode": "weekly"}),
    ],
)
def test_impossible_rows_are_refused_by_the_database(owner, constraint, fields):
    values = {"owner": owner, "topic": "news", "channel": "email", "mode": "off"} | fields
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Preference.objects.create(**values)


@pytest.mark.parametrize("person", [OwnerFactory, UserFactory])
def test_nobody_has_two_for_the_same(db, person):
    holder = {"owner" if person is OwnerFactory else "user": person()}
    Preference.objects.create(**holder, topic="news", channel="email", mode="off")
    with pytest.raises(IntegrityError), transaction.atomic():
        Preference.objects.create(**holder, topic="news", channel="email", mode="now")
