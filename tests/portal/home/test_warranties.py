"""The owner's pages of warranties, and the certificate."""

from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
import time_machine
from django.urls import reverse
from pypdf import PdfReader

from accounts.files.models import private_storage
from progress.warranties import certificates, tasks
from progress.warranties.certificates import WarrantyError, ask_certificate
from progress.warranties.models import Certificate, Term, Warranty, WarrantyExtension
from tests.factories import OwnershipFactory
from tests.portal.tickets.factories import TicketFactory
from tests.progress.warranty_factories import AT, HANDED_OVER, TODAY, WarrantyFactory, handed_over, part_of

EXTENDED = date(2031, 3, 2)


@pytest.fixture
def ownership(db):
    with time_machine.travel(AT, tick=False):
        yield OwnershipFactory()


@pytest.fixture
def owner(ownership, client):
    client.force_login(ownership.owner.user)
    return client


def term(system):
    return Term.objects.get(kind="new_home", system=system)


def page(client, home):
    return client.get(reverse("home:warranties", args=[home.pk]))


class TestPages:
    def test_what_runs_stands_before_what_is_over_and_what_ends_soon_says_so(self, owner, ownership):
        handed_over(ownership.home)
        shown = page(owner, ownership.home).context
        assert [row.term.system for row in shown["running"]][-1] == "waterproofing"
        assert [row.term.system for row in shown["over"]] == ["heating", "appliances"]
        assert {row.days_left for row in shown["running"] if row.soon} == {39}

    def test_one_that_no_longer_applies_is_nowhere(self, owner, ownership):
        row = WarrantyFactory(home=ownership.home, voided_at=AT)
        assert page(owner, ownership.home).context["timeline"] is None
        assert owner.get(reverse("home:warranty", args=[row.pk])).status_code == 404

    def test_the_timeline_shows_each_from_its_first_to_its_last_day_and_what_repairs_added(self, owner, ownership):
        WarrantyFactory(home=ownership.home, starts=date(2024, 1, 1), ends=date(2025, 12, 31), extended_to=EXTENDED)
        bar = page(owner, ownership.home).context["timeline"].bars[0]
        assert (bar.first, bar.width, bar.grown, bar.more) == ("0.00%", "24.98%", "25.48%", "64.08%")

    def test_the_page_of_one_names_terms_provider_telephone_and_why_it_is_longer(self, owner, ownership):
        appliances = term("appliances")
        Term.objects.filter(pk=appliances.pk).update(phone="400 555 0100")
        row = WarrantyFactory(home=ownership.home, term=appliances, extended_to=EXTENDED)
        days = {"repaired_on": date(2026, 3, 2), "from_day": row.ends, "to_day": EXTENDED}
        WarrantyExtension.objects.create(warranty=row, source_kind="tickets.ticket", source_id=row.pk, **days)
        html = owner.get(reverse("home:warranty", args=[row.pk])).content.decode()
        for words in (
            "Parts that wear out, such as filters",
            "The maker of the appliance",
            "tel:4005550100",
            "Repaired on 2 March 2026",
        ):
            assert words in html

    def test_its_repairs_are_those_of_what_it_speaks_of_since_it_began(self, owner, ownership):
        row = WarrantyFactory(home=ownership.home, term=term("heating"), ends=date(2026, 3, 15))
        known = {"home": ownership.home, "state": "closed", "outcome": "fixed", "closed_how": "owner"}
        known |= {"resolved_at": AT, "closed_at": AT}
        reported = {"in": datetime(2025, 1, 7, tzinfo=UTC), "late": AT, "early": datetime(2024, 1, 7, tzinfo=UTC)}
        made = {
            name: TicketFactory(kind="repair", component=part_of("heating"), reported_at=day, **known)
            for name, day in reported.items()
        }
        TicketFactory(kind="repair", component=part_of("doors"), reported_at=reported["in"], **known)
        shown = owner.get(reverse("home:warranty", args=[row.pk])).context["repairs"]
        assert shown == [made["in"]]

    def test_three_rows_cost_as_many_queries_as_one(self, owner, ownership, django_assert_num_queries):
        WarrantyFactory(home=ownership.home)
        page(owner, ownership.home)
        with django_assert_num_queries(6):
            page(owner, ownership.home)
        for system in ("gas", "water"):
            WarrantyFactory(home=ownership.home, term=term(system), component=part_of(system))
        with django_assert_num_queries(6):
            page(owner, ownership.home)


class TestCertificate:
    def test_it_is_printed_in_the_language_of_whoever_asks_with_all_that_runs(self, owner, ownership):
        handed_over(ownership.home)
        user = ownership.owner.user
        paper = ask_certificate(ownership.home, language="zh-hans", by=user, at=AT)
        assert ask_certificate(ownership.home, language="zh-hans", by=user, at=AT) == paper
        tasks.make_certificate(paper.pk)
        paper.refresh_from_db()
        with private_storage().open(paper.file.file.name) as stored:
            reader = PdfReader(BytesIO(stored.read()))
        words = "".join(sheet.extract_text() for sheet in reader.pages)
        assert ("新房防水" in words, "2029年5月10日" in words, "随房电器" in words) == (True, True, False)
        assert reader.trailer["/Root"]["/Lang"] == "zh-Hans"
        answer = owner.get(reverse("home:warranties-pdf-file", args=[paper.home_id, paper.pk]))
        assert b"".join(answer)[:5] == b"%PDF-"  # a file is closed once it is read

    def test_nothing_that_runs_and_the_eleventh_within_a_day_are_refused(self, ownership):
        home, user = WarrantyFactory(home=ownership.home, ends=HANDED_OVER).home, ownership.owner.user
        with pytest.raises(WarrantyError, match="nothing to certify"):
            ask_certificate(home, language="en", by=user, at=AT)
        Warranty.objects.update(ends=EXTENDED)
        for _number in range(certificates.MOST_A_DAY):
            Certificate.objects.create(home=home, asked_by=user, language="en", asked_at=AT, state="gone")
        with pytest.raises(WarrantyError, match="enough for one day"):
            ask_certificate(home, language="en", by=user, at=AT + timedelta(hours=1))

    def test_whoever_has_sold_meanwhile_gets_none(self, ownership):
        home, user = WarrantyFactory(home=ownership.home).home, ownership.owner.user
        paper = ask_certificate(home, language="en", by=user, at=AT)
        ownership.state, ownership.until = "ended", TODAY
        ownership.save()
        tasks.make_certificate(paper.pk)
        paper.refresh_from_db()
        assert (paper.state, paper.file) == ("gone", None)
        assert not Warranty.objects.for_user(user).exists()
