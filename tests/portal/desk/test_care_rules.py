"""Rules of care on the desk: read by all staff, drafted, looked at, handed in, approved and switched off."""

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from accounts.events.models import Event
from portal.care.models import Rule
from portal.care.opening import open_promises
from progress.promises.models import Promise
from tests.factories import DevelopmentFactory, StaffFactory
from tests.portal.care.factories import KEYS, NOW, RuleFactory, home_with_keys

State = Rule.State
DRAFT = {"state": State.DRAFT, "starts_on": None, "on_at": None}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def supervisor():
    return StaffFactory(group="Supervisors", everywhere=True)


@pytest.fixture
def desk(client, supervisor):
    client.force_login(supervisor)
    return client


def url(name, rule=None):
    return reverse(f"desk_care:{name}", args=[rule.pk] if rule else [])


def read(response):
    return " ".join(response.content.decode().split())


def drafted(**given):
    """As the browser posts a draft: three months after the keys, a task."""
    return {
        "name_en": "Tea after three months",
        "name_zh": "",
        "occasion": "milestone:new_home/handover/keys",
        "length": 3,
        "unit": "months",
        "direction": "after",
        "roll": "later",
        "at_time": "18:00",
        "product": "task",
        "team": "customer_service",
        "sample_percent": 100,
        "late_days": 0,
        "steps-TOTAL_FORMS": 1,
        "steps-INITIAL_FORMS": 0,
        "steps-0-days": 5,
        "steps-0-direction": "before",
        "steps-0-to": ["answerable", "supervisor"],
    } | given


class TestList:
    def test_it_says_when_what_and_how_it_was_kept_this_quarter(self, desk):
        home_with_keys(KEYS - timedelta(days=90))
        RuleFactory(code="tea", name_en="Tea", offset=0, starts_on=date(2026, 1, 1))
        open_promises(at=NOW)
        Promise.objects.filter(rule="tea").update(
            state="late", due_at=NOW - timedelta(days=3), settled_at=NOW, made_at=NOW - timedelta(days=30)
        )
        groups = desk.get(url("rules")).context["groups"]
        line = next(line for _name, lines in groups for line in lines if line.rule.code == "tea")
        assert line.kept == {"kept": 0, "late": 1, "missed": 0, "share": 0}
        assert line.when == "new home · Handover · Your keys"

    def test_a_draft_beside_the_version_that_is_on_is_named(self, desk):
        on = RuleFactory(code="tea")
        desk.post(url("new-version", on))
        lines = [line for _name, lines in desk.get(url("rules")).context["groups"] for line in lines]
        assert [(line.rule, line.follows.version) for line in lines if line.rule.code == "tea"] == [(on, 2)]

    def test_three_rules_with_promises_cost_as_many_queries_as_one(self, desk, django_assert_max_num_queries):
        def queries():
            with django_assert_max_num_queries(60) as captured:
                desk.get(url("rules"))
            return len(captured)

        RuleFactory()
        queries()
        one = queries()
        RuleFactory.create_batch(2, development=DevelopmentFactory())
        assert queries() == one

    def test_it_says_when_nothing_looks_after_the_rules(self, desk):
        from accounts.notices.models import Heartbeat

        Heartbeat.objects.beat("care", at=NOW - timedelta(hours=1))
        assert "Nothing looks after the rules" in read(desk.get(url("rules")))

    def test_a_colleague_of_one_development_reads_those_of_the_company_and_changes_none(self, client):
        here, elsewhere = DevelopmentFactory(), DevelopmentFactory()
        client.force_login(StaffFactory(group="Supervisors", development=here))
        company, theirs, own = RuleFactory(), RuleFactory(development=elsewhere), RuleFactory(development=here)
        assert [client.get(url("rule", rule)).status_code for rule in (company, theirs, own)] == [200, 404, 200]
        assert [client.get(url("dry-run", rule)).status_code for rule in (company, theirs, own)] == [404, 404, 200]
        assert [client.post(url("off", rule)).status_code for rule in (company, theirs)] == [404, 404]


class TestDraft:
    def test_it_is_saved_with_what_was_chosen_and_shows_whom_it_would_reach(self, desk):
        answer = desk.post(url("add"), drafted())
        rule = Rule.objects.get(name_en="Tea after three months")
        assert (rule.code, rule.state, rule.anchor, rule.anchor_code, rule.offset) == (
            "tea-after-three-months",
            State.DRAFT,
            "milestone",
            "new_home/handover/keys",
            3,
        )
        assert rule.steps == [{"days": -5, "to": ["answerable", "supervisor"]}]
        assert answer.url == url("dry-run", rule)

    def test_before_is_a_negative_offset_and_a_second_of_the_name_has_a_code_of_its_own(self, desk):
        desk.post(url("add"), drafted())
        desk.post(url("add"), drafted(direction="before", occasion="warranty:water"))
        rule = Rule.objects.get(code="tea-after-three-months-2")
        assert (rule.offset, rule.anchor, rule.anchor_code) == (-3, "warranty", "water")
        page = desk.get(url("change", rule))
        assert [page.context["form"][name].value() for name in ("occasion", "length", "direction")] == [
            "warranty:water",
            3,
            "before",
        ]

    def test_what_cannot_be_kept_is_said_beside_its_field(self, desk):
        bad = [
            ({"product": "check"}, "form"),
            ({"weekday": 4}, "weekday"),
            ({"product": "reminder"}, "message_en"),
            ({"occasion": "enquiry:", "product": "check", "form": "one-year"}, "product"),
            ({"name_en": ""}, "name_en"),
            ({"length": 4000}, "length"),
            ({"occasion": "milestone:new_home/no/such"}, "occasion"),
            ({"occasion": "date:"}, "on_day"),
        ]
        found = [list(desk.post(url("add"), drafted(**given)).context["form"].errors) for given, _field in bad]
        assert found == [[field] for _given, field in bad]
        assert not Rule.objects.filter(name_en__startswith="Tea").exists()

    def test_one_that_was_on_is_not_changed(self, desk):
        rule = RuleFactory(name_en="Tea")
        assert desk.post(url("change", rule), drafted()).url == url("rule", rule)
        assert Rule.objects.get(pk=rule.pk).name_en == "Tea"

    def test_a_rule_for_all_developments_is_written_by_whoever_works_everywhere(self, client):
        here = DevelopmentFactory()
        client.force_login(StaffFactory(group="Supervisors", development=here))
        assert client.post(url("add"), drafted()).context["form"].errors["development"] == ["This field is required."]
        client.post(url("add"), drafted(development=here.pk))
        assert Rule.objects.get(name_en="Tea after three months").development == here


class TestDryRun:
    def test_it_draws_the_months_and_writes_nothing(self, desk):
        for _home in range(2):
            home = home_with_keys().home
        page = desk.get(url("dry-run", RuleFactory(**DRAFT)))
        drawn = [(bar["label"], bar["value"]) for bar in page.context["bars"]]
        assert (len(drawn), drawn[:4]) == (12, [("Dec", 0), ("Jan", 0), ("Feb", 0), ("Mar", 2)])
        assert (page.context["found"].homes, str(home) in read(page)) == (2, True)
        assert not Promise.objects.filter(rule__startswith="rule-").exists()

    def test_one_that_reaches_everybody_today_says_so_and_waits_for_a_second_person(self, desk, client):
        for _home in range(2):
            home_with_keys()
        rule = RuleFactory(**DRAFT, offset=0)
        assert "It would reach everybody today" in read(desk.get(url("dry-run", rule)))
        assert "reach everybody today" in read(desk.post(url("hand-in", rule), follow=True))
        desk.post(url("hand-in", rule), {"knowingly": "on"})
        assert Rule.objects.get(pk=rule.pk).state == State.WAITING

    def test_it_is_taken_out_as_a_file_and_that_is_noted(self, desk):
        home = home_with_keys().home
        rule = RuleFactory(**DRAFT)
        answer = desk.post(url("take-out", rule))
        lines = answer.content.decode("utf-8-sig").splitlines()
        assert lines[0] == "Development,Home,Counted from,Due"
        assert [line.split(",")[-2:] for line in lines[1:]] == [["2026-12-01", "2027-03-01 18:00"]]
        assert str(home) in lines[1]
        assert Event.objects.filter(verb="exported", subject_id=str(rule.pk)).count() == 1

    def test_more_than_a_file_holds_is_refused(self, desk, monkeypatch):
        monkeypatch.setattr("portal.desk.care.dry_run.MOST", 1)
        for _home in range(2):
            home_with_keys()
        assert "too much for one file" in read(desk.post(url("take-out", RuleFactory(**DRAFT)), follow=True))


class TestSwitching:
    def test_a_second_person_switches_on_what_reaches_many(self, desk, client, settings):
        settings.CARE_APPROVAL_ABOVE = 0
        home_with_keys()
        rule = RuleFactory(**DRAFT)
        assert "Hand it in for approval" in read(desk.get(url("dry-run", rule)))
        desk.post(url("hand-in", rule))
        assert "Approve and switch on" not in read(desk.get(url("rule", rule)))
        assert "Somebody else has to approve it" in read(desk.post(url("approve", rule), follow=True))
        client.force_login(StaffFactory(group="Supervisors", everywhere=True))
        client.post(url("approve", rule))
        assert Rule.objects.get(pk=rule.pk).state == State.ON

    def test_switching_off_asks_what_becomes_of_open_promises(self, desk):
        home_with_keys()
        left = {}
        for choice in ("stand", "go"):
            rule = RuleFactory(code=f"tea-{choice}")
            open_promises(at=NOW)
            desk.post(url("off", rule), {})
            assert Rule.objects.get(pk=rule.pk).state == State.ON
            desk.post(url("off", rule), {"promises": choice})
            assert Rule.objects.get(pk=rule.pk).state == State.OFF
            left[choice] = Promise.objects.open().filter(rule=rule.code).count()
        assert left == {"stand": 1, "go": 0}

    def test_a_standard_kept_by_another_part_is_shown_and_not_touched(self, desk):
        rule = Rule.objects.get(code="order-confirmed")
        assert "Another part of the portal keeps this standard" in read(desk.get(url("rule", rule)))
        assert [desk.post(url(name, rule)).status_code for name in ("off", "new-version")] == [404, 404]


def test_the_owners_words_are_shown_in_both_languages(desk):
    rule = RuleFactory(product="reminder", message_en="Ask {people}.", message_zh="请联系{people}。")
    assert [str(text) for *_titles, text in desk.get(url("rule", rule)).context["messages_shown"]] == [
        "Ask service centre.",
        "请联系客户服务中心。",
    ]


def test_the_report_of_promises_has_a_line_for_each_rule(desk):
    home_with_keys(KEYS - timedelta(days=10))
    RuleFactory(code="tea", name_en="Tea", offset=0, starts_on=date(2026, 1, 1))
    open_promises(at=NOW)
    Promise.objects.filter(rule="tea").update(
        state="missed", due_at=NOW - timedelta(days=3), made_at=NOW - timedelta(9)
    )
    tables = dict(desk.get(reverse("desk_promise:kept")).context["tables"])
    assert [(row["name"], row["missed"]) for row in tables["By rule of care"]] == [("Tea", 1)]
