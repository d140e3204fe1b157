"""What owners see of what was promised to them."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from progress.models import Role
from progress.promises import actions, kinds
from progress.updates.silence import CODE
from tests.factories import OwnershipFactory, UpdateFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _kinds(monkeypatch):
    monkeypatch.setattr(kinds, "_kinds", dict(kinds._kinds))

    @kinds.register("call-back")
    class CallBack(kinds.Kind):
        label = "A call back"

    @kinds.register("internal")
    class Internal(CallBack):
        shown = False


@pytest.fixture
def tie(client):
    tie = OwnershipFactory()
    client.force_login(tie.owner.user)
    return tie


def promised(home, key="1", days=3, kind="call-back", **kwargs):
    due_at, made = timezone.now() + timedelta(days=days), timezone.now() - timedelta(days=10)
    return actions.open_promise(
        key=key, kind=kind, development=home.development, home=home, due_at=due_at, by=None, at=made, **kwargs
    )


def page_of(client, home):
    return client.get(reverse("home:promises", args=[home.pk]))


def test_what_is_to_come_stands_before_what_came_of_the_others(client, tie):
    later, soon = promised(tie.home, "later", days=5), promised(tie.home, "soon", days=1)
    kept = actions.keep_promise(promised(tie.home, "kept"), outcome="Rang", by=None, at=timezone.now())
    actions.void_promise(promised(tie.home, "void"), by=None, at=timezone.now())
    context = page_of(client, tie.home).context
    assert (context["open"], list(context["settled"])) == ([soon, later], [kept])


def test_a_missed_promise_says_so(client, tie):
    promise = promised(tie.home, days=-1)
    type(promise).objects.filter(pk=promise.pk).update(state="missed")
    assert ">Missed<" in page_of(client, tie.home).content.decode().replace("</svg>", ">").replace(">>", ">")


def test_a_moved_promise_keeps_its_old_day_and_says_why(client, tie):
    promise = promised(tie.home)
    later = promise.due_at + timedelta(days=2)
    actions.move_promise(promise, due_at=later, reason_en="The lift is being mended.", by=None, at=timezone.now())
    page = page_of(client, tie.home).content.decode()
    assert ("<del>" in page, "The lift is being mended." in page) == (True, True)


def test_what_is_not_for_owners_or_for_another_is_not_shown(client, tie):
    promised(tie.home, "internal", kind="internal")
    promised(tie.home, "another's", owner=OwnershipFactory(home=tie.home).owner)
    promised(OwnershipFactory().home, "elsewhere")
    assert page_of(client, tie.home).context["open"] == []


def test_a_tenant_sees_only_what_was_promised_to_them(client, tie):
    tenant = OwnershipFactory(home=tie.home, role=Role.TENANT).owner
    promised(tie.home, "the home's")
    theirs = promised(tie.home, "theirs", owner=tenant)
    client.force_login(tenant.user)
    assert page_of(client, tie.home).context["open"] == [theirs]


def test_a_stranger_finds_nothing(client, tie):
    assert page_of(client, OwnershipFactory().home).status_code == 404


def test_three_promises_cost_as_many_queries_as_one(client, tie):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            page_of(client, tie.home)
        return len(queries)

    promised(tie.home)
    asked()
    for_one = asked()
    promised(tie.home, "2")
    promised(tie.home, "3")
    assert asked() == for_one


def test_what_came_of_the_news_that_was_promised_is_shown(client, tie):
    update = UpdateFactory(development=tie.home.development, homes=[tie.home])
    elsewhere = UpdateFactory(development=tie.home.development)

    def news(about, days):
        return actions.open_promise(
            key=f"{CODE}:{about.pk}",
            kind=CODE,
            development=about.development,
            subject=about,
            due_at=timezone.now() + timedelta(days=days),
            by=None,
            at=timezone.now() - timedelta(days=20),
        )

    late = actions.keep_promise(news(update, -6), by=None, at=timezone.now())
    actions.keep_promise(news(elsewhere, -6), by=None, at=timezone.now())
    assert list(page_of(client, tie.home).context["settled"]) == [late]
    client.force_login(OwnershipFactory(home=tie.home, role=Role.TENANT).owner.user)
    assert list(page_of(client, tie.home).context["settled"]) == []


def test_the_journey_leads_there(client, tie):
    page = client.get(reverse("home:journey", args=[tie.home.pk])).content.decode()
    assert f'href="{reverse("home:promises", args=[tie.home.pk])}"' in page
