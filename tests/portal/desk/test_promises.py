"""My day, and what is done with a promise there."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.events.models import Event
from progress.models import Assignment
from progress.promises import actions, kinds
from progress.promises.models import Promise, PromiseMove
from tests.factories import AssignmentFactory, DevelopmentFactory, HomeFactory, StaffFactory

pytestmark = pytest.mark.django_db
PLACES = ["site", "desk_updates"]


@pytest.fixture(autouse=True)
def _kinds(monkeypatch):
    monkeypatch.setattr(kinds, "_kinds", dict(kinds._kinds))

    @kinds.register("call-back")
    class CallBack(kinds.Kind):
        label = "A call back"


@pytest.fixture
def home():
    return HomeFactory(development=DevelopmentFactory(), building=None)


@pytest.fixture
def manager(home, client):
    user = StaffFactory(group="Site managers", development=home.development)
    client.force_login(user)
    return user


def promised(home, key="1", days=3, **kwargs):
    made = timezone.now() - timedelta(days=10)
    due_at = timezone.now() + timedelta(days=days)
    return actions.open_promise(
        key=key, kind="call-back", development=home.development, home=home, due_at=due_at, by=None, at=made, **kwargs
    )


@pytest.mark.parametrize("place", PLACES)
def test_my_day_shows_what_is_late_first(client, manager, home, place):
    late, to_come = promised(home, "late", days=-1), promised(home, "to come")
    promised(home, "somebody else's", responsible=StaffFactory(development=home.development))
    actions.keep_promise(promised(home, "kept"), by=None, at=timezone.now())
    context = client.get(reverse(f"{place}:my-day")).context
    assert (context["late"], context["to_come"]) == ([late], [to_come])


def test_my_day_asks_as_much_for_one_promise_as_for_three(client, manager, home):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("site:my-day"))
        return len(queries)

    promised(home)
    asked()  # the first visit makes the session and reads the site
    for_one = asked()
    promised(home, "2")
    promised(home, "3")
    assert asked() == for_one


@pytest.mark.parametrize("place", PLACES)
def test_keeping_it_says_what_came_of_it(client, manager, home, place):
    promise = promised(home)
    answer = client.post(reverse(f"{place}:promise-keep", args=[promise.pk]), {"outcome": "Rang, all well"})
    promise.refresh_from_db()
    assert answer.url == reverse(f"{place}:promise", args=[promise.pk])
    assert (promise.state, promise.outcome, promise.settled_by) == (Promise.State.KEPT, "Rang, all well", manager)
    assert Event.objects.get(verb="kept").actor == manager


def test_moving_is_in_the_time_of_the_development(client, manager, home):
    promise = promised(home)
    day = (timezone.localtime(promise.due_at) + timedelta(days=2)).date()
    given = {"due_at": f"{day}T09:30", "reason_en": "The lift is being mended."}
    client.post(reverse("site:promise-move", args=[promise.pk]), given)
    moved = PromiseMove.objects.get()
    assert timezone.localtime(moved.to_due_at).strftime("%Y-%m-%d %H:%M") == f"{day} 09:30"


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"due_at": "", "reason_en": "x"}, "Please give the new time."),
        ({"due_at": "2020-01-01T10:00", "reason_en": "x"}, "This time is past."),
        ({"due_at": "2090-01-01T10:00"}, "Please say why the time changes."),
        ({"due_at": "soon", "reason_en": "x"}, "Enter a valid date/time."),
    ],
)
def test_a_move_that_is_refused_keeps_what_was_written(client, manager, home, given, why):
    answer = client.post(reverse("site:promise-move", args=[promised(home).pk]), given)
    page = answer.content.decode()
    assert (answer.status_code, why in page, PromiseMove.objects.count()) == (200, True, 0)


def test_waiving_without_a_reason_is_refused(client, manager, home):
    promise = promised(home)
    client.post(reverse("site:promise-waive", args=[promise.pk]), {"reason": " "})
    promise.refresh_from_db()
    assert promise.state == Promise.State.DUE


def test_handing_over_only_to_colleagues_of_the_development(client, manager, home):
    promise = promised(home)
    here = AssignmentFactory(role=Assignment.Role.SITE_MANAGER, development=home.development).user
    elsewhere = AssignmentFactory(role=Assignment.Role.SITE_MANAGER).user
    client.post(reverse("site:promise-hand-over", args=[promise.pk]), {"to": elsewhere.pk})
    promise.refresh_from_db()
    assert promise.responsible is None
    client.post(reverse("site:promise-hand-over", args=[promise.pk]), {"to": here.pk})
    promise.refresh_from_db()
    assert promise.responsible == here


def test_a_promise_settled_in_another_tab_says_so(client, manager, home):
    promise = promised(home)
    actions.waive_promise(promise, reason="Not wanted", by=None, at=timezone.now())
    page = client.post(reverse("site:promise-keep", args=[promise.pk]), {}).content.decode()
    assert "settled already" in page


@pytest.mark.parametrize("verb", ["keep", "move", "waive", "hand-over"])
def test_a_verb_is_never_a_get(client, manager, home, verb):
    assert client.get(reverse(f"site:promise-{verb}", args=[promised(home).pk])).status_code == 405


def test_the_ledger_lists_the_promises_of_ones_developments(client, manager, home):
    mine = promised(home)
    promised(HomeFactory(), "elsewhere")
    rows = client.get(reverse("desk_promise:index")).context["object_list"]
    assert list(rows) == [mine]


def test_how_well_promises_are_kept_is_counted_by_month_kind_team_and_person(client, manager, home):
    made = timezone.now() - timedelta(days=20)

    def settled(key, state, **kwargs):
        promise = promised(home, key, days=-1, **kwargs)
        if state == "kept":
            actions.keep_promise(promise, by=None, at=made)
        elif state == "late":
            actions.keep_promise(promise, by=None, at=timezone.now())
        elif state == "waived":
            actions.waive_promise(promise, reason="Not wanted", by=None, at=made)
        else:
            Promise.objects.filter(pk=promise.pk).update(state=state)

    for number, state in enumerate(["kept", "kept", "late", "missed", "waived"]):
        settled(str(number), state)
    settled("named", "kept", responsible=manager)
    promised(HomeFactory(), "elsewhere", days=-1)
    page = client.get(reverse("desk_promise:kept"))
    by = {
        title: [(row["name"], row["kept"], row["late"], row["missed"], row["share"]) for row in rows]
        for title, rows in page.context["tables"]
    }
    assert by == {
        "By kind": [("A call back", 3, 1, 1, 60)],
        "By touchpoint": [("at no touchpoint", 3, 1, 1, 60)],
        "By team": [("site manager", 3, 1, 1, 60)],
        "By person": [("nobody named", 2, 1, 1, 50), (str(manager), 1, 0, 0, 100)],
        "By rule of care": [],
    }
    assert sum(bar["value"] is not None for bar in page.context["months"]) == 1
    assert len(page.context["months"]) == 12


def test_counting_is_narrowed_and_a_choice_that_is_none_is_no_error(client, manager, home):
    Promise.objects.filter(pk=promised(home, days=-1).pk).update(state="missed")
    counted = {
        query: len(client.get(reverse("desk_promise:kept") + query).context["tables"][0][1])
        for query in ["", "?kind=call-back", "?team=supervisor", "?kind=x&development=x"]
    }
    assert counted == {"": 1, "?kind=call-back": 1, "?team=supervisor": 0, "?kind=x&development=x": 1}


def test_the_new_time_of_a_promise_is_not_optional(client, manager, home):
    page = client.get(reverse("site:promise", args=[promised(home).pk])).content.decode()
    asked = next(piece for piece in page.split("<input") if 'name="due_at"' in piece)
    assert "required" in asked.split(">")[0]
