"""Import and export on the desk: who may, what they see at each step, and what goes out."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django_q.models import OrmQ

from accounts.events.models import Event
from accounts.files.models import private_storage
from progress.imports import tasks
from progress.imports.models import WRITING, ImportRun
from progress.models import Home
from progress.transfers.actions import transfer_home
from tests.factories import NOW, TODAY, OwnerFactory, StaffFactory
from tests.progress.imports.books import ESTATE, book, imported

FRONT = "/desk/estate/"


@pytest.fixture
def everywhere(db):
    return StaffFactory(group="Supervisors", everywhere=True)


@pytest.fixture
def importer(client, everywhere):
    client.force_login(everywhere)
    return client


def sent(client, content=None, name="estate.xlsx", follow=False, **fields):
    file = SimpleUploadedFile(name, book() if content is None else content)
    return client.post(reverse("desk_imports:upload"), {"file": file, "sheet_code": "", **fields}, follow=follow)


def hidden(html):
    return dict(re.findall(r'<input type="hidden" name="(sha256|fingerprint)" value="(\w+)">', html))


def seen(client, content=None, name="estate.xlsx"):
    """An import whose preview is there to be looked at."""
    sent(client, content, name)
    run = ImportRun.objects.filter(name=name).first()
    tasks.read_workbook(str(run.pk))
    run.refresh_from_db()
    return run


def confirm(client, run):
    """What the person reads after their yes."""
    url = reverse("desk_imports:confirm", args=[run.pk])
    return client.post(url, hidden(page(client, run)), follow=True).content.decode()


def page(client, run, **headers):
    return client.get(reverse("desk_imports:run", args=[run.pk]), headers=headers).content.decode()


class TestImport:
    def test_from_the_upload_to_the_result(self, importer):
        sent(importer)
        run = ImportRun.objects.get()
        assert 'hx-trigger="every 2s"' in page(importer, run)
        assert '<meta http-equiv="refresh"' in page(importer, run)
        tasks.read_workbook(str(run.pk))
        html = page(importer, run)
        assert ("Row 2: 柳荫, 1号楼, 101" in html, Home.objects.count()) == (True, 0)
        importer.post(reverse("desk_imports:confirm", args=[run.pk]), hidden(html))
        tasks.import_workbook(str(run.pk))
        html = page(importer, run)
        assert ("Imported" in html, "hx-trigger" in html, Home.objects.count()) == (True, False, 3)
        verbs = Event.objects.filter(subject_id=str(run.pk)).values_list("verb", "actor__name")
        assert [verb for verb, _name in verbs] == ["imported", "confirmed", "uploaded"]
        assert {name for _verb, name in verbs} == {run.uploader.name}

    def test_reading_and_importing_are_left_to_the_worker(self, importer, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            sent(importer)
        assert OrmQ.objects.get().task["func"] == "progress.imports.tasks.read_workbook"

    def test_htmx_asks_for_the_middle_alone(self, importer):
        sent(importer)
        html = page(importer, ImportRun.objects.get(), hx_request="true")
        assert html.strip().startswith('<div id="import"')

    def test_what_is_wrong_is_listed_with_row_and_column(self, importer):
        sent(importer, b"development,number\nNowhere,1\n", name="homes.csv")
        run = ImportRun.objects.get()
        tasks.read_workbook(str(run.pk))
        html = page(importer, run)
        assert "There is no development “Nowhere”." in html
        assert hidden(html) == {}

    def test_the_answer_speaks_the_language_of_who_asks(self, importer, everywhere):
        everywhere.language = "zh-hans"
        everywhere.save()
        sent(importer, b"development,number\nNowhere,1\n", name="homes.csv")
        run = ImportRun.objects.get()
        tasks.read_workbook(str(run.pk))
        run.refresh_from_db()
        assert run.problems[0][0] == "房屋"

    def test_a_preview_seen_too_long_ago_is_not_confirmed(self, importer):
        sent(importer)
        run = ImportRun.objects.get()
        tasks.read_workbook(str(run.pk))
        url = reverse("desk_imports:confirm", args=[run.pk])
        html = importer.post(url, {"sha256": run.sha256, "fingerprint": "older"}, follow=True).content.decode()
        assert "This is not the preview you have seen." in html

    def test_an_unchanged_workbook_has_nothing_to_do(self, importer):
        for content in (None, book(owners=[*ESTATE["owners"], ("",)])):
            imported()
            sent(importer, content)
            run = ImportRun.objects.first()
            tasks.read_workbook(str(run.pk))
            html = page(importer, run)
            assert ("Nothing to do: everything is there already" in html, "Imported" in html) == (True, False)
        assert "nothing to do" in importer.get(FRONT).content.decode()

    def test_the_bar_is_empty_at_first_and_without_a_number_while_all_is_written(self, importer):
        sent(importer)
        run = ImportRun.objects.get()
        assert "Reading the workbook: 0 %" in page(importer, run)
        ImportRun.objects.update(state=ImportRun.State.RUNNING, progress=WRITING)
        html = page(importer, run)
        assert ("Writing everything in one go…" in html, 'value="' in html.split("<progress")[1][:80]) == (True, False)
        ImportRun.objects.update(progress=WRITING + 20)
        assert "Importing: 70 %" in page(importer, run)

    def test_a_workbook_changed_after_the_preview_is_refused(self, importer):
        run = seen(importer)
        with private_storage().open(run.file.file.name, "wb") as stored:
            stored.write(book({"developments": ESTATE["developments"]}))
        confirm(importer, run)
        tasks.import_workbook(str(run.pk))
        html = page(importer, run)
        assert ("The workbook is not the one that was previewed." in html, Home.objects.count()) == (True, 0)

    def test_a_second_import_meanwhile_is_told_to_wait(self, importer):
        first, second = seen(importer), seen(importer, name="other.xlsx")
        confirm(importer, first)
        assert "Another import is under way. Please wait until it is done." in confirm(importer, second)

    def test_a_home_transferred_meanwhile_is_shown_in_a_new_preview(self, importer):
        imported()
        newcomer = (1001, "柳荫", None, "R-7", "family", "2026-03-01")
        run = seen(importer, book({"ownerships": [ESTATE["ownerships"][0], newcomer]}))
        transfer_home(home=Home.objects.get(number="R-7"), to=[OwnerFactory()], on=TODAY, by=None, at=NOW)
        confirm(importer, run)
        tasks.import_workbook(str(run.pk))
        html = page(importer, run)
        assert "The estate has changed since the preview." in html
        assert hidden(html)["fingerprint"] != run.fingerprint

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (b"", "This file is empty."),
            (b"%PDF-1.4", "This is not a workbook."),
            (b"a" * 27_000_000, "larger than 25 MB"),
        ],
    )
    def test_what_is_no_workbook_is_refused_at_once(self, importer, content, said):
        html = sent(importer, content).content.decode()
        assert (said in html, ImportRun.objects.count()) == (True, 0)

    def test_the_front_page_lists_runs_in_a_fixed_number_of_queries(self, importer, django_assert_max_num_queries):
        sent(importer)
        importer.get(FRONT)
        with django_assert_max_num_queries(40) as one:
            importer.get(FRONT)
        count = len(one)
        sent(importer)
        sent(importer)
        with django_assert_max_num_queries(count):
            importer.get(FRONT)


class TestWho:
    @pytest.mark.parametrize("group", ["Supervisors", "Customer service", "Site managers"])
    def test_whoever_works_at_one_place_may_not_import(self, client, ours, group):
        client.force_login(StaffFactory(group=group, development=ours.development))
        html = client.get(FRONT).content.decode()
        assert ("Upload and preview" in html, "Export" in html) == (False, True)
        assert sent(client).status_code == 404
        assert not ImportRun.objects.exists()

    def test_service_everywhere_may_not_either(self, client, db):
        client.force_login(StaffFactory(group="Customer service", everywhere=True))
        assert sent(client).status_code == 404

    def test_the_menu_leads_there(self, importer):
        assert FRONT in importer.get("/desk/").content.decode()


class TestTemplate:
    def test_the_template_is_a_workbook(self, importer):
        answer = importer.get(reverse("desk_imports:template"))
        assert b"".join(answer).startswith(b"PK")
