"""Figures of tickets and patterns among them, for the staff of the development."""

import csv
import io
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from python_calamine import CalamineWorkbook

from accounts.events.models import Event
from portal.surveys.models import Satisfaction
from portal.tickets.closing.models import Call
from portal.tickets.jobs.models import Contractor, Job
from portal.tickets.patterns.models import Pattern
from progress.promises.models import Promise
from tests.factories import NOW, TODAY, HomeFactory, HouseTypeFactory, OwnershipFactory, StaffFactory
from tests.portal.tickets.factories import ComponentFactory, TicketFactory

DAY = timedelta(days=1)
FIGURES = reverse("desk_reports:figures")


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def tie(ours):
    return OwnershipFactory(home=HomeFactory(development=ours.development, building=None))


@pytest.fixture
def ticket(tie):
    def made(**fields):
        return TicketFactory(**({"ownership": tie, "reported_at": NOW - 2 * DAY} | fields))

    return made


def lines(desk, **asked):
    return desk.get(FIGURES, asked).context["lines"]


def promise(ticket, state, **fields):
    return Promise.objects.create(
        key=f"{ticket.pk}:{state}",
        kind="ticket-resolution",
        development=ticket.development,
        home=ticket.home,
        subject_kind="tickets.ticket",
        subject_id=str(ticket.pk),
        made_at=NOW - 2 * DAY,
        due_at=NOW - DAY,
        state=state,
        team="customer_service",
        **fields,
    )


class TestFigures:
    def test_a_line_says_what_was_reported_promised_scored_and_called(self, desk, ticket):
        done = ticket(
            state="closed", outcome="fixed", closed_at=NOW, closed_how="owner", resolved_at=NOW - DAY, reopened=1
        )
        late = ticket(due_at=NOW - DAY)
        ticket(team="repairs", reported_at=NOW - 3 * DAY)
        promise(done, "kept", settled_at=NOW - 2 * DAY)
        promise(late, "missed")
        promise(late, "waived", settled_at=NOW - 2 * DAY, outcome="no longer wanted")
        Satisfaction.objects.create(
            key="one",
            owner=done.owner,
            subject_kind="tickets.ticket",
            subject_id=str(done.pk),
            development=done.development,
            score=4,
            asked_at=NOW - DAY,
            answered_at=NOW,
        )
        called = {"settled_at": NOW, "settled_by": StaffFactory(), "opened_at": NOW - DAY, "due_at": NOW}
        Call.objects.create(ticket=done, why="repair", state="done", **called)
        first, second = lines(desk)
        wanted = {
            "reported": 2,
            "open": 1,
            "late": 1,
            "reopened_ones": 1,
            "days": 1.0,
            "kept_share": 50,
            "promised": 2,
            "score": 4.0,
            "answers": 1,
            "called_share": 100,
        }
        assert {name: first[name] for name in wanted} == wanted
        assert (second["name"], second["reported"], second["score"], second["kept_share"]) == ("repairs", 1, None, None)

    @pytest.mark.parametrize(
        ("by", "name"), [("component", "Trap"), ("contractor", "Lin Fittings"), ("kind", "repair")]
    )
    def test_lines_are_by_what_is_asked_for(self, desk, ticket, by, name):
        one, colleague = ticket(component=ComponentFactory(name_en="Trap")), StaffFactory()
        contractor = Contractor.objects.create(name="Lin Fittings")
        for _ in range(2):  # given twice, it is one ticket all the same
            Job.objects.create(
                ticket=one,
                contractor=contractor,
                contact=colleague,
                given_by=colleague,
                given_at=NOW,
                expires_at=NOW + DAY,
            )
        ticket(kind="question")
        found = {line["name"]: line["reported"] for line in lines(desk, lines=by)}
        assert found == {name: 1, "question" if by == "kind" else "none": 1}

    def test_only_the_period_and_the_places_of_ones_own_count(self, desk, ticket, theirs):
        ticket(reported_at=NOW - 100 * DAY)
        ticket()
        TicketFactory(ownership=OwnershipFactory(home=theirs.home))
        shown = desk.get(FIGURES).context
        assert (shown["reported"], shown["open_now"], len(shown["volume"])) == (1, 2, 1)
        wider = desk.get(FIGURES, {"starts": TODAY - timedelta(days=200)}).context
        assert (wider["reported"], len(wider["volume"])) == (2, 2)
        assert [bar["value"] for bar in shown["ages"]] == [0, 1, 0, 0, 0, 1]
        foreign = desk.get(FIGURES, {"development": theirs.development.pk})
        assert ("lines" in foreign.context, b"Select a valid choice" in foreign.content) == (False, True)

    @pytest.mark.parametrize(
        ("asked", "said"),
        [
            ({"starts": "2026-05-02", "ends": "2026-05-01"}, "The period ends before it begins."),
            ({"starts": "2020-01-01", "ends": "2026-05-01"}, "two years at most"),
            ({"starts": "yesterday"}, "Enter a valid date."),
        ],
    )
    def test_a_period_that_is_none_is_refused_in_words(self, desk, asked, said):
        assert said in desk.get(FIGURES, asked).content.decode()

    def test_three_tickets_cost_as_many_queries_as_one(self, desk, ticket, django_assert_max_num_queries):
        ticket(component=ComponentFactory())
        desk.get(FIGURES)
        with django_assert_max_num_queries(60) as one:
            desk.get(FIGURES, {"lines": "component"})
        for _ in range(2):
            ticket(component=ComponentFactory())
        with django_assert_max_num_queries(60) as three:
            desk.get(FIGURES, {"lines": "component"})
        assert len(one) == len(three)


class TestExport:
    def sent(self, desk, **asked):
        return desk.post(reverse("desk_reports:export"), {"kind": "csv", "what": "tickets"} | asked)

    def test_the_tickets_are_taken_out_without_names_and_formulas(self, desk, ticket, supervisor):
        one = ticket(component=ComponentFactory(name_en="=1+1"))
        rows = list(csv.reader(io.StringIO(self.sent(desk).content.decode("utf-8-sig"))))
        assert [row[0] for row in rows] == ["Number", one.number]
        assert (rows[1][3], one.owner.name in str(rows)) == ("'=1+1", False)
        [noted] = Event.objects.filter(verb="exported")
        assert (noted.actor, noted.reason) == (supervisor, "tickets, tickets, csv")

    def test_the_figures_are_taken_out_as_a_workbook(self, desk, ticket):
        ticket()
        answer = self.sent(desk, what="figures", kind="xlsx")
        [sheet] = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).sheet_names
        rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_name(sheet).to_python()
        assert (rows[0][:2], rows[1][:2]) == (["Team", "Reported"], ["customer service", 1])

    @pytest.mark.parametrize("asked", [{"kind": "pdf"}, {"what": "owners"}, {"starts": "x"}])
    def test_what_is_none_is_not_found(self, desk, asked):
        assert self.sent(desk, **asked).status_code == 404


class TestPatterns:
    @pytest.fixture
    def pattern(self, ours):
        house_type = HouseTypeFactory(development=ours.development)
        component = ComponentFactory(name_en="Trap")
        homes = [HomeFactory(development=ours.development, building=None, house_type=house_type) for _ in range(4)]
        ties = [OwnershipFactory(home=home) for home in homes]
        for tie in ties[:3]:
            TicketFactory(ownership=tie, component=component, reported_at=NOW - DAY)
        return Pattern.objects.create(
            development=ours.development, component=component, house_type=house_type, since=NOW - 9 * DAY, found_at=NOW
        )

    def page(self, pattern, name="pattern"):
        return reverse(f"desk_reports:{name}", args=[pattern.pk])

    def test_the_page_lists_the_homes_and_the_others(self, desk, pattern):
        shown = desk.get(self.page(pattern))
        assert (shown.context["homes"], shown.context["others_count"], shown.context["people"]) == (3, 1, 1)
        assert pattern.component.path in desk.get(reverse("desk_reports:patterns")).content.decode()

    def test_the_other_homes_are_told_and_it_is_settled(self, desk, pattern):
        desk.post(self.page(pattern, "warn"), {"words_en": "Please look.", "words_zh": ""})
        pattern.refresh_from_db()
        assert (pattern.state, pattern.words_en) == ("warned", "Please look.")
        again = desk.post(self.page(pattern, "warn"), {"words_en": "Again.", "words_zh": ""})
        assert "told already" in again.content.decode()
        desk.post(self.page(pattern, "settle"), {"reason": "New traps everywhere."})
        pattern.refresh_from_db()
        assert (pattern.state, pattern.words_en) == ("settled", "Please look.")

    def test_customer_service_looks_and_does_not_act(self, client, ours, pattern):
        client.force_login(StaffFactory(group="Customer service", development=ours.development))
        assert client.get(self.page(pattern)).context["may_act"] is False
        assert client.post(self.page(pattern, "warn"), {"words_en": "Please look."}).status_code == 404
        pattern.refresh_from_db()
        assert pattern.state == "found"
