"""Finding tickets by what stands in them, in both languages, and ready sentences."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from cms.models import CompanySettings
from portal.tickets import words
from portal.tickets.macros.filling import fill
from portal.tickets.macros.models import Macro
from portal.tickets.macros.variables import VARIABLES, filled, unfilled
from portal.tickets.models import Ticket
from portal.visits.models import VisitKind
from tests.factories import NOW, StaffFactory
from tests.portal.tickets.factories import ComponentFactory, MessageFactory, TicketFactory
from tests.portal.visits.factories import VisitFactory

pytestmark = pytest.mark.django_db


def indexed(**fields):
    ticket = TicketFactory(**fields)
    words.index_whole(ticket)
    return ticket


def found(question, **kwargs):
    page = words.search(question, Ticket.objects.all(), **{"size": 50} | kwargs)
    return [ticket.pk for ticket in page.tickets]


class TestWords:
    def test_tickets_are_found_in_both_languages_by_title_text_and_number(self):
        leak = indexed(title="主卫吊顶有水渍", text="淋浴之后水渍变大。", number="T-2611-9001")
        cold = indexed(title="Cold radiator", text="North bedroom, 14 degrees.", number="T-2611-9002")
        asked = ("水渍", "吊顶", "RADIATOR", "bedroom degrees", "淋浴 水渍", "9002", "radiator 水渍", "steps")
        expected = [[leak], [leak], [cold], [cold], [leak], [cold], [], []]
        assert [found(question) for question in asked] == [[each.pk for each in rows] for rows in expected]

    def test_messages_and_notes_count_too(self):
        ticket = TicketFactory()
        MessageFactory(ticket=ticket, text="The balancing valve, I think", from_staff=True, internal=True)
        words.index_whole(ticket)
        assert found("balancing valve") == [ticket.pk]

    def test_the_newest_come_first_page_by_page(self):
        tickets = [indexed(title=f"Leak {n}", reported_at=NOW - timedelta(days=n)) for n in range(5)]
        pages, after = [], None
        while True:
            page = words.search("leak", Ticket.objects.all(), size=2, after=after)
            pages.append(page.tickets)
            after = page.further
            if after is None:
                break
        assert pages == [tickets[start : start + 2] for start in (0, 2, 4)]

    def test_a_page_looks_through_so_many_and_says_that_there_is_more(self, monkeypatch):
        monkeypatch.setattr(words, "LOOKED_THROUGH", 2)
        tickets = [indexed(title=f"Leak {n}", reported_at=NOW - timedelta(days=n)) for n in range(4)]
        of_last = Ticket.objects.filter(pk=tickets[3].pk)
        first = words.search("leak", of_last, size=5)
        assert (first.tickets, first.further) == ([], (tickets[1].reported_at, tickets[1].pk))
        second = words.search("leak", of_last, size=5, after=first.further)
        assert second.tickets == [tickets[3]]

    def test_five_words_cost_as_many_queries_as_three(self, django_assert_num_queries):
        indexed(title="Leak under the kitchen tap")
        for question in ("leak kitchen tap", "leak under the kitchen tap"):
            with django_assert_num_queries(3):
                found(question)

    def test_a_question_without_words_finds_nothing(self):
        indexed()
        questions = ("", " ", "%", "'; -- *", "\u202e", "\x00", "！！")
        assert [found(question) for question in questions] == [[]] * len(questions)

    def test_a_number_is_understood_however_it_is_typed(self):
        typed = ("T-2611-0042", "t 2611 42", "t26110042", " 2611-42 ", "leak 2611-42", "2611")
        assert [words.number_in(text) for text in typed] == ["T-2611-0042"] * 4 + ["", ""]


@pytest.fixture
def ticket():
    return TicketFactory(component=ComponentFactory(name_en="Tap", name_zh="龙头"), title="Tap drips")


def filled_in(text, ticket, **fields):
    macro = Macro(text_en=text, text_zh=fields.get("text_zh", ""))
    company = CompanySettings(name_en="Yanxia Homes", name_zh="檐下", hotline="400 000 0826")
    return str(fill(macro, ticket, agent=StaffFactory(name="Xu Man"), company=company))


class TestSentences:
    def test_what_is_no_name_of_ours_is_refused_at_saving(self):
        for text in ("Dear {ownr}", "{}", "{owner.user}", "{0}", "Dear {owner", "owner}", "{{owner}}"):
            for field in ("text_en", "text_zh"):
                with pytest.raises(ValidationError) as refused:
                    Macro(**{"title_en": "A", "text_en": "x", field: text}).full_clean()
                assert list(refused.value.message_dict) == [field]

    def test_every_name_is_filled_in(self, ticket):
        due = NOW + timedelta(days=2)
        Ticket.objects.filter(pk=ticket.pk).update(due_at=due)
        ticket.refresh_from_db()
        subject = {"subject_kind": "tickets.ticket", "subject_id": str(ticket.pk)}
        VisitFactory(kind=VisitKind.CHECK, home=ticket.home, starts=NOW + timedelta(days=1), **subject)
        text = filled_in(" ".join(f"{{{name}}}" for name in VARIABLES), ticket)
        assert unfilled(text) == []
        parts = (ticket.owner.name, str(ticket.home), ticket.number, "Tap drips", "Tap", "Xu Man", "Monday 23 November")
        assert [part for part in (*parts, "24 November", "400 000 0826", "Yanxia Homes") if part not in text] == []

    def test_it_speaks_the_language_of_whoever_reads_it(self, ticket):
        ticket.owner.language = "zh-hans"
        assert filled_in("Part: {component}", ticket, text_zh="部位：{component}，{company}") == "部位：龙头，檐下"
        assert filled_in("Only English: {component}", ticket) == "Only English: 龙头"

    def test_what_is_not_known_yet_keeps_its_name(self, ticket):
        text = filled_in("We come on {visit}, {agent}", ticket)
        assert (text, unfilled(text)) == ("We come on {visit}, Xu Man", ["visit"])

    def test_what_somebody_is_called_is_never_read_as_a_name(self):
        assert filled("{owner} {home}", {"owner": "{home}", "home": "6-501"}) == "{home} 6-501"

    def test_the_first_sentences_of_the_company_hold_only_names_of_ours(self):
        for macro in Macro.objects.all():
            macro.full_clean()
        assert Macro.objects.filter(text_en__gt="", text_zh__gt="").count() == 10
