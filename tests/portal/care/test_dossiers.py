"""The dossier of a home: all of it for its owner, nothing of whoever lived there before, for a week."""

import zipfile
from datetime import timedelta
from io import BytesIO

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from accounts.files.models import private_storage
from accounts.files.rendering import RenderError
from portal.care.dossiers import actions, archive
from portal.care.dossiers.actions import ask_dossier, make
from portal.care.dossiers.archive import Names, safe
from portal.care.dossiers.errors import DossierError
from portal.care.dossiers.models import Dossier
from portal.care.dossiers.sections import Reading, all_sections, chapters_of
from portal.care.dossiers.tasks import forget_dossiers, tidy_dossiers
from portal.care.dossiers.transfers import hand_over
from progress.materials.models import Material
from progress.models import Ownership, Role
from progress.transfers.actions import transfer_home
from tests.accounts.files.papers import pdf
from tests.factories import (
    NOW,
    TODAY,
    HomeDocumentFactory,
    OwnerFactory,
    OwnershipFactory,
    PrivateFileFactory,
    UserFactory,
)
from tests.portal.tickets.factories import TicketFactory
from tests.progress.warranty_factories import WarrantyFactory

from .dossier_factories import checked

pytestmark = pytest.mark.django_db
State = Dossier.State
LATER = NOW + timedelta(minutes=1)


@pytest.fixture
def tie():
    return OwnershipFactory(owner__name="Wei Lan")


@pytest.fixture
def printed(monkeypatch):
    """The HTML of what went to the printer; nothing is printed. `printed.fails = True`: an error."""

    class Printed(list):
        fails = False

    sheets = Printed()

    def render(html, *, images=None, at):
        sheets.append(html)
        if sheets.fails:
            raise RenderError("no paper")
        return pdf()

    monkeypatch.setattr(actions, "render_pdf", render)
    return sheets


def ask(tie, kind="pdf", at=NOW, language="en"):
    return ask_dossier(tie.home, kind=kind, language=language, by=tie.owner.user, at=at)


def made(tie, kind="pdf", **kwargs):
    dossier = ask(tie, kind, **kwargs)
    make(dossier, clock=lambda: LATER)
    dossier.refresh_from_db()
    return dossier


def unpacked(dossier):
    with private_storage().open(dossier.file.file.name) as stored:
        return zipfile.ZipFile(BytesIO(stored.read()))


def files_in(dossier):
    return sorted(name for name in unpacked(dossier).namelist() if not name.startswith("index."))


def sold(tie):
    """The home goes to somebody with a login. Returns their tie."""
    buyer = OwnerFactory(name="Qiu He", user=UserFactory())
    transfer_home(home=tie.home, to=[buyer], on=TODAY, by=None, at=NOW)
    return Ownership.objects.get(home=tie.home, owner=buyer)


def filled(tie, *, batch="B-77"):
    """Something in each section that is about the care of the home, with the owner's words and name in it."""
    for kind, title in (("plan", "Floor plan"), ("contract", "Contract of purchase"), ("invoice", "Invoice 7")):
        role = "family" if kind == "plan" else "owner"
        document = HomeDocumentFactory(home=tie.home, kind=kind, title_en=title, min_role=role)
        document.private_to.set([tie.owner] if role == "owner" else [])
    repair = {"kind": "repair", "state": "closed", "outcome": "fixed", "closed_how": "owner", "closed_at": NOW}
    TicketFactory(
        home=tie.home,
        development=tie.home.development,
        owner=tie.owner,
        text="My mother slipped on it",
        work_done_en="The seal was replaced.",
        resolved_at=NOW,
        **repair,
    )
    WarrantyFactory(home=tie.home)
    Material.objects.create(home=tie.home, maker="Qinghe", product="Oak floor 14 mm", batch=batch)
    report = HomeDocumentFactory(home=tie.home, kind="report", title_en="Report of the check")
    checked(tie.home, pdf=report.file)
    checked(tie.home, note="Looked at by Wei Lan", self_check=True)


PRIVATE = ("Contract of purchase", "Invoice 7", "My mother slipped on it", "Wei Lan", "The tap drips a little")
OF_THE_HOME = ("Floor plan", "The seal was replaced.", "Waterproofing", "Oak floor 14 mm", "B-77", "Kitchen tap")


def found(words, text):
    return [each for each in words if each in text]


class TestWhatStandsInIt:
    def test_the_owner_has_all_sections(self, tie, printed):
        filled(tie)
        made(tie)
        assert found(OF_THE_HOME, printed[0]) == list(OF_THE_HOME)
        assert found(PRIVATE, printed[0]) == [each for each in PRIVATE if each != "My mother slipped on it"]

    def test_after_a_resale_nothing_private_of_the_former_owner_is_left(self, tie, printed):
        filled(tie)
        buyer = sold(tie)
        made(buyer, at=NOW + timedelta(hours=1))
        assert (found(OF_THE_HOME, printed[0]), found(PRIVATE, printed[0])) == (list(OF_THE_HOME), [])

    def test_after_a_resale_the_archive_has_no_private_papers_and_no_signed_report(self, tie):
        filled(tie)
        buyer = sold(tie)
        archived = made(buyer, "zip", at=NOW + timedelta(hours=1))
        assert files_in(archived) == ["Documents/Plan Floor plan.jpg"]
        index = unpacked(archived).read("index.html").decode()
        assert (found(OF_THE_HOME, index), found(PRIVATE, index)) == (list(OF_THE_HOME), [])

    def test_it_is_a_tagged_document_with_bookmarks_in_its_language(self, tie):
        dossier = made(tie, language="zh-hans")
        with private_storage().open(dossier.file.file.name) as stored:
            reader = PdfReader(BytesIO(stored.read()))
            root = reader.trailer["/Root"]
            assert (root["/Lang"], root["/MarkInfo"]["/Marked"]) == ("zh-Hans", True)
            assert len(reader.outline) >= 9  # its contents, and each section


def file_of(name, size):
    return PrivateFileFactory(size=size, file=ContentFile(b"x" * size, name=name))


class TestArchive:
    def test_names_are_such_as_windows_takes(self):
        kept = {
            "CON": "_CON",
            "aux.plan": "_aux.plan",
            'a/b\\c:d*e?"f"<g>|h': "a b c d e f g h",
            "ends in dots. . .": "ends in dots",
            "../../etc/passwd": "etc passwd",
            "\u202egnp.exe\n": "gnp.exe",
            "合同 2026": "合同 2026",
            "…" * 200: "…" * 80,
            " . ": "file",
        }
        assert {given: safe(given) for given in kept} == kept

    def test_two_files_of_one_name_have_two_paths_whatever_the_case(self):
        names = Names()
        assert [names.path("A", name, "pdf") for name in ("Plan", "plan", "PLAN")] == [
            *("A/Plan.pdf", "A/plan (2).pdf"),
            "A/PLAN (3).pdf",
        ]

    def test_what_finds_no_room_or_is_gone_is_named_and_counted(self, tie, monkeypatch):
        for title, size in (("Small", 1000), ("Large", 5000), ("Gone", 1000)):
            gone = HomeDocumentFactory(home=tie.home, title_en=title, file=file_of(f"{title}.jpg", size))
        private_storage().delete(gone.file.file.name)
        monkeypatch.setattr(archive, "LARGEST", 4000)
        dossier = made(tie, "zip")
        index = unpacked(dossier).read("index.html").decode()
        assert (files_in(dossier), dossier.left_out) == (["Documents/Plan Small.jpg"], 2)
        assert [name in index.split("Not included")[1] for name in ("Plan Large", "Plan Gone", "Plan Small")] == [
            *(True, True),
            False,
        ]


class TestAsking:
    def test_twice_makes_one_and_a_document_and_an_archive_are_two(self, tie):
        assert ask(tie) == ask(tie) != ask(tie, "zip")
        assert Dossier.objects.count() == 2

    @pytest.mark.parametrize("who", [{"role": Role.FAMILY}, {"role": Role.TENANT}, {"former": True}])
    def test_is_for_owners(self, tie, who):
        with pytest.raises(DossierError, match="Only owners"):
            ask(OwnershipFactory(home=tie.home, **who))

    def test_more_than_six_times_a_day_is_refused(self, tie, printed):
        for _each in range(actions.MOST_A_DAY):
            made(tie)
        with pytest.raises(DossierError, match="enough for one day"):
            ask(tie)
        assert ask(tie, at=NOW + timedelta(days=1, minutes=1)).is_waiting

    def test_two_in_the_making_are_impossible_even_without_the_action(self, tie):
        ask(tie)
        with pytest.raises(IntegrityError, match="one_dossier_of_a_kind|dossier.asked_by_id"):
            Dossier.objects.create(home=tie.home, asked_by=tie.owner.user, kind="pdf", language="en", asked_at=NOW)


class TestMaking:
    def test_once_it_is_ready_who_asked_is_told_and_the_one_before_goes(self, tie, printed, told):
        first, second = made(tie), made(tie)
        make(second, clock=lambda: LATER)
        first.refresh_from_db()
        assert (first.state, first.file, second.state, len(printed)) == (State.GONE, None, State.READY, 2)
        assert told() == [(tie.owner.user, "dossier-ready")] * 2

    def test_three_attempts_without_a_result_end_it(self, tie, printed, told):
        printed.fails = True
        dossier = ask(tie)
        for _each in range(4):
            make(dossier, clock=lambda: LATER)
        tidy_dossiers(at=NOW + timedelta(hours=1))
        dossier.refresh_from_db()
        assert (dossier.state, len(printed), told()) == (State.FAILED, 3, [(tie.owner.user, "dossier-failed")])

    def test_a_home_sold_while_it_is_made_leaves_nothing(self, tie, monkeypatch):
        dossier = ask(tie)

        def sell_meanwhile(html, *, images=None, at):
            sold(tie)
            return pdf()

        monkeypatch.setattr(actions, "render_pdf", sell_meanwhile)
        make(dossier, clock=lambda: LATER)
        dossier.refresh_from_db()
        assert (dossier.state, dossier.file) == (State.GONE, None)

    def test_after_a_week_it_is_thrown_away(self, tie, printed):
        dossier = made(tie)
        forget_dossiers(at=LATER + timedelta(days=7))
        dossier.refresh_from_db()
        assert (dossier.state, dossier.file) == (State.GONE, None)


class TestResale:
    def test_the_former_owners_goes_and_the_new_owner_gets_one_once(self, tie, printed):
        waiting, ready = ask(tie, "zip"), made(tie)
        buyer = sold(tie)
        assert (hand_over(at=LATER), hand_over(at=LATER)) == (1, 0)
        waiting.refresh_from_db()
        ready.refresh_from_db()
        new = Dossier.objects.get(asked_by=buyer.owner.user)
        assert (waiting.state, ready.state, ready.file) == (State.GONE, State.GONE, None)
        assert (new.home, new.kind, new.handed_over) == (tie.home, "pdf", True)


class TestPages:
    def test_asked_for_seen_and_fetched(self, tie, printed, client):
        client.force_login(tie.owner.user)
        page = reverse("home:dossier", args=[tie.home_id])
        with time_machine.travel(LATER, tick=False):
            assert client.post(reverse("home:dossier-ask", args=[tie.home_id, "pdf"])).url == page
            assert b'hx-trigger="every 2s"' in client.get(page).content
            make(Dossier.objects.get(), clock=lambda: LATER)
            file = reverse("home:dossier-file", args=[Dossier.objects.get().pk])
            assert file.encode() in client.get(page).content
            fetched = client.get(file)
        assert (fetched["Content-Type"], fetched["Cache-Control"]) == ("application/pdf", "private, no-cache")
        assert b"".join(fetched.streaming_content) == pdf()

    def test_as_many_queries_for_one_row_a_section_as_for_three(self, tie):
        counts = []
        for batches in (["A"], [], ["B", "C"]):  # the first time, what the person may see is looked up too
            for batch in batches:
                filled(tie, batch=batch)
            reading = Reading(tie.home, tie.owner.user, NOW, TODAY, "en")
            with CaptureQueriesContext(connection) as queries:
                chapters_of(reading)
                [list(each.originals(reading)) for each in all_sections()]
            counts.append(len(queries))
        assert counts[1] == counts[2]
