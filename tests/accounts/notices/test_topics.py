"""Every kind of message has its place among the readers' preferences."""

from accounts.models import Channel
from accounts.notices import kinds, topics
from accounts.notices.preferences import offered
from accounts.notices.topics import Mode

CARRIERS = {"digest"}  # they stand for other kinds
ALL = {code: kinds.get(code) for code in kinds.codes() if not code.startswith("test") and code not in CARRIERS}
LOCKED = {code for code, kind in ALL.items() if kind.mandatory or kind.emergency}
MUST_ARRIVE = {
    *("urgent-announcement", "emergency-announcement", "urgent-correction", "emergency-correction"),
    *("document-published", "home-transferred", "welcome", "household-joined", "household-removed"),
    *("erasure-asked", "erasure-agreed", "erasure-refused", "download-ready", "download-failed"),
    *("invitation", "invitation-sms"),
}


def test_every_kind_has_a_topic_and_a_name():
    assert {code for code, kind in ALL.items() if kind.topic not in topics.ALL or not str(kind.label)} == set()


def test_what_is_locked_is_never_off_and_says_why():
    channels = (Channel.EMAIL, Channel.SMS)
    assert {offered(ALL[code], channel) for code in LOCKED for channel in channels} == {(Mode.NOW,)}
    assert {code for code in LOCKED if not str(ALL[code].topic.because)} == set()


def test_an_emergency_is_locked_though_nobody_marked_it():
    kind = kinds.Kind()
    kind.topic, kind.emergency = topics.NEWS, True
    assert offered(kind, Channel.EMAIL) == (Mode.NOW,)


def test_what_must_arrive_is_locked():
    assert MUST_ARRIVE <= LOCKED


def test_news_is_optional():
    optional = ("update-published", "announcement-published", "milestones-changed", "question-answered")
    assert {offered(ALL[code], Channel.EMAIL) for code in optional} == {tuple(Mode)}


def test_staff_may_gather_what_they_answer_for_but_not_switch_it_off():
    assert set(offered(ALL["promise"], Channel.EMAIL)) == {Mode.NOW, Mode.DAILY}


def test_the_inbox_is_the_record_and_always_on():
    assert {offered(kind, Channel.INBOX) for kind in ALL.values()} == {(Mode.NOW,)}


def test_text_messages_have_no_digest():
    assert {mode for kind in ALL.values() for mode in offered(kind, Channel.SMS)} == {Mode.NOW, Mode.OFF}


def test_a_kind_without_a_topic_comes_at_once():
    assert offered(kinds.Kind(), Channel.EMAIL) == (Mode.NOW,)


def test_codes_of_topics_are_unique_and_owners_see_thirteen():
    assert (len({topic.code for topic in topics.ALL}), len(topics.OF_OWNERS)) == (len(topics.ALL), 13)
