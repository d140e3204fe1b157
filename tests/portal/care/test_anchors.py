"""The occasions from which rules count, as opening, moving and the dry run see them."""

from datetime import UTC, date, datetime, timedelta
from hashlib import md5

import pytest

from portal.care.anchors import Place, anchor_of
from portal.care.models import Anchor
from portal.visits.models import VisitKind
from tests.factories import DevelopmentFactory, EnquiryFactory, OwnershipFactory
from tests.portal.tickets.factories import TicketFactory
from tests.portal.visits.factories import VisitFactory
from tests.progress.warranty_factories import WarrantyFactory

from .factories import KEYS, RuleFactory, home_with_keys, reach

CHINA = Place("CN", "Asia/Shanghai")
MONDAY = date(2026, 11, 30)

pytestmark = pytest.mark.django_db


def found(rule, place=CHINA, first=MONDAY, last=MONDAY + timedelta(days=6)):
    """[(home or None, day)] of the occasions of a rule, in order of their keys."""
    rows = []
    for occasions in anchor_of(rule).occasions(rule, place=place, first=first, last=last):
        rows += occasions.order_by("care_key").values_list("care_home", "care_day")
    return rows


class TestSteps:
    def test_what_follows_a_step_counts_from_the_day_it_was_reached(self):
        tie = home_with_keys()
        assert found(RuleFactory()) == [(tie.home_id, KEYS)]
        reach(tie.home, None)
        assert found(RuleFactory()) == []

    def test_what_comes_before_a_step_counts_from_the_day_it_is_expected(self):
        tie = home_with_keys()
        milestone = reach(tie.home, None)
        type(milestone).objects.filter(pk=milestone.pk).update(planned=KEYS, forecast=KEYS + timedelta(days=9))
        assert found(RuleFactory(offset=-14, unit="days")) == [(tie.home_id, KEYS + timedelta(days=9))]

    def test_its_key_names_the_rule_and_the_step_alone(self):
        tie = home_with_keys()
        milestone = tie.home.journeys.get().milestones.get(template__code="keys")
        (occasions,) = anchor_of(RuleFactory()).occasions(RuleFactory(code="keys-3"), place=CHINA)
        assert occasions.values_list("care_key", "care_subject").get() == (
            f"care:keys-3:{milestone.pk.hex}",
            str(milestone.pk),
        )

    def test_a_rule_of_one_development_reaches_no_other(self):
        home_with_keys()
        tie = home_with_keys()
        assert found(RuleFactory(development=tie.home.development)) == [(tie.home_id, KEYS)]

    def test_each_place_has_its_own(self):
        london = DevelopmentFactory(calendar="GB-ENG", time_zone="Europe/London")
        tie = home_with_keys(home__building__development=london)
        assert found(RuleFactory()) == []
        assert found(RuleFactory(), Place("GB-ENG", "Europe/London")) == [(tie.home_id, KEYS)]


def test_a_share_goes_by_the_rule_and_the_home():
    ties = [home_with_keys() for _number in range(8)]
    rule = RuleFactory(code="share", sample_percent=40)

    def is_in(tie):
        digest = md5(f"share:{tie.home_id.hex}".encode(), usedforsecurity=False).hexdigest()
        return int(digest[:4], 16) < 0.4 * 16**4

    assert {home for home, _day in found(rule)} == {tie.home_id for tie in ties if is_in(tie)}


class TestVisits:
    LATE = datetime(2026, 12, 1, 18, tzinfo=UTC)  # in China the next day

    def test_the_day_is_that_of_the_place(self):
        visit = VisitFactory(done=True, settled_at=self.LATE, kind=VisitKind.CHECK)
        rule = RuleFactory(anchor=Anchor.VISIT, anchor_code="check")
        assert found(rule) == [(visit.home_id, date(2026, 12, 2))]
        assert found(RuleFactory(anchor=Anchor.VISIT, anchor_code="survey")) == []

    @pytest.mark.parametrize(("code", "days"), [("first", [date(2026, 12, 2)]), ("showroom", [date(2026, 12, 5)])])
    def test_whoever_enquired_is_followed_up_after_the_first_and_after_the_showroom(self, code, days):
        enquiry = EnquiryFactory()
        VisitFactory(of_guest=True, enquiry=enquiry, done=True, settled_at=self.LATE)
        later = {"kind": VisitKind.SHOWROOM, "done": True, "settled_at": self.LATE + timedelta(days=3)}
        VisitFactory(of_guest=True, enquiry=enquiry, **later)
        assert found(RuleFactory(anchor=Anchor.VISIT, anchor_code=code)) == [(None, day) for day in days]
        enquiry.state, enquiry.outcome, enquiry.ended_at = "closed", "Bought elsewhere", self.LATE
        enquiry.save()
        assert found(RuleFactory(anchor=Anchor.VISIT, anchor_code=code)) == []


def test_a_repair_counts_from_the_day_it_was_done():
    ticket = TicketFactory(resolved=True)
    TicketFactory()
    done = ticket.resolved_at.date()
    assert found(RuleFactory(anchor=Anchor.TICKET, anchor_code="")) == [(ticket.home_id, done)]


class TestWarranties:
    RULE = {"anchor": Anchor.WARRANTY, "offset": -60, "unit": "days", "roll": "earlier"}

    def test_one_ends_on_its_last_day_also_where_that_was_put_off(self):
        tie = OwnershipFactory()
        WarrantyFactory(home=tie.home, extended_to=date(2029, 9, 1))
        WarrantyFactory(home=tie.home, voided_at=datetime(2026, 1, 1, tzinfo=UTC))
        assert found(RuleFactory(anchor_code="waterproofing", **self.RULE)) == [(tie.home_id, date(2029, 9, 1))]
        assert found(RuleFactory(anchor_code="gas", **self.RULE)) == []


class TestCalendar:
    def test_two_contacts_a_week_until_an_enquiry_is_decided(self):
        enquiry = EnquiryFactory(kind="renovation", state="contacted")
        EnquiryFactory(kind="repair", state="contacted")
        rule = RuleFactory(anchor=Anchor.WEEKDAY, anchor_code="enquiry/renovation", weekday=1)
        assert found(rule, last=MONDAY + timedelta(days=13)) == [(None, date(2026, 12, 1)), (None, date(2026, 12, 8))]
        enquiry.state, enquiry.outcome, enquiry.ended_at = "closed", "Signed", datetime(2026, 12, 1, tzinfo=UTC)
        enquiry.save()
        assert found(rule) == []

    @pytest.mark.parametrize(
        ("code", "day"),
        [
            ("spring-festival", date(2027, 2, 6)),
            ("mid-autumn", date(2027, 9, 15)),
            ("national-day", date(2027, 10, 1)),
            ("new-year", date(2027, 1, 1)),
        ],
    )
    def test_a_festival_begins_once_a_year_where_it_is_kept(self, code, day):
        rule = RuleFactory.build(anchor=Anchor.FESTIVAL, anchor_code=code)
        year = {"first": date(2027, 1, 1), "last": date(2027, 12, 31)}
        assert list(anchor_of(rule).days(rule, place=CHINA, **year)) == [day]
        in_london = list(anchor_of(rule).days(rule, place=Place("GB-ENG", "Europe/London"), **year))
        assert in_london == ([day] if code == "new-year" else [])

    def test_the_29_of_february_comes_on_the_28_in_other_years(self):
        rule = RuleFactory.build(anchor=Anchor.DATE, on_day=date(2028, 2, 29), every_year=True)
        days = anchor_of(rule).days(rule, place=CHINA, first=date(2027, 1, 1), last=date(2028, 12, 31))
        assert list(days) == [date(2027, 2, 28), date(2028, 2, 29)]
