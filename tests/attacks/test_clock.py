"""The clock set forwards and back, hours that do not exist, a worker that was down."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from accounts.events.models import Event
from accounts.jobs import minute
from accounts.notices.models import Notice
from progress.actions import turn_rights
from progress.models import RightState
from progress.updates import actions
from progress.updates.models import Update
from progress.updates.tasks import publish_due_updates
from tests.factories import NOW, TODAY, DevelopmentFactory, HomeFactory, OwnershipFactory, StaffFactory, UpdateFactory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def scheduled(at, **fields):
    home = OwnershipFactory().home
    update = UpdateFactory(development=home.development, state="scheduled", publish_at=at, **fields)
    update.audience.create(home=home)
    return update


def published():
    return Event.objects.filter(verb="published").count()


class TestTheClockOfTheServer:
    def test_set_back_a_day_it_publishes_nothing_twice(self):
        scheduled(NOW)
        for at in (NOW, NOW - DAY, NOW, NOW + DAY):
            publish_due_updates(at=at)
        assert (published(), Notice.objects.count()) == (1, 2)

    def test_set_forward_a_day_it_publishes_what_is_due_then(self):
        first, second = scheduled(NOW), scheduled(NOW + 2 * DAY)
        publish_due_updates(at=NOW + DAY)
        assert [Update.objects.get(pk=u.pk).state for u in (first, second)] == ["published", "scheduled"]

    def test_set_back_no_right_that_ended_lives_again(self):
        tie = OwnershipFactory(until=TODAY)
        for day in (TODAY, TODAY - DAY, TODAY - 30 * DAY):
            turn_rights(on=day)
        tie.refresh_from_db()
        assert tie.state == RightState.ENDED

    def test_set_back_a_delivered_notice_is_not_delivered_again(self, time_machine, mailoutbox):
        time_machine.move_to(NOW)
        scheduled(NOW)
        minute()
        from accounts.notices.tasks import deliver_due

        deliver_due()
        time_machine.move_to(NOW - DAY)
        minute()
        deliver_due()
        assert len(mailoutbox) == 1


class TestAWorkerThatWasDown:
    def test_a_day_later_each_update_goes_out_once_in_its_order(self, time_machine):
        updates = [scheduled(NOW + timedelta(hours=n)) for n in (3, 1, 2)]
        time_machine.move_to(NOW + DAY, tick=False)
        for _n in range(3):
            minute()
        assert (published(), Notice.objects.count()) == (3, 6)
        out = Event.objects.filter(verb="published").order_by("id").values_list("subject_id", flat=True)
        assert list(out) == [str(updates[n].pk) for n in (1, 2, 0)]

    @pytest.mark.parametrize("what", ["DoesNotExist", "boom"])
    def test_one_that_breaks_does_not_hold_up_the_others(self, monkeypatch, what):
        poison, sound = scheduled(NOW - DAY), scheduled(NOW)
        publish = actions.publish_update

        def breaks(update, **kwargs):
            if update.pk == poison.pk:
                raise Update.DoesNotExist if what == "DoesNotExist" else RuntimeError("boom")
            return publish(update, **kwargs)

        monkeypatch.setattr(actions, "publish_update", breaks)
        publish_due_updates(at=NOW)
        assert [Update.objects.get(pk=u.pk).state for u in (poison, sound)] == ["scheduled", "published"]

    @pytest.mark.parametrize(
        "change",
        [
            {"state": "draft", "publish_at": None},
            {"publish_at": NOW + DAY},
        ],
        ids=["a draft again", "put off"],
    )
    def test_what_changed_since_the_sweep_read_its_list_is_left_alone(self, change):
        update = scheduled(NOW)
        Update.objects.filter(pk=update.pk).update(**change)
        actions.publish_if_due(update, at=NOW)
        update.refresh_from_db()
        assert update.is_published is False

    def test_what_was_thrown_away_meanwhile_is_passed_over(self):
        update = scheduled(NOW)
        Update.objects.filter(pk=update.pk).delete()
        assert actions.publish_if_due(update, at=NOW) is None


def test_an_author_who_left_meanwhile_does_not_hold_it_up(told):
    """It is the company's word: whoever takes over finds it under what is under way, and may take it back."""
    staff = StaffFactory(everywhere=True)
    update = scheduled(NOW, author=staff)
    staff.assignments.update(state=RightState.ENDED, until=TODAY)
    type(staff).objects.filter(pk=staff.pk).update(is_active=False)
    publish_due_updates(at=NOW)
    assert [kind for _person, kind in told()] == ["update-published"]
    update.refresh_from_db()
    assert update.is_published


class TestHoursInADevelopmentsOwnTime:
    """Berlin leaves out 02:00 to 03:00 on 28 March 2027, and has it twice on 31 October."""

    @pytest.fixture
    def send(self, client, time_machine):
        time_machine.move_to(NOW)
        client.force_login(StaffFactory(everywhere=True))

        def post(publish_at, zone="Europe/Berlin"):
            home = HomeFactory(building__development=DevelopmentFactory(time_zone=zone))
            update = UpdateFactory(development=home.development)
            update.audience.create(home=home)
            path = reverse("site:update-schedule", args=[update.pk])
            assert client.post(path, {"publish_at": publish_at}).status_code == 302
            update.refresh_from_db()
            return update.publish_at

        return post

    @pytest.mark.parametrize("hour", ["2027-03-28T02:30", "2027-10-31T02:30"], ids=["left out", "twice"])
    def test_one_that_is_none_or_two_is_refused(self, send, hour):
        assert send(hour) is None

    def test_those_around_it_are_meant_there(self, send):
        assert send("2027-03-28T01:59") == datetime(2027, 3, 28, 0, 59, tzinfo=UTC)
        assert send("2027-03-28T03:00") == datetime(2027, 3, 28, 1, 0, tzinfo=UTC)

    @pytest.mark.parametrize("zone", ["America/New_York", "Asia/Shanghai", "Pacific/Kiritimati"])
    @pytest.mark.parametrize("hour", ["9999-12-31T23:59", "0001-01-01T00:00", "2026-02-30T10:00", "10000-01-01T00:00"])
    def test_the_ends_of_time_are_refused(self, send, zone, hour):
        assert send(hour, zone) is None
