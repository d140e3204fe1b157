"""Checks: planned with a time to choose, filled in on several phones, signed, and never forgotten what was found."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from accounts.notices.models import Notice
from portal.care.checks import filling, signing
from portal.care.checks.models import Check, CheckForm, FormItem, Result
from portal.care.checks.planning import follow_promises, plan_check, start_self_check
from portal.care.errors import CareError
from portal.care.models import Rule
from portal.care.sweep import sweep
from portal.tickets.models import Ticket
from portal.visits.booking import cancel_visit
from portal.visits.following import tell_followers
from portal.visits.models import Visit
from progress.promises.many import reopen_each, void_each
from progress.promises.models import Promise
from progress.transfers.actions import transfer_home
from tests.accounts.files.pictures import photo
from tests.factories import AssignmentFactory, OwnerFactory, OwnershipFactory, StaffFactory

from .factories import NOW, RuleFactory, home_with_keys

pytestmark = pytest.mark.django_db
ASKED = datetime(2027, 2, 5, 1, 30, tzinfo=UTC)
VISITED = datetime(2027, 2, 25, 2, tzinfo=UTC)


@pytest.fixture
def tie():
    Rule.objects.all().delete()
    RuleFactory(code="one-year", product="check", form="one-year")
    return home_with_keys()


@pytest.fixture
def check(tie):
    sweep(at=NOW)
    sweep(at=datetime(2027, 2, 20, 2, tzinfo=UTC))
    return Check.objects.get()


@pytest.fixture
def inspector(tie):
    return StaffFactory(group="Site managers", development=tie.home.development)


def find(check, code, verdict="pass", *, by, at=VISITED, **given):
    item = check.form.items.get(code=code)
    given = {"result_id": uuid4(), "unit": item.unit, "value": "1" if item.measured else None} | given
    return filling.record(check, item=item, verdict=verdict, by=by, done_at=at, at=at, **given)


def fill(check, *, by, failing=(), values=None):
    values = {"socket-voltage": "220", "leakage-trip": "30", "gas-tightness": "0"} | (values or {})
    for item in check.form.items.all():
        verdict = "fail" if item.code in failing else "pass"
        photos = (photo(),) if item.photo == "always" or verdict == "fail" else ()
        find(check, item.code, verdict, by=by, value=values.get(item.code), photos=photos)
    return filling.finish(check, by=by, at=VISITED)


class TestPlanning:
    def test_the_household_is_asked_for_a_time_about_three_weeks_before(self, tie):
        sweep(at=NOW)
        sweep(at=datetime(2027, 1, 20, 2, tzinfo=UTC))
        assert Check.objects.count() == 0
        sweep(at=datetime(2027, 2, 8, 2, tzinfo=UTC))
        check = Check.objects.get()
        assert (check.home, check.form.code, check.stage) == (tie.home, "one-year", "planned")
        assert (check.visit.kind, check.visit.state, check.visit.not_after) == ("check", "asked", date(2027, 3, 1))
        assert Notice.objects.filter(kind="visit-asked", owner=tie.owner, channel="inbox").count() == 1

    def test_planned_twice_it_is_one_check_and_one_visit(self, check):
        plan_check(promise=check.promise, form_code="one-year", at=VISITED)
        assert (Check.objects.count(), Visit.objects.count()) == (1, 1)

    def test_booked_the_promise_is_arranged_and_called_off_somebody_asks_again(self, check):
        Visit.objects.filter(pk=check.visit_id).update(state="asked")
        tell_followers(check.visit, "booked", by=None, at=VISITED)
        assert Promise.objects.get(pk=check.promise_id).state == "booked"
        cancel_visit(check.visit, by=None, at=VISITED, by_staff=True)
        check.refresh_from_db()
        assert Promise.objects.get(pk=check.promise_id).state == "due"
        assert (check.visit.state, Visit.objects.count()) == ("asked", 2)

    def test_let_go_of_nobody_comes_and_taken_up_again_the_household_is_asked_anew(self, check):
        void_each([check.promise], by=None, at=VISITED)
        follow_promises(at=VISITED)
        assert (Check.objects.get().stage, Visit.objects.get().state) == ("dropped", "cancelled")
        reopen_each([(check.promise, VISITED + timedelta(days=1))], by=None, at=VISITED)
        again = plan_check(promise=check.promise, form_code="one-year", at=VISITED)
        assert (again.pk, again.stage, again.visit.state) == (check.pk, "planned", "asked")

    def test_the_days_to_choose_from_move_along_with_the_promise(self, check):
        Promise.objects.filter(pk=check.promise_id).update(due_at=datetime(2027, 4, 30, 8, tzinfo=UTC))
        follow_promises(at=VISITED)
        assert Visit.objects.get().not_after == date(2027, 4, 30)

    def test_booked_and_then_sold_the_new_household_chooses_a_time(self, check, tie):
        start = VISITED + timedelta(days=1)
        Visit.objects.filter(pk=check.visit_id).update(
            state="booked", starts=start, ends=start + timedelta(hours=1), booked_at=VISITED, person=StaffFactory()
        )
        transfer_home(home=tie.home, to=[OwnerFactory()], on=VISITED.date(), by=StaffFactory(), at=VISITED)
        check.refresh_from_db()
        assert (check.visit.state, check.visit.of_former_household) == ("asked", False)


class TestFilling:
    def test_a_wrong_unit_is_refused_by_name(self, check, inspector):
        with pytest.raises(CareError, match="in V"):
            find(check, "socket-voltage", unit="kV", value="0.22", by=inspector)

    @pytest.mark.parametrize(
        ("value", "verdict"), [("198", "pass"), ("197.9", "fail"), ("235.4", "pass"), ("236", "fail")]
    )
    def test_a_measured_value_decides_by_its_limits(self, check, inspector, value, verdict):
        assert find(check, "socket-voltage", value=value, by=inspector).verdict == verdict

    @pytest.mark.parametrize("value", ["", "abc", "NaN", "1e9", None])
    def test_what_is_no_measurement_is_refused(self, check, inspector, value):
        with pytest.raises(CareError):
            find(check, "socket-voltage", value=value, by=inspector)

    def test_sent_twice_it_counts_once(self, check, inspector):
        key = uuid4()
        first, second = (find(check, "hinges", result_id=key, by=inspector) for _twice in range(2))
        assert (first.pk, Result.objects.count()) == (second.pk, 1)

    def test_of_two_phones_that_disagree_both_are_kept_until_somebody_chooses(self, check, inspector, tie):
        other = AssignmentFactory(development=tie.home.development).user
        find(check, "hinges", "pass", by=inspector)
        worse = find(check, "hinges", "fail", by=other, at=VISITED + timedelta(minutes=1))
        assert [row.stands for row in Result.objects.all()] == [False, False]
        filling.choose(worse, by=inspector, at=VISITED)
        assert Result.objects.get(stands=True) == worse

    def test_a_form_that_is_replaced_meanwhile_stays_with_the_check(self, check, inspector):
        find(check, "hinges", by=inspector)
        CheckForm.objects.filter(code="one-year").update(state="off")
        CheckForm.objects.create(code="one-year", version=2, name_en="New", state="on", made_at=NOW)
        find(check, "windows", by=inspector)
        check.refresh_from_db()
        assert check.form.version == 1

    def test_before_it_is_begun_it_takes_the_newest_form(self, check, inspector):
        CheckForm.objects.filter(code="one-year").update(state="off")
        new = CheckForm.objects.create(code="one-year", version=2, name_en="New", state="on", made_at=NOW)
        item = FormItem.objects.create(form=new, code="new", text_en="New")
        check = filling.begin(check, by=inspector, at=VISITED)
        assert list(check.form.items.all()) == [item]

    def test_what_a_phone_found_by_the_replaced_form_counts_for_the_same_item_of_the_new_one(self, check, inspector):
        old = check.form.items.get(code="hinges")
        CheckForm.objects.filter(code="one-year").update(state="off")
        new = CheckForm.objects.create(code="one-year", version=2, name_en="New", state="on", made_at=NOW)
        twin = FormItem.objects.create(form=new, code="hinges", text_en="Hinges")
        found = filling.record(
            check, result_id=uuid4(), item=old, verdict="pass", by=inspector, done_at=VISITED, at=VISITED
        )
        assert found.item == twin
        gone = CheckForm.objects.get(code="one-year", version=1).items.get(code="windows")
        with pytest.raises(CareError, match="open the check again"):
            filling.record(check, result_id=uuid4(), item=gone, verdict="pass", by=inspector, done_at=NOW, at=VISITED)

    def test_it_is_not_finished_while_something_is_missing(self, check, inspector):
        find(check, "hinges", by=inspector)
        with pytest.raises(CareError, match="7 items"):
            filling.finish(check, by=inspector, at=VISITED)


class TestTickets:
    def test_a_failed_item_is_a_ticket_of_the_day_it_was_found(self, check, inspector, tie):
        fill(check, by=inspector, failing=["kitchen-drain"])
        ticket = Ticket.objects.get()
        assert (ticket.home, ticket.owner, ticket.component.code) == (tie.home, tie.owner, "kitchen-sink")
        assert ticket.reported_at == VISITED
        assert ticket.attachments.count() == 1

    def test_a_value_outside_its_limits_stands_in_the_ticket_as_it_was_read(self, check, inspector):
        fill(check, by=inspector, failing=["socket-voltage"], values={"socket-voltage": "240"})
        assert "Measured: 240 V" in Ticket.objects.get(component__code="living-room-sockets").text

    def test_finished_twice_it_is_one_ticket(self, check, inspector):
        fill(check, by=inspector, failing=["kitchen-drain"])
        filling.finish(check, by=inspector, at=VISITED + timedelta(hours=1))
        assert Ticket.objects.count() == 1

    def test_found_the_day_before_the_warranty_ends_and_sent_after_it_is_covered(self, check, inspector, tie):
        late = VISITED + timedelta(days=3)
        item = check.form.items.get(code="kitchen-drain")
        for each in check.form.items.exclude(code="kitchen-drain"):
            find(
                check, each.code, by=inspector, value="0" if each.code == "gas-tightness" else "220", photos=(photo(),)
            )
        filling.record(
            check,
            result_id=uuid4(),
            item=item,
            verdict="fail",
            photos=(photo(),),
            by=inspector,
            done_at=VISITED,
            at=late,
        )
        filling.finish(check, by=inspector, at=late)
        assert Ticket.objects.get(component__code="kitchen-sink").reported_at == VISITED


class TestSigning:
    def test_signed_the_promise_is_kept(self, check, inspector, tie):
        fill(check, by=inspector)
        signing.sign(check, owner=tie.owner, by=tie.owner.user, at=VISITED)
        check.refresh_from_db()
        assert (check.stage, check.signed_name, check.promise.state) == ("signed", tie.owner.name, "kept")
        assert signing.sign(check, owner=tie.owner, by=tie.owner.user, at=NOW).signed_at == VISITED

    def test_it_is_not_signed_before_it_is_filled_in_nor_by_a_stranger(self, check, inspector, tie):
        with pytest.raises(CareError):
            signing.sign(check, owner=tie.owner, by=tie.owner.user, at=VISITED)
        fill(check, by=inspector)
        with pytest.raises(CareError):
            signing.sign(check, owner=OwnershipFactory().owner, by=None, at=VISITED)

    def test_its_report_is_put_among_the_documents_once(self, check, inspector, tie):
        fill(check, by=inspector, failing=["kitchen-drain"])
        check = signing.sign(check, owner=tie.owner, by=tie.owner.user, at=VISITED)
        for _twice in range(2):
            signing.make(check, clock=lambda: VISITED)
        document = tie.home.documents.get()
        assert (document.kind, document.title_en) == ("report", "One-year check 2027-02-25")
        with document.file.file.open() as file:
            assert file.read(5) == b"%PDF-"


def test_a_self_check_is_one_at_a_time(tie):
    first, second = (start_self_check(home=tie.home, form_code="self-check", by=tie.owner.user, at=NOW) for _ in "ab")
    assert first == second
    assert first.self_check
