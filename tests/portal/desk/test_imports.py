"""Import and export on the desk: who may, what they see at each step, and what goes out."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django_q.models import OrmQ

from accounts.events.models import Event
from progress.imports import tasks
from progress.imports.models import ImportRun
from progress.models import Home
from tests.factories import StaffFactory
from tests.progress.imports.books import book

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


class TestExport:
    @pytest.mark.parametrize("code", ["homes", "owners", "ownerships"])
    def test_only_what_is_in_scope_goes_out(self, desk, ours, theirs, code):
        lines = b"".join(desk.get(reverse("desk_imports:export", args=[code, "csv"]))).decode()
        field, row = ("number", "home") if code == "homes" else ("customer_no", "owner")
        assert getattr(getattr(ours, row), field) in lines
        assert getattr(getattr(theirs, row), field) not in lines

    def test_it_is_noted_in_the_log(self, desk, supervisor):
        b"".join(desk.get(reverse("desk_imports:export", args=["owners", "xlsx"])))
        event = Event.objects.get(verb="exported")
        assert (event.actor, event.reason) == (supervisor, "owners.xlsx")

    @pytest.mark.parametrize("code", ["owners", "ownerships"])
    def test_site_managers_take_no_people_out(self, client, ours, code):
        client.force_login(StaffFactory(group="Site managers", development=ours.development))
        assert client.get(reverse("desk_imports:export", args=[code, "csv"])).status_code == 404

    @pytest.mark.parametrize(("code", "kind"), [("buildings", "csv"), ("homes", "pdf")])
    def test_what_is_no_export_is_not_found(self, desk, code, kind):
        assert desk.get(reverse("desk_imports:export", args=[code, kind])).status_code == 404

    def test_the_template_is_a_workbook(self, importer):
        answer = importer.get(reverse("desk_imports:template"))
        assert b"".join(answer).startswith(b"PK")
