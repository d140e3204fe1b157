"""The day of a visit: what is said when, who hears it, and what becomes of the promise."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils.translation import override

from accounts.models import Channel
from accounts.notices import kinds
from accounts.notices.models import Notice
from portal.visits.booking import cancel_visit, move_visit
from portal.visits.day import arrive, confirm_visit, finish, mark_missed, on_my_way
from portal.visits.errors import VisitError
from portal.visits.models import Visit
from portal.visits.models.visits import day_before
from portal.visits.notices import looked_after_by
from portal.visits.promises import promise_confirmation
from portal.visits.tasks import remind_of_visits
from progress.feeds.sources import dates_of, reader_of
from progress.promises.models import Promise
from progress.promises.sweep import sweep
from tests.factories import NOW, ContactFactory, OwnershipFactory, StaffFactory

from .factories import TEN, VisitFactory

DAY_BEFORE = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)  # 17:30 in Shanghai, that Monday
A_MINUTE = timedelta(minutes=1)
HALF_PAST_NINE = TEN - timedelta(minutes=30)


@pytest.fixture
def visit(db):
    visit = VisitFactory()
    promise_confirmation(visit, by=None, at=NOW)
    return visit


def state_of_promise():
    return Promise.objects.get(kind="visit-confirmed").state


def text_messages():
    return {notice.kind for notice in Notice.objects.filter(channel=Channel.SMS)}


class TestConfirmation:
    @pytest.mark.parametrize(("at", "state"), [(DAY_BEFORE, "kept"), (DAY_BEFORE + A_MINUTE, "late")])
    def test_by_half_past_five_the_promise_is_kept(self, visit, told, at, state):
        assert confirm_visit(visit, by=visit.person, at=at).state == "confirmed"
        assert (state_of_promise(), told()) == (state, [(visit.owner, "visit-confirmed")])

    @pytest.mark.parametrize(("day", "hour"), [(28, 16), (29, 15)])
    def test_half_past_five_is_that_of_the_place_when_clocks_change(self, day, hour):
        begins = datetime(2027, 3, day, 9, 0, tzinfo=ZoneInfo("Europe/Berlin"))
        assert day_before(begins, "Europe/Berlin") == datetime(2027, 3, day - 1, hour, 30, tzinfo=UTC)

    def test_unconfirmed_it_is_missed(self, visit):
        sweep(at=DAY_BEFORE + A_MINUTE)
        assert state_of_promise() == "missed"

    def test_whoever_leaves_without_it_has_confirmed_late(self, visit):
        on_my_way(visit, by=visit.person, at=HALF_PAST_NINE)
        assert state_of_promise() == "late"

    def test_the_owner_sees_the_promise_among_those_to_them(self, visit):
        promise = Promise.objects.for_user(visit.owner.user).get()
        assert str(promise).startswith("We confirm the visit of")


class TestTheDay:
    def test_on_the_way_and_there_also_by_text_message(self, visit, told):
        arrive(on_my_way(visit, by=None, at=HALF_PAST_NINE), by=None, at=TEN)
        assert told() == [(visit.owner, "visit-on-the-way"), (visit.owner, "visit-arrived")]
        assert text_messages() == {"visit-on-the-way", "visit-arrived"}

    def test_said_twice_it_is_told_once(self, visit, told):
        on_my_way(on_my_way(visit, by=None, at=HALF_PAST_NINE), by=None, at=TEN)
        assert told() == [(visit.owner, "visit-on-the-way")]

    def test_long_before_somebody_has_tapped_on_the_wrong_one(self, visit):
        with pytest.raises(VisitError, match="begins later"):
            on_my_way(visit, by=None, at=TEN - timedelta(hours=4))

    def test_the_thanks_name_who_looks_after_them(self, visit, told):
        contact = ContactFactory(development=visit.development)
        visit = finish(visit, by=visit.person, at=TEN, outcome="Damp behind the sink.")
        said = kinds.get("visit-thanks").paragraphs(visit)
        assert said[2:] == looked_after_by(visit)
        assert contact.name in said[2]
        assert "Damp" not in "".join(said)
        assert (visit.cells.count(), told()) == (0, [(visit.owner, "visit-thanks")])

    def test_nobody_met_is_said_only_once_it_should_have_begun(self, visit):
        with pytest.raises(VisitError, match="wait"):
            mark_missed(visit, by=None, at=TEN - A_MINUTE)
        assert mark_missed(visit, by=None, at=TEN).state == "missed"

    def test_what_is_cancelled_is_neither_confirmed_nor_done(self, visit):
        visit = cancel_visit(visit, by=visit.owner.user, at=NOW)
        for act in (confirm_visit, on_my_way, arrive, finish, mark_missed):
            with pytest.raises(VisitError, match="cancelled"):
                act(visit, by=None, at=TEN)

    def test_a_cancellation_of_tomorrow_is_told_at_night_too(self, visit):
        visit = cancel_visit(visit, by=StaffFactory(), by_staff=True, at=TEN - timedelta(hours=10))
        kind = kinds.get("visit-cancelled")
        assert kind.cannot_wait(visit, at=TEN - timedelta(hours=10))
        assert not kind.cannot_wait(visit, at=TEN - timedelta(hours=25))


class TestReminder:
    def test_a_day_before_once(self, visit, told):
        Visit.objects.update(remind_at=TEN - timedelta(days=1))
        remind_of_visits(at=TEN - timedelta(days=1))
        remind_of_visits(at=TEN - timedelta(hours=23))
        assert told() == [(visit.owner, "visit-soon")]

    def test_a_worker_down_for_a_day_reminds_of_nothing_past(self, visit, told):
        Visit.objects.update(remind_at=TEN - timedelta(days=1))
        remind_of_visits(at=TEN + A_MINUTE)
        assert told() == []

    def test_it_moves_along(self, visit):
        later = TEN + timedelta(days=7)
        moved = move_visit(visit, starts=later, person=visit.person, by=None, by_staff=True, at=NOW)
        assert moved.remind_at == later - timedelta(days=1)


class TestWhoHears:
    def test_the_owners_where_whoever_booked_belongs_to_the_home_no_more(self, visit, told):
        other = OwnershipFactory(home=visit.home)
        visit.owner.ownerships.update(state="ended", until=TEN)
        confirm_visit(visit, by=None, at=NOW)
        assert told() == [(other.owner, "visit-confirmed")]

    def test_a_tenant_sees_checks_alone(self, visit):
        tenant = OwnershipFactory(home=visit.home, role="tenant").owner.user
        check = VisitFactory(
            ownership__home=visit.home, kind="check", person=visit.person, starts=TEN + timedelta(days=1)
        )
        assert list(Visit.objects.for_user(tenant)) == [check]

    def test_a_calendar_names_nobody_and_loses_what_is_cancelled(self, visit):
        def dates():
            found = dates_of(reader_of(visit.owner), at=NOW)
            return [(each.title, each.start) for key, each in found.items() if key.startswith("visit:")]

        assert dates() == [("Survey of the home", TEN)]
        cancel_visit(visit, by=visit.owner.user, at=NOW)
        assert dates() == []

    def test_a_guest_hears_in_their_language_without_what_they_typed(self, db):
        visit = VisitFactory(of_guest=True, enquiry__email="lin@example.com", enquiry__language="zh-hans")
        confirm_visit(visit, by=None, at=NOW)
        notice = Notice.objects.get(kind="visit-confirmed-guest-email")
        kind = kinds.get(notice.kind)
        with override("en"):
            said = " ".join([kind.title(visit), *kind.paragraphs(visit)])
        assert (notice.guest.address, notice.guest.language) == ("lin@example.com", "zh-hans")
        assert (visit.enquiry.name in said, kind.url(visit)) == (False, "")
