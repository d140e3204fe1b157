"""A leaflet from the wish to its readers: made once, made anew until it is sent, then frozen."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError
from django.test import override_settings

from accounts.files.models import PrivateFile
from accounts.notices.delivery import deliver
from accounts.notices.models import Notice
from progress.journeys import changing
from progress.leaflets import actions, making, monthly
from progress.leaflets.actions import LeafletError, ask_leaflet, make, send_leaflet
from progress.leaflets.models import Leaflet
from progress.leaflets.monthly import prepare_leaflets
from progress.leaflets.tasks import tidy_leaflets
from progress.models import Role
from tests.factories import (
    NOW,
    TODAY,
    AssignmentFactory,
    BuildingFactory,
    LeafletFactory,
    OwnershipFactory,
    UserFactory,
)
from tests.progress.test_milestones import reached

from .conftest import clock, post

pytestmark = pytest.mark.django_db
NOVEMBER = date(2026, 11, 1)
State = Leaflet.State


@pytest.fixture
def news(building, steps, people):
    reached(steps, people.one, people.other)
    post(building, photos=2)


def ask(place, month=TODAY, by=None, at=NOW):
    return ask_leaflet(place, month=month, by=by, at=at)


def made(place, **kwargs):
    leaflet = ask(place, **kwargs)
    make(leaflet, clock=clock)
    leaflet.refresh_from_db()
    return leaflet


class TestAsking:
    def test_for_any_day_asks_for_its_month(self, building, news):
        leaflet = ask(building)
        assert (leaflet.month, leaflet.state, leaflet.place) == (NOVEMBER, State.WAITING, building)

    def test_twice_makes_one(self, building, news):
        assert ask(building) == ask(building)
        assert Leaflet.objects.count() == 1

    def test_with_nothing_to_say_is_refused(self, building, steps):
        with pytest.raises(LeafletError, match="would be empty"):
            ask(building)
        assert Leaflet.objects.count() == 0

    def test_for_a_month_to_come_is_refused(self, building, news):
        with pytest.raises(LeafletError, match="still to come"):
            ask(building, month=date(2026, 12, 1))

    def test_two_of_a_place_and_month_are_impossible_even_without_the_action(self):
        leaflet = LeafletFactory()
        with pytest.raises(IntegrityError, match="leaflet_once_a_building|leaflet.building_id"):
            LeafletFactory(building=leaflet.building)

    def test_ready_without_files_is_impossible(self):
        with pytest.raises(IntegrityError, match="leaflet_ready_has_its_files"):
            LeafletFactory(state="ready")


class TestMaking:
    def test_prints_each_language_with_its_photos(self, building, news, printed):
        leaflet = made(building)
        (english, photos), (chinese, _photos) = printed
        assert (leaflet.state, leaflet.progress, len(photos)) == (State.READY, 100, 2)
        assert ('<html lang="en">' in english, '<html lang="zh-Hans">' in chinese) == (True, True)
        assert ("Windows in your home" in english, "您家外窗安装" in chinese) == (True, True)
        assert {leaflet.file_en.content_type, leaflet.file_zh.content_type} == {"application/pdf"}

    def test_says_where_a_text_is_in_the_other_language(self, building, news, printed):
        made(building)
        assert '<span lang="en">Windows reach floor nine</span>' in printed[1][0]

    def test_days_are_those_of_the_place(self, building, printed):
        post(building, at=datetime(2026, 11, 8, 18, 30, tzinfo=UTC))  # the 9th in Shanghai
        made(building)
        assert "<b>9</b>" in printed[0][0]

    def test_what_people_wrote_is_text_and_no_markup(self, building, printed):
        post(building, title="<img src='file:///etc/passwd'>", photos=1)
        made(building)
        assert "<img src='file" not in printed[0][0]

    def test_tells_who_asked_for_it(self, building, news, printed, told):
        by = UserFactory()
        made(building, by=by)
        assert (by, "leaflet-ready") in told()

    def test_by_two_workers_happens_once(self, building, news, printed):
        leaflet = made(building)
        make(leaflet, clock=clock)
        assert len(printed) == 2

    def test_again_throws_the_old_files_away(self, building, news, printed):
        first = made(building)
        second = ask(building, at=NOW + timedelta(minutes=5))
        assert (second, second.state) == (first, State.WAITING)
        assert PrivateFile.objects.kept().filter(content_type="application/pdf").count() == 0

    def test_what_was_taken_back_meanwhile_leaves_nothing_to_say(self, building, steps, people, printed):
        reached(steps, people.one, people.other)
        leaflet = ask(building)
        steps[0].journey.home.building.homes.update(building=BuildingFactory(development=building.development))
        make(leaflet, clock=clock)
        leaflet.refresh_from_db()
        assert (leaflet.state, leaflet.get_trouble_display(), printed) == (
            State.FAILED,
            "There was nothing to say of this month.",
            [],
        )


class TestKilledWorkers:
    def test_leave_a_lease_that_runs_out(self, building, news, printed):
        leaflet = ask(building)
        making.claim(leaflet, at=NOW)  # and killed
        make(leaflet, clock=clock)
        assert printed == []
        make(leaflet, clock=lambda: NOW + making.LEASE)
        leaflet.refresh_from_db()
        assert (leaflet.state, leaflet.claims) == (State.READY, 2)

    def test_one_who_comes_back_late_changes_nothing(self, building, news, printed, monkeypatch):
        leaflet = ask(building)
        monkeypatch.setattr(actions, "within", lambda *args, **kwargs: Leaflet.objects.update(lease=None) and {})
        make(leaflet, clock=clock)
        leaflet.refresh_from_db()
        assert (leaflet.state, PrivateFile.objects.filter(content_type="application/pdf").count()) == (State.WAITING, 0)

    def test_three_times_make_it_failed_and_staff_hear_of_it(self, building, news, printed, told):
        printed.fails = True
        leaflet = ask(building, by=(by := UserFactory()))
        for _each in range(making.MAX_CLAIMS + 1):
            make(leaflet, clock=clock)
        tidy_leaflets(at=NOW + timedelta(hours=1))
        make(leaflet, clock=clock)
        leaflet.refresh_from_db()
        assert (leaflet.state, leaflet.trouble, len(printed)) == (State.FAILED, "broken", 3)
        assert (by, "leaflet-failed") in told()

    def test_a_lost_task_is_queued_again(self, building, news, monkeypatch):
        queued = []
        monkeypatch.setattr(making, "queue", queued.append)
        leaflet = ask(building)
        tidy_leaflets(at=NOW + making.LEASE)
        tidy_leaflets(at=NOW + making.LEASE + timedelta(minutes=1))
        assert queued == [leaflet, leaflet]  # by whoever asked, and by the second sweep


class TestSending:
    def test_tells_exactly_those_who_follow_the_place(self, building, news, printed, told, steps):
        home = steps[0].journey.home
        family = OwnershipFactory(home=home, role=Role.FAMILY).owner
        OwnershipFactory(home=home, role=Role.TENANT)
        OwnershipFactory(home=home, former=True)
        OwnershipFactory(home__building=BuildingFactory(development=building.development))
        send_leaflet(made(building), by=None, at=NOW + timedelta(hours=1))
        owners = {step.journey.home.ownerships.get(role=Role.OWNER, state="live").owner for step in steps}
        assert {who for who, kind in told() if kind == "leaflet-sent"} == owners | {family}

    def test_twice_tells_once(self, building, news, printed, told):
        leaflet = made(building)
        for _each in range(2):
            send_leaflet(leaflet, by=None, at=NOW + timedelta(hours=1))
        assert [kind for _who, kind in told()].count("leaflet-sent") == 3

    def test_freezes_it(self, building, news, printed):
        send_leaflet(made(building), by=None, at=NOW + timedelta(hours=1))
        with pytest.raises(LeafletError, match="stays as its readers have it"):
            ask(building)

    def test_before_it_is_ready_is_refused(self, building, news):
        with pytest.raises(LeafletError, match="not ready"):
            send_leaflet(ask(building), by=None, at=NOW)

    def test_with_what_is_no_longer_so_is_refused(self, building, steps, news, people, printed):
        leaflet = made(building)
        later = NOW + timedelta(minutes=10)
        changing.withdraw_reached(steps, reason_en="A mistake", by=people.one, today=TODAY, at=later)
        with pytest.raises(LeafletError, match="made again"):
            send_leaflet(leaflet, by=None, at=later)

    def test_the_message_leads_to_the_page_and_not_to_the_file(self, building, news, printed):
        leaflet = made(building)
        send_leaflet(leaflet, by=None, at=NOW + timedelta(hours=1))
        deliver(clock=lambda: NOW + timedelta(hours=2))
        notice = Notice.objects.filter(kind="leaflet-sent", channel="inbox").first()
        assert notice.url == f"/my/leaflets/{leaflet.pk}/"
        assert notice.title == f"Progress leaflet November 2026, {building}"

    def test_whoever_sold_meanwhile_is_not_told(self, building, news, printed, steps):
        leaflet = made(building)
        send_leaflet(leaflet, by=None, at=NOW + timedelta(hours=1))
        gone = steps[0].journey.home.ownerships.get()
        gone.state, gone.until = "ended", TODAY
        gone.save()
        deliver(clock=lambda: NOW + timedelta(hours=2))
        sent = Notice.objects.filter(kind="leaflet-sent", channel="inbox", state="sent")
        assert (sent.count(), sent.filter(owner=gone.owner).count()) == (2, 0)


class TestOnTheFirstWorkingDay:
    """1 December 2026 is a Tuesday."""

    FIRST = datetime(2026, 12, 1, 0, 30, tzinfo=UTC)

    def test_the_last_month_is_prepared_once(self, building, news, told, printed):
        manager = AssignmentFactory(development=building.development).user
        prepare_leaflets(at=self.FIRST)
        prepare_leaflets(at=self.FIRST + timedelta(days=1))
        leaflet = Leaflet.objects.get()
        assert (leaflet.month, leaflet.building, leaflet.asked_by) == (NOVEMBER, building, None)
        make(leaflet, clock=lambda: self.FIRST)
        assert (manager, "leaflet-ready") in told()

    @pytest.mark.parametrize(
        "at",
        [
            datetime(2026, 11, 30, 12, tzinfo=UTC),  # the last day of the month before
            datetime(2027, 1, 1, 2, tzinfo=UTC),  # a holiday
            datetime(2026, 12, 11, 2, tzinfo=UTC),  # long over
        ],
    )
    def test_on_other_days_nothing_happens(self, building, news, at):
        post(building, at=datetime(2026, 12, 20, tzinfo=UTC))
        prepare_leaflets(at=at)
        assert Leaflet.objects.count() == 0

    def test_without_news_nothing_is_prepared(self, building, steps):
        prepare_leaflets(at=self.FIRST)
        assert Leaflet.objects.count() == 0

    def test_a_development_without_buildings_has_one_of_its_own(self):
        home = OwnershipFactory(home__building=None, home__development=BuildingFactory().development).home
        home.development.buildings.all().delete()
        post(home.development)
        prepare_leaflets(at=self.FIRST)
        assert [leaflet.place for leaflet in Leaflet.objects.all()] == [home.development]

    def test_one_place_where_it_fails_does_not_hold_up_the_others(self, building, news, monkeypatch):
        def broken(development, *, at, prepare=monthly._prepare):
            if development != building.development:
                raise RuntimeError("a row that nobody thought of")
            prepare(development, at=at)

        BuildingFactory(development__name_en="A")
        BuildingFactory(development__name_en="Z")
        monkeypatch.setattr(monthly, "_prepare", broken)
        prepare_leaflets(at=self.FIRST)
        assert [leaflet.place for leaflet in Leaflet.objects.all()] == [building]

    @override_settings(MONTHLY_LEAFLETS=False)
    def test_by_setting_nothing_is_prepared(self, building, news):
        prepare_leaflets(at=self.FIRST)
        assert Leaflet.objects.count() == 0
