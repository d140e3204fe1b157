"""Rules come and go as versions, and say beforehand whom they would reach."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.events.models import Event
from portal.care import switching
from portal.care.choosing import check
from portal.care.errors import CareError
from portal.care.models import Anchor, Product, Rule
from portal.care.opening import open_promises
from portal.care.reach import reach
from portal.care.wording import message_of
from progress.promises.models import Promise
from tests.concurrency import all_at_once, without_locks
from tests.factories import ContactFactory, UserFactory

from .factories import KEYS, NOW, RuleFactory, home_with_keys

TODAY = date(2026, 12, 1)
State = Rule.State

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff():
    return UserFactory()


@pytest.fixture
def colleague():
    return UserFactory()


def draft(**given):
    return RuleFactory(**{"state": State.DRAFT, "starts_on": None, "on_at": None} | given)


def verbs(rule):
    return list(Event.objects.filter(subject_id=str(rule.pk)).order_by("pk").values_list("verb", flat=True))


class TestOn:
    def test_one_that_reaches_few_is_on_at_once_for_days_from_today(self, staff):
        home_with_keys()
        rule = switching.hand_in(draft(), by=staff, at=NOW)
        assert (rule.state, rule.starts_on, rule.on_at, rule.reach) == (State.ON, TODAY, NOW, 1)
        assert verbs(rule) == ["handed in", "switched on"]

    def test_one_that_reaches_more_waits_for_a_second_person(self, staff, colleague, settings):
        settings.CARE_APPROVAL_ABOVE = 1
        for _home in range(2):
            home_with_keys()
        rule = switching.hand_in(draft(), by=staff, at=NOW)
        assert (rule.state, rule.reach) == (State.WAITING, 2)
        with pytest.raises(CareError, match="Somebody else"):
            switching.approve(rule, by=staff, at=NOW)
        rule = switching.approve(rule, by=colleague, at=NOW)
        assert (rule.state, rule.approved_by) == (State.ON, colleague)
        assert verbs(rule) == ["handed in", "approved", "switched on"]

    def test_one_that_has_grown_since_is_handed_in_anew(self, staff, colleague, settings):
        settings.CARE_APPROVAL_ABOVE = 0
        home_with_keys()
        rule = switching.hand_in(draft(), by=staff, at=NOW)
        home_with_keys()
        with pytest.raises(CareError, match="2 homes by now, not 1"):
            switching.approve(rule, by=colleague, at=NOW)
        switching.hand_in(rule, by=staff, at=NOW)
        assert switching.approve(rule, by=colleague, at=NOW).state == State.ON

    def test_one_that_would_reach_everybody_today_is_refused_or_looked_at_by_two(self, staff):
        for _home in range(2):
            home_with_keys()
        rule = draft(anchor=Anchor.DATE, anchor_code="", on_day=TODAY, offset=0, unit="days")
        with pytest.raises(CareError, match="everybody today: 2 homes"):
            switching.hand_in(rule, by=staff, at=NOW)
        assert switching.hand_in(rule, by=staff, at=NOW, knowingly=True).state == State.WAITING

    def test_what_waits_can_be_taken_back(self, staff, settings):
        settings.CARE_APPROVAL_ABOVE = -1
        rule = switching.hand_in(draft(), by=staff, at=NOW)
        assert switching.take_back(rule, by=staff, at=NOW).state == State.DRAFT

    def test_approved_by_whoever_handed_it_in_is_impossible_even_without_the_action(self, staff):
        with pytest.raises(IntegrityError, match="care_rule_second_person"), transaction.atomic():
            RuleFactory(handed_in_by=staff, approved_by=staff)


class TestVersions:
    def test_the_next_version_takes_over_and_what_was_promised_stands(self, staff):
        home_with_keys()
        first = RuleFactory(code="visit")
        open_promises(at=NOW, rules=[first])
        second = switching.new_version(first, by=staff, at=NOW)
        assert (second.version, second.state, second.offset) == (2, State.DRAFT, 3)
        assert switching.new_version(first, by=staff, at=NOW) == second
        second.offset = 4
        switching.hand_in(switching.save_draft(second, by=staff, at=NOW), by=staff, at=NOW)
        first.refresh_from_db()
        assert (first.state, first.off_at) == (State.OFF, NOW)
        second = Rule.objects.on().get(code="visit")
        assert open_promises(at=NOW, rules=[second]) == 0
        assert Promise.objects.get().due_at.date() == date(2027, 3, 1)

    def test_two_versions_are_never_on_even_without_the_action(self):
        RuleFactory(code="visit")
        with pytest.raises(IntegrityError, match="care_rule_on_once|care_rule.code"), transaction.atomic():
            RuleFactory(code="visit", version=2)

    def test_what_was_ever_on_is_not_changed(self, staff):
        rule = RuleFactory()
        for act in (switching.save_draft, switching.hand_in, switching.take_back, switching.approve):
            with pytest.raises(CareError):
                act(rule, by=staff, at=NOW)
        with pytest.raises(CareError):
            switching.drop_draft(rule, by=staff)

    def test_a_standard_that_another_part_keeps_is_left_to_it(self, staff):
        rule = Rule.objects.get(code="order-confirmed")
        for act in (switching.new_version, switching.hand_in, switching.switch_off):
            with pytest.raises(CareError, match="Another part"):
                act(rule, by=staff, at=NOW)

    @pytest.mark.parametrize(("void", "state"), [(False, "due"), (True, "void")])
    def test_switched_off_it_lets_go_of_what_is_open_where_asked_to(self, staff, void, state):
        home_with_keys()
        rule = RuleFactory()
        open_promises(at=NOW, rules=[rule])
        assert switching.switch_off(rule, by=staff, at=NOW, void=void).state == State.OFF
        assert Promise.objects.get().state == state


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name_en": "", "name_zh": ""}, "name_en"),
        ({"code": "a" * 31}, "code"),
        ({"anchor_code": "new_home/handover/champagne"}, "anchor_code"),
        ({"anchor": Anchor.FESTIVAL, "anchor_code": ""}, "anchor_code"),
        ({"anchor": Anchor.WEEKDAY, "anchor_code": "renovation/works"}, "weekday"),
        ({"weekday": 4}, "weekday"),
        ({"anchor": Anchor.DATE, "anchor_code": ""}, "on_day"),
        ({"product": Product.CHECK}, "form"),
        ({"product": Product.CHECK, "form": "ten-years"}, "form"),
        ({"form": "one-year"}, "form"),
        ({"product": Product.REMINDER}, "message_en"),
        ({"message_en": "Dear {name}"}, "message_en"),
        ({"anchor": Anchor.ENQUIRY, "anchor_code": "", "product": Product.SURVEY, "message_en": "How?"}, "product"),
        ({"steps": [{"days": 0, "to": ["answerable"]}]}, "steps"),
        ({"steps": [{"days": -1, "to": ["everybody"]}]}, "steps"),
        ({"offset": 4000}, "offset"),
        ({"anchor": Anchor.FESTIVAL, "anchor_code": "new-year", "offset": 13}, "offset"),
        ({"sample_percent": 0}, "sample_percent"),
    ],
)
def test_a_rule_that_does_not_fit_together_is_refused(wrong, field):
    rule = draft()
    check(rule)
    for name, value in wrong.items():
        setattr(rule, name, value)
    with pytest.raises(ValidationError) as error:
        check(rule)
    assert list(error.value.message_dict) == [field]


class TestReach:
    def test_a_dry_run_says_whom_and_when_and_writes_nothing(self):
        first, second = home_with_keys(KEYS - timedelta(days=40)), home_with_keys(KEYS)
        home_with_keys(KEYS - timedelta(days=400))
        found = reach(RuleFactory.build(starts_on=None), today=TODAY)
        assert (found.homes, found.promises, found.earlier) == (2, 2, 1)
        assert found.by_month == [(date(2027, 1, 1), 1), (date(2027, 3, 1), 1)]
        assert [each.home for each in found.first] == [first.home, second.home]
        assert not Promise.objects.exists()

    def test_what_comes_again_counts_each_home_once_and_each_time(self):
        home_with_keys()
        rule = RuleFactory.build(
            anchor=Anchor.FESTIVAL, anchor_code="mid-autumn", offset=0, unit="days", starts_on=None, roll="stays"
        )
        found = reach(rule, today=TODAY)
        assert (found.homes, found.promises, found.by_month) == (1, 1, [(date(2027, 9, 1), 1)])

    def test_it_is_counted_alike_however_many_homes_there_are(self, django_assert_num_queries):
        home_with_keys()
        with django_assert_num_queries(6):
            reach(RuleFactory.build(), today=TODAY)
        for _home in range(2):
            home_with_keys()
        with django_assert_num_queries(6):
            assert reach(RuleFactory.build(), today=TODAY).homes == 3


def test_what_comes_again_is_promised_in_time_for_what_comes_before_it():
    home_with_keys()
    festival = {"anchor": Anchor.FESTIVAL, "anchor_code": "spring-festival", "offset": -40, "unit": "days"}
    rule = RuleFactory(**festival)
    assert open_promises(at=NOW, rules=[rule]) == 0
    assert open_promises(at=NOW + timedelta(days=14), rules=[rule]) == 1
    assert Promise.objects.get().due_at.date() == date(2026, 12, 28)
    assert reach(rule, today=TODAY).by_month == [(date(2026, 12, 1), 1)]


def test_a_message_names_the_people_who_look_after_the_home():
    home = home_with_keys().home
    rule = RuleFactory(message_en="Ask {people}.", message_zh="请找{people}。")
    assert message_of(rule, home, today=TODAY, language="zh-hans") == "请找客户服务中心。"
    contact = ContactFactory(development=home.development, card__name_en="Xu Man")
    assert message_of(rule, home, today=TODAY, language="en") == f"Ask Xu Man ({contact.get_role_display()})."


class TestTwoAtOnce:
    """Three colleagues approve the same version at the same moment."""

    @pytest.fixture
    def approvals(self, transactional_db, settings):
        settings.CARE_APPROVAL_ABOVE = -1
        rule = draft(anchor=Anchor.DATE, anchor_code="", on_day=date(2027, 5, 1), offset=0, unit="days")
        rule = switching.hand_in(rule, by=UserFactory(), at=NOW)
        return lambda by: switching.approve(rule, by=by, at=NOW), [UserFactory() for _number in range(3)]

    def test_it_is_switched_on_once(self, approvals):
        outcomes = all_at_once(*approvals)
        assert (len(outcomes.returned), outcomes.raised) == (1, [CareError] * 2)
        assert Event.objects.filter(verb="switched on").count() == 1

    @pytest.mark.postgresql
    def test_without_the_lock_it_would_be_several_times(self, approvals):
        with without_locks():
            assert len(all_at_once(*approvals).returned) > 1
