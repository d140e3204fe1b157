"""What becomes of preferences when records are merged, erased, or asked for by their person."""

from datetime import timedelta

import pytest

from accounts.events.models import Event
from accounts.merges.actions import merge_owners, undo_merge
from accounts.notices import topics
from accounts.notices.choosing import choose
from accounts.notices.digests import gather, settle
from accounts.notices.models import Notice, Preference
from accounts.notices.topics import Mode
from accounts.privacy import erasure
from accounts.privacy.archive import value_of
from accounts.privacy.registry import Person, declared
from tests.factories import NOW, OwnerFactory, StaffFactory

EVENING = NOW + timedelta(hours=8)
AT_LAST = NOW + timedelta(days=31)


def choice(owner, mode, topic=topics.NEWS):
    choose(owner, topic, "email", mode, by=owner.user, at=NOW)


def modes(owner):
    return {row.topic: row.mode for row in Preference.objects.filter(owner=owner)}


class TestMerging:
    @pytest.fixture
    def merged(self, db):
        kept, gone = OwnerFactory.create_batch(2)
        choice(kept, Mode.DAILY)
        choice(gone, Mode.OFF)
        choice(gone, Mode.WEEKLY, topics.DATES)
        return kept, gone

    def test_what_the_keeper_chose_stays_and_the_rest_moves(self, merged):
        kept, gone = merged
        merge_owners(kept=kept, gone=gone, by=None, at=NOW)
        assert modes(kept) == {"news": "daily", "dates": "weekly"}

    def test_taken_apart_each_has_their_own_again(self, merged):
        kept, gone = merged
        undo_merge(merge_owners(kept=kept, gone=gone, by=None, at=NOW), by=None, at=NOW)
        assert (modes(kept), modes(gone)) == ({"news": "daily"}, {"news": "off", "dates": "weekly"})

    def test_what_waited_for_either_comes_in_one_digest(self, merged, notify, run, mailoutbox):
        kept, gone = merged
        choice(gone, Mode.DAILY)
        for owner, name in ((kept, "A"), (gone, "B")):
            notify(owner, kind="test-news", about=OwnerFactory(name=f"Subject {name}", user=None))
        merge_owners(kept=kept, gone=gone, by=None, at=NOW)
        gather(at=EVENING)
        run(EVENING)
        assert (len(mailoutbox), settle()) == (1, 2)


class TestErasing:
    def test_they_are_deleted_and_what_waits_is_not_sent(self, db, notify, run, mailoutbox):
        owner = OwnerFactory()
        choice(owner, Mode.DAILY)
        notify(owner, kind="test-news")
        request = erasure.ask_erasure(owner=owner, by=owner.user, at=NOW)
        erasure.approve(request, by=StaffFactory(group="Supervisors", everywhere=True), at=NOW)
        assert erasure.carry_out(request, at=AT_LAST)
        gather(at=AT_LAST)
        run(AT_LAST)
        assert (Preference.objects.count(), Notice.objects.filter(kind="digest").count()) == (0, 0)
        assert [message for message in mailoutbox if "in the news" in message.body] == []

    def test_what_stands_in_a_digest_is_not_sent_either(self, db, notify, run, mailoutbox):
        owner = OwnerFactory()
        choice(owner, Mode.DAILY)
        notify(owner, kind="test-news")
        gather(at=EVENING)
        request = erasure.ask_erasure(owner=owner, by=owner.user, at=NOW)
        erasure.approve(request, by=StaffFactory(group="Supervisors", everywhere=True), at=NOW)
        erasure.carry_out(request, at=AT_LAST)
        run(AT_LAST)
        assert set(Notice.objects.filter(kind__in=["digest", "test-news"]).values_list("state", flat=True)) == {
            "suppressed"
        }
        assert mailoutbox == []

    def test_the_log_keeps_ids_alone(self, db):
        owner = OwnerFactory(name="Lin Mei")
        choice(owner, Mode.OFF)
        event = Event.objects.get(verb="chose")
        assert (event.subject_kind, event.subject_id, event.reason) == (
            "notices.preference",
            str(Preference.objects.get().pk),
            "off",
        )


def test_a_copy_of_ones_data_has_ones_own_choices(db):
    mine, other = OwnerFactory.create_batch(2)
    choice(mine, Mode.OFF)
    choice(other, Mode.DAILY)
    declaration = declared()[Preference._meta.label_lower]
    [row] = declaration.rows_of(Person.of_owner(mine))
    assert {name: value_of(row, name, {}) for name in declaration.exported} == {
        "topic": "news",
        "channel": "e-mail",
        "mode": "Not at all",
    }
