"""After the end of a ticket: the call, the score, the call-back, the signed sheet, and who sees them."""

from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from PIL import Image
from pypdf import PdfReader

from accounts.files.models import PrivateFile, private_storage
from accounts.notices.models import Notice
from portal.surveys.models import Satisfaction
from portal.tickets.closing import scores, silence, tasks
from portal.tickets.closing.calls import record_call
from portal.tickets.closing.confirming import confirm, reopen
from portal.tickets.closing.models import Call, Resolution, ServiceSheet, WarrantyDecision
from portal.tickets.closing.resolving import resolve
from portal.tickets.closing.sheets import sign_sheet
from portal.tickets.closing.warranty import decide, overrule
from portal.tickets.errors import TicketError
from portal.tickets.models import Ticket
from progress.components.models import Component
from progress.promises.models import Promise
from progress.warranties.anchors import anchors_of, touched_since
from progress.warranties.covering import covering
from tests.factories import OwnershipFactory, StaffFactory

from .closing_stories import A_DAY, DONE, REPORTED, agent_at, repaired, repairer_at, reported, signature

WEDNESDAY_EVENING = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)  # 18:00 in Shanghai, when work ends


@pytest.fixture
def ticket(db):
    return reported()


@pytest.fixture
def agent(ticket):
    return agent_at(ticket.development)


def confirmed(ticket, at=DONE, by=None):
    repaired(ticket, at=at)
    confirm(ticket, by=by or ticket.owner.user, at=at)
    return ticket


def promised(kind):
    return list(Promise.objects.filter(kind=kind).order_by("made_at").values_list("state", "due_at"))


def sheet_of(ticket, by, **given):
    given = {"sheet_id": uuid4(), "signature": signature(), "signed_name": "Shen Yue", "minutes": 40} | given
    return sign_sheet(ticket=ticket, work_zh="更换水龙头阀芯。", by=by, at=DONE, **given)


class TestCalls:
    def test_a_repair_that_is_closed_promises_a_call_within_two_working_days(self, ticket, agent):
        confirmed(ticket)
        assert promised("ticket-call") == [("due", WEDNESDAY_EVENING)]
        record_call(ticket, reached=True, by=agent, at=DONE + A_DAY)
        assert promised("ticket-call") == [("kept", WEDNESDAY_EVENING)]
        with pytest.raises(TicketError, match="No call is due"):
            record_call(ticket, reached=True, by=agent, at=DONE + A_DAY)

    def test_what_was_only_answered_is_not_rung_about(self, ticket, agent):
        resolve(ticket, outcome="answered", text="On Friday.", seen=None, by=agent, at=DONE)
        confirm(ticket, by=ticket.owner.user, at=DONE)
        assert Call.objects.count() == 0

    def test_the_repairer_never_rings_even_where_a_colleague_called_it_done(self, ticket, agent):
        repairer = repairer_at(ticket.development)
        sheet_of(ticket, repairer)
        resolve(ticket, outcome="fixed", work_done_zh="换阀芯", seen=None, by=agent, at=DONE)
        confirm(ticket, by=ticket.owner.user, at=DONE)
        with pytest.raises(TicketError, match="did this work yourself"):
            record_call(ticket, reached=True, by=repairer, at=DONE)
        record_call(ticket, reached=True, by=agent, at=DONE)
        assert Call.objects.get().settled_by == agent

    def test_after_a_call_that_nobody_took_a_text_message_follows_and_the_third_is_the_last(self, ticket, agent):
        confirmed(ticket)
        for day in range(3):
            record_call(ticket, reached=False, by=agent, at=DONE + day * A_DAY)
        texts = Notice.objects.filter(kind="ticket-missed-call", channel="sms", owner=ticket.owner)
        assert (texts.count(), Call.objects.get().state) == (3, "unreached")
        assert promised("ticket-call") == [("waived", WEDNESDAY_EVENING)]

    def test_opened_again_no_call_is_owed(self, ticket):
        confirmed(ticket)
        reopen(ticket, by=ticket.owner.user, at=DONE + A_DAY)
        assert (Call.objects.get().state, promised("ticket-call")) == ("void", [("void", WEDNESDAY_EVENING)])

    def test_the_share_done_leaves_out_what_is_still_in_its_time(self, ticket, agent):
        for number in range(3):
            other = confirmed(reported(ownership=OwnershipFactory(home__development=ticket.development)))
            if number < 1:
                record_call(other, reached=True, by=agent, at=DONE)
        ours = Call.objects.for_user(agent).after_repairs()
        assert (ours.share_done(at=DONE), ours.share_done(at=WEDNESDAY_EVENING + A_DAY)) == (100, 33)
        assert Call.objects.for_user(StaffFactory(group="Customer service")).count() == 0
        row = {"ticket__development": ticket.development_id, "owed": 3, "done": 1, "in_time": 1, "unreached": 0}
        assert list(ours.tally("ticket__development")) == [row]


class TestScores:
    def test_whoever_confirms_is_asked_once_a_month_whatever_was_repaired(self, ticket):
        days = []
        for day in (0, 10, 31):
            confirmed(reported(ownership=None, home=ticket.home, owner=ticket.owner), at=DONE + day * A_DAY)
            days.append(Satisfaction.objects.filter(owner=ticket.owner).count())
        assert days == [1, 1, 2]

    def test_after_a_silent_closing_nobody_is_asked(self, ticket):
        repaired(ticket)
        for day in range(9):
            silence.close_unanswered(at=DONE + day * A_DAY)
        assert Ticket.objects.get(pk=ticket.pk).closed_how == "silence"
        assert (Satisfaction.objects.count(), Call.objects.count()) == (0, 1)

    @pytest.mark.parametrize(("score", "calls"), [(1, 1), (2, 1), (3, 0)])
    def test_a_low_score_promises_a_call_back_within_a_working_day(self, ticket, agent, score, calls, told):
        confirmed(ticket)
        friday = DONE + 4 * A_DAY
        scores.answer(ticket, score=score, words="Mud everywhere.", by=ticket.owner.user, at=friday)
        assert promised("ticket-call-back") == [("due", friday + 3 * A_DAY)][:calls]  # Monday, at the same hour
        assert told().count((agent, "ticket-low-score")) == calls

    def test_nobody_answers_twice_nor_for_somebody_else(self, ticket):
        confirmed(ticket)
        partner = OwnershipFactory(home=ticket.home, role="co_owner").owner.user
        with pytest.raises(TicketError, match="not asked you"):
            scores.answer(ticket, score=1, by=partner, at=DONE)
        scores.answer(ticket, score=5, by=ticket.owner.user, at=DONE)
        with pytest.raises(TicketError, match="answered this already"):
            scores.answer(ticket, score=1, by=ticket.owner.user, at=DONE)
        assert Satisfaction.objects.get().score == 5


class TestSheets:
    def test_a_signed_sheet_shows_that_it_is_fixed_and_is_printed_by_the_worker(self, ticket):
        repairer = repairer_at(ticket.development)
        again = uuid4()
        sheet = sheet_of(ticket, repairer, sheet_id=again)
        assert sheet_of(ticket, repairer, sheet_id=again) == sheet
        resolve(ticket, outcome="fixed", work_done_zh="换阀芯", seen=None, by=repairer, at=DONE)
        tasks.make_servicesheet(str(sheet.pk))
        sheet.refresh_from_db()
        with private_storage().open(sheet.pdf.file.name) as file:
            text = PdfReader(BytesIO(file.read())).pages[0].extract_text()
        assert [each in text for each in (ticket.number, "更换水龙头阀芯。", "Shen Yue", "40 minutes")] == [True] * 4

    @pytest.mark.parametrize(
        ("given", "why"),
        [
            ({"signature": b""}, "Please sign"),
            ({"signature": signature(ink=False)}, "Please sign"),
            ({"signature": signature(size=(2500, 200))}, "could not be read"),
            ({"signature": b"\x89PNG\r\n\x1a\n" + b"<script>" * 9}, "could not be read"),
            ({"signature": b"GIF89a" + bytes(99)}, "could not be read"),
            ({"signed_name": " "}, "name of whoever signs"),
            ({"minutes": 0}, "in minutes"),
        ],
    )
    def test_what_is_no_sheet_is_refused_and_leaves_no_file(self, ticket, given, why):
        with pytest.raises(TicketError, match=why):
            sheet_of(ticket, repairer_at(ticket.development), **given)
        assert (ServiceSheet.objects.count(), PrivateFile.objects.count()) == (0, 0)

    def test_the_signature_is_made_anew_on_white(self, ticket):
        sheet = sheet_of(ticket, repairer_at(ticket.development))
        with private_storage().open(sheet.signature.file.name) as file, Image.open(file) as image:
            assert (image.format, image.size, image.convert("L").getpixel((2, 2))) == ("JPEG", (600, 200), 255)

    def test_the_next_owner_sees_neither_sheet_nor_outcome_nor_decision(self, ticket, stranger):
        sheet_of(ticket, repairer_at(ticket.development))
        confirmed(ticket)
        Ticket.objects.filter(pk=ticket.pk).update(of_former=True)
        decide(ticket, by=None, at=REPORTED)
        next_owner = OwnershipFactory(home=ticket.home, role="co_owner").owner.user
        rows = (Resolution, WarrantyDecision, ServiceSheet)
        seen = {
            name: [model.objects.for_user(user).count() for model in rows]
            for name, user in {"own": ticket.owner.user, "next": next_owner, "stranger": stranger}.items()
        }
        assert seen == {"own": [1, 1, 1], "next": [0, 0, 0], "stranger": [0, 0, 0]}


def test_what_was_repaired_has_a_warranty_of_a_year_on_its_component(ticket):
    tap, floor = Component.objects.filter(code__in=["kitchen-tap", "kitchen-floor"]).order_by("-code")
    Ticket.objects.filter(pk=ticket.pk).update(component=tap)
    confirmed(ticket)
    on = (DONE + timedelta(days=200)).date()
    assert [covering(ticket.home, part, on=on).covered for part in (tap, floor)] == ["yes", "unclear"]


@pytest.mark.parametrize(("covered", "reported_on"), [("yes", date(2026, 11, 23)), ("no", None)])
def test_a_repair_lengthens_no_warranty_that_was_decided_not_to_cover_it(ticket, agent, covered, reported_on):
    Ticket.objects.filter(pk=ticket.pk).update(component=Component.objects.get(code="kitchen-tap"))
    overrule(ticket, covered=covered, reason_en="We looked.", clause_en="Wear.", by=agent, at=REPORTED)
    confirmed(ticket)
    assert [anchor.reported_on for anchor in anchors_of(ticket.home)] == [reported_on]
    assert [touched_since(DONE + A_DAY * days) for days in (0, 1)] == [{ticket.home_id}, set()]
