"""What owners see of care after the keys: checks to come and done, what a rule says, their own look over the home."""

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.care.checks import filling, signing
from portal.care.checks.models import Check, CheckForm, FormItem, Result
from portal.care.checks.planning import plan_check
from portal.care.models import Rule
from portal.care.opening import open_promises
from progress.promises.models import Promise
from tests.accounts.files.pictures import photo
from tests.factories import OwnershipFactory, PrivateFileFactory, StaffFactory
from tests.portal.care.factories import NOW, RuleFactory, home_with_keys

pytestmark = pytest.mark.django_db
ASKED = datetime(2027, 2, 8, 2, tzinfo=UTC)
BY = "1 March 2027"


@pytest.fixture
def tie(client):
    Rule.objects.all().delete()
    RuleFactory(code="three-months", product="check", form="three-months")
    with time_machine.travel(NOW, tick=False) as clock:
        tie = home_with_keys()
        open_promises(at=NOW)
        tie.clock = clock
        client.force_login(tie.owner.user)
        yield tie


@pytest.fixture
def promise(tie):
    return Promise.objects.get(kind="care-check")


@pytest.fixture
def check(client, tie, promise):
    """Its household has been asked for a time."""
    tie.clock.move_to(ASKED)
    client.force_login(tie.owner.user)
    return plan_check(promise=promise, form_code="three-months", at=ASKED)


def page(client, name, *args):
    response = client.get(reverse(f"home:{name}", args=args))
    return response, " ".join(response.content.decode().split())


def as_(client, home, role):
    client.force_login(OwnershipFactory(home=home, role=role).owner.user)


def reminder(tie, *, code="warranty-60", form="self-check", **fields):
    fields = {"product": "reminder", "form": form, "message_en": "Please look.", "message_zh": "请看看。"} | fields
    rule = RuleFactory(code=code, **fields)
    open_promises(at=NOW)
    return Promise.objects.get(rule=rule.code)


def say(client, check, item, verdict="pass", **given):
    url = reverse("home:check-record", args=[check.pk, item.pk])
    return client.post(url, {"op": uuid.uuid4(), "verdict": verdict} | given)


def begun(client, tie):
    client.post(reverse("home:check-start", args=[tie.home.pk, "self-check"]))
    return Check.objects.get(self_check=True)


class TestToCome:
    def test_a_check_long_before_anybody_is_asked_says_by_when(self, client, tie, promise):
        response, text = page(client, "checks", tie.home.pk)
        assert (response.context["promised"], response.context["coming"]) == ([promise], [])
        assert f"We promised it by {BY}." in text
        assert reverse("home:care", args=[promise.pk]) in text

    def test_one_that_is_asked_for_is_booked_from_the_list_the_reminder_and_its_page(self, client, tie, check):
        times = f"{reverse('home:visit-times', args=[tie.home.pk, 'check'])}?visit={check.visit_id}"
        for name, key in (("checks", tie.home.pk), ("care", check.promise_id), ("check", check.pk)):
            assert f'href="{times}"' in page(client, name, key)[1]
        assert page(client, "checks", tie.home.pk)[0].context["promised"] == []

    def test_the_front_says_what_is_next_until_its_time_is_booked(self, client, tie, promise):
        response, text = page(client, "home", tie.home.pk)
        assert response.context["next_check"] == promise
        assert f'Next check: Three-month visit, by <span class="num">{BY}</span>' in text
        Promise.objects.update(state="booked")
        assert page(client, "home", tie.home.pk)[0].context["next_check"] is None

    def test_what_is_asked_by_telephone_is_no_check_of_theirs(self, client, tie, promise):
        Rule.objects.update(form="friday")
        assert CheckForm.objects.get(code="friday", state="on").by == "call"
        assert page(client, "home", tie.home.pk)[0].context["next_check"] is None
        assert page(client, "checks", tie.home.pk)[0].context["promised"] == []

    def test_a_tenant_sees_checks_and_not_what_rules_promise_the_owners(self, client, tie, promise):
        as_(client, tie.home, "tenant")
        response, text = page(client, "checks", tie.home.pk)
        assert response.context["promised"] == [promise]
        assert reverse("home:care", args=[promise.pk]) not in text
        assert page(client, "care", promise.pk)[0].status_code == 404
        assert page(client, "home", tie.home.pk)[0].context["next_check"] == promise

    def test_a_former_owner_finds_nothing(self, client, tie, check):
        tie.state, tie.until = "ended", date(2027, 2, 7)
        tie.save()
        for name, key in (("checks", tie.home.pk), ("care", check.promise_id), ("check", check.pk)):
            assert page(client, name, key)[0].status_code == 404

    def test_promises_lead_to_what_they_are_about(self, client, tie, promise):
        text = page(client, "promises", tie.home.pk)[1]
        assert "Three-month visit" in text
        assert f'href="{reverse("home:care", args=[promise.pk])}"' in text

    def test_three_checks_cost_as_many_queries_as_one(self, client, tie, promise):
        form, counts = CheckForm.objects.get(code="one-year", state="on"), []
        for rows in ([1], [2, 3]):
            for number in rows:
                RuleFactory(code=f"more-{number}", product="check", form="one-year", offset=4 + number)
                Check.objects.create(home=tie.home, development=tie.home.development, form=form, planned_at=NOW)
            open_promises(at=NOW)
            client.get(reverse("home:checks", args=[tie.home.pk]))
            with CaptureQueriesContext(connection) as queries:
                response = client.get(reverse("home:checks", args=[tie.home.pk]))
            counts.append((len(queries), len(response.context["promised"]), len(response.context["coming"])))
        assert counts == [(counts[0][0], 2, 1), (counts[0][0], 4, 3)]


class TestDone:
    @pytest.fixture
    def filled(self, tie, check):
        """One item was not in order."""
        inspector = StaffFactory(group="Site managers", development=tie.home.development)
        for number, item in enumerate(check.form.items.all()):
            given = {"value": "0.2", "unit": item.unit} if item.measured else {}
            filling.record(
                check,
                result_id=uuid.uuid4(),
                item=item,
                verdict="pass" if number else "fail",
                by=inspector,
                done_at=ASKED,
                at=ASKED,
                **given,
            )
        return filling.finish(check, by=inspector, at=ASKED)

    def test_what_waits_for_a_signature_stands_on_the_front_for_owners_alone(self, client, tie, filled):
        asked = page(client, "home", tie.home.pk)[0].context["needs"]
        url = reverse("home:check", args=[filled.pk])
        assert [need.title for need in asked if need.url == url] == ["Three-month visit"]
        as_(client, tie.home, "family")
        asked = page(client, "home", tie.home.pk)[0].context["needs"]
        assert [need for need in asked if need.url == url] == []

    def test_signed_by_its_owner_the_promise_is_kept_and_the_report_is_theirs(self, client, tie, filled):
        client.post(reverse("home:check-sign", args=[filled.pk]))
        filled.refresh_from_db()
        assert (filled.stage, filled.signed_by, filled.promise.state) == ("signed", tie.owner, "kept")
        Check.objects.update(pdf=PrivateFileFactory(), state="ready", ready_at=ASKED, asked_at=ASKED, as_of=ASKED)
        text = page(client, "checks", tie.home.pk)[1]
        assert "1 item not in order" in text
        assert reverse("home:check-report", args=[filled.pk]) in text

    def test_what_was_not_in_order_leads_to_its_ticket_whoever_may_read_it(self, client, tie, filled):
        ticket = Result.objects.get(verdict="fail").ticket
        link = f'href="{reverse("home:ticket", args=[ticket.pk])}"'
        assert link in page(client, "check", filled.pk)[1]
        as_(client, tie.home, "tenant")
        response, text = page(client, "check", filled.pk)
        assert (response.status_code, link in text) == (200, False)


class TestMessages:
    def test_it_says_what_the_rule_says_and_begins_the_look_over_the_home(self, client, tie):
        promise = reminder(tie)
        text = page(client, "care", promise.pk)[1]
        assert "Please look." in text
        assert reverse("home:check-start", args=[tie.home.pk, "self-check"]) in text
        as_(client, tie.home, "family")
        assert reverse("home:check-start", args=[tie.home.pk, "self-check"]) not in page(client, "care", promise.pk)[1]

    def test_one_that_no_longer_applies_says_so(self, client, tie):
        promise = reminder(tie)
        Promise.objects.filter(pk=promise.pk).update(state="void", settled_at=NOW)
        assert "This no longer applies." in page(client, "care", promise.pk)[1]

    def test_what_colleagues_owe_has_no_page(self, client, tie):
        promise = reminder(tie, product="task", form="")
        assert page(client, "care", promise.pk)[0].status_code == 404


class TestSelfCheck:
    def test_begun_it_waits_on_the_front_and_is_one_at_a_time(self, client, tie):
        check = begun(client, tie)
        assert begun(client, tie) == check
        say(client, check, check.form.items.first())
        [need] = [need for need in page(client, "home", tie.home.pk)[0].context["needs"] if need.icon == "check"]
        assert need.url == reverse("home:check", args=[check.pk])

    def test_what_is_not_in_order_is_a_ticket_of_the_day_it_was_seen(self, client, tie):
        check, seen = begun(client, tie), NOW - timedelta(hours=5)
        for number, item in enumerate(check.form.items.all()):
            made = {"made_at": seen.isoformat(), "sent_at": NOW.isoformat(), "photos": photo()}
            say(client, check, item, *([] if number else ["fail"]), **made)
        client.post(reverse("home:check-finish", args=[check.pk]))
        check.refresh_from_db()
        [ticket] = tie.home.tickets.all()
        who = (check.signed_by, ticket.owner)
        assert (check.stage, ticket.reported_at, who) == ("signed", seen, (tie.owner, tie.owner))

    def test_it_is_not_sent_while_something_is_unanswered(self, client, tie):
        check = begun(client, tie)
        say(client, check, check.form.items.first())
        response = client.post(reverse("home:check-finish", args=[check.pk]), follow=True)
        check.refresh_from_db()
        assert check.stage == "begun"
        assert [str(message) for message in response.context["messages"]] == ["4 items are not answered yet."]

    def test_a_measured_item_asks_for_its_number_in_its_unit(self, client, tie):
        form = CheckForm.objects.get(code="self-check", state="on")
        item = FormItem.objects.create(form=form, code="v", text_en="Voltage", measured=True, unit="V", low=198)
        check = begun(client, tie)
        assert "Measured, in V" in page(client, "check", check.pk)[1]
        say(client, check, item, value="197")
        assert Result.objects.get().verdict == "fail"

    def test_filled_in_and_cut_off_before_the_signature_it_can_still_be_signed(self, client, tie):
        check = begun(client, tie)
        for item in check.form.items.all():
            say(client, check, item)
        filling.finish(check, by=tie.owner.user, at=NOW)
        assert reverse("home:check-sign", args=[check.pk]) in page(client, "check", check.pk)[1]
        assert signing.sign(check, owner=tie.owner, by=tie.owner.user, at=NOW).stage == "signed"
