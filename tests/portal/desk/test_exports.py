"""Export on the desk: who takes what out, where it waits, and how long."""

from datetime import timedelta

import pytest
from django.core.files.storage import storages
from django.urls import reverse
from django.utils import timezone
from django_q.models import OrmQ

from accounts.events.models import Event
from accounts.files.models import PrivateFile
from accounts.privacy import retention
from progress.imports import export_actions, tasks
from progress.imports.models import KEPT, QUIET, ExportRun
from progress.models import Home
from tests.factories import NOW, OwnershipFactory, StaffFactory
from tests.progress.imports.books import counts, imported

FRONT = "/desk/estate/"
CODES = ["developments", "buildings", "homes", "owners", "ownerships"]


def ask(client, sheet="homes", kind="csv", **kwargs):
    return client.post(reverse("desk_imports:export"), {"sheet": sheet, "kind": kind}, **kwargs)


def taken_out(client, *args):
    return b"".join(ask(client, *args, follow=True))


@pytest.fixture
def large(monkeypatch):
    """Every export is one for the worker."""
    monkeypatch.setattr(export_actions, "AT_ONCE", -1)


@pytest.fixture
def waiting(desk, ours, large):
    ask(desk)
    return ExportRun.objects.get()


def page(client, run, **headers):
    return client.get(reverse("desk_imports:export_run", args=[run.pk]), headers=headers).content.decode()


def file(client, run):
    return client.get(reverse("desk_imports:export_file", args=[run.pk]))


def kept():
    """How many exported files there are."""
    return PrivateFile.objects.filter(content_type="text/csv").count()


class TestScope:
    @pytest.mark.parametrize(
        ("code", "path"),
        [
            ("developments", "home.development.name_en"),
            ("buildings", "home.building.name"),
            ("homes", "home.number"),
            ("owners", "owner.customer_no"),
            ("ownerships", "owner.customer_no"),
        ],
    )
    def test_only_what_is_in_scope_goes_out(self, desk, ours, theirs, code, path):
        def of(tie):
            for name in path.split("."):
                tie = getattr(tie, name)
            return tie

        lines = taken_out(desk, code, "csv").decode()
        assert (of(ours) in lines, of(theirs) in lines) == (True, False)

    @pytest.mark.parametrize("code", ["owners", "ownerships"])
    def test_site_managers_take_no_people_out(self, client, ours, code):
        client.force_login(StaffFactory(group="Site managers", development=ours.development))
        assert ask(client, code).status_code == 404
        ask(client, "all", "xlsx")
        assert ExportRun.objects.get().sheet_codes == ["developments", "buildings", "house_types", "homes", "materials"]

    @pytest.mark.parametrize(("code", "kind"), [("prices", "csv"), ("homes", "pdf"), ("", "csv")])
    def test_what_is_no_export_is_not_found(self, desk, code, kind):
        assert ask(desk, code, kind).status_code == 404

    def test_a_csv_file_of_all_sheets_is_none(self, desk):
        html = ask(desk, "all", "csv", follow=True).content.decode()
        assert ("A CSV file holds one sheet." in html, ExportRun.objects.count()) == (True, 0)


class TestAtOnce:
    def test_a_few_rows_are_fetched_at_once(self, desk, ours):
        answer = ask(desk, "all", "xlsx", follow=True)
        assert b"".join(answer).startswith(b"PK")
        assert answer["Content-Disposition"] == 'attachment; filename="estate.xlsx"'
        assert "no-store" in answer["Cache-Control"]

    def test_what_was_fetched_comes_in_again_and_changes_nothing(self, desk, ours):
        run = imported(taken_out(desk, "homes", "csv"), name="homes.csv")
        assert counts(run) == {"homes": (0, 0, Home.objects.filter(development=ours.development).count())}

    def test_each_step_is_noted_in_the_log(self, desk, supervisor, ours):
        taken_out(desk, "owners", "xlsx")
        events = Event.objects.filter(subject_kind="imports.exportrun").order_by("pk")
        assert [(event.verb, event.actor, event.reason) for event in events] == [
            (verb, supervisor, "owners.xlsx") for verb in ("asked for", "exported", "fetched")
        ]


class TestWorker:
    def test_many_rows_are_written_by_the_worker(self, desk, large, ours, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            answer = ask(desk)
        run = ExportRun.objects.get()
        assert answer["Location"] == reverse("desk_imports:export_run", args=[run.pk])
        assert OrmQ.objects.get().task["func"] == "progress.imports.tasks.write_workbook"

    def test_the_page_shows_how_far_it_is_and_then_the_file(self, desk, waiting):
        html = page(desk, waiting)
        assert ('hx-trigger="every 2s"' in html, "Writing the file: 0 %" in html) == (True, True)
        assert file(desk, waiting).status_code == 404
        tasks.write_workbook(str(waiting.pk))
        html = page(desk, waiting)
        assert ("hx-trigger" in html, "Download the file" in html) == (False, True)
        assert b"".join(file(desk, waiting)).startswith(b"\xef\xbb\xbf")

    def test_htmx_asks_for_the_middle_alone(self, desk, waiting):
        assert page(desk, waiting, hx_request="true").strip().startswith('<div id="export"')

    def test_one_may_leave_and_come_back(self, desk, waiting):
        assert f"/export/{waiting.pk}/" in desk.get(FRONT).content.decode()

    def test_a_task_that_comes_twice_writes_once(self, waiting):
        for _each in range(2):
            tasks.write_workbook(str(waiting.pk))
        assert Event.objects.filter(verb="exported").count() == kept() == 1

    def test_the_bar_moves_with_the_rows(self, waiting, monkeypatch):
        OwnershipFactory.create_batch(3, home__building=Home.objects.first().building)
        seen = []
        monkeypatch.setattr("progress.imports.exports.STEP", 1)
        monkeypatch.setattr(export_actions, "note_progress", lambda run, per_cent: seen.append(per_cent))
        export_actions.write_out(waiting, at=NOW)
        assert (seen, seen == sorted(seen)) == ([99 * n // len(seen) for n in range(1, len(seen) + 1)], True)

    def test_one_that_breaks_says_so_and_leaves_no_file(self, desk, waiting, monkeypatch):
        def broken(*args, **kwargs):
            raise RuntimeError

        monkeypatch.setattr(export_actions.exports, "write", broken)
        with pytest.raises(RuntimeError):
            tasks.write_workbook(str(waiting.pk))
        assert "could not be written" in page(desk, waiting)
        assert kept() == 0

    def test_one_given_up_meanwhile_leaves_no_file(self, waiting, monkeypatch):
        write = export_actions.exports.write

        def given_up(*args, **kwargs):
            ExportRun.objects.update(state=ExportRun.State.FAILED)
            write(*args, **kwargs)

        monkeypatch.setattr(export_actions.exports, "write", given_up)
        tasks.write_workbook(str(waiting.pk))
        waiting.refresh_from_db()
        assert (waiting.state, kept()) == (ExportRun.State.FAILED, 0)
        assert not Event.objects.filter(verb="exported").exists()

    def test_a_lost_task_is_queued_again(self, waiting, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            export_actions.tidy(at=timezone.now() + QUIET, quiet=QUIET)
        assert [queued.task["args"] for queued in OrmQ.objects.all()] == [(str(waiting.pk),)]

    def test_what_its_worker_left_behind_is_given_up(self, waiting):
        ExportRun.objects.update(claimed_at=NOW)
        export_actions.tidy(at=timezone.now() + 2 * QUIET, quiet=QUIET)
        waiting.refresh_from_db()
        assert waiting.state == ExportRun.State.FAILED


class TestPrivate:
    @pytest.fixture
    def written(self, waiting):
        tasks.write_workbook(str(waiting.pk))
        waiting.refresh_from_db()
        return waiting

    def test_nobody_else_sees_or_fetches_it(self, client, written):
        client.force_login(StaffFactory(group="Supervisors", everywhere=True))
        assert [file(client, written).status_code, "Export" in client.get(FRONT).content.decode()] == [404, True]
        assert client.get(reverse("desk_imports:export_run", args=[written.pk])).status_code == 404
        assert str(written.pk) not in client.get(FRONT).content.decode()

    def test_who_may_no_longer_see_what_is_in_it_does_not_fetch_it(self, desk, supervisor, written):
        supervisor.groups.clear()
        supervisor.groups.add(StaffFactory(group="Marketing").groups.get())
        assert file(desk, written).status_code == 404

    def test_after_a_week_it_is_gone(self, desk, written, django_capture_on_commit_callbacks):
        name = written.file.file.name
        retention.run(at=written.created_at + KEPT - timedelta(minutes=1))
        assert storages["private"].exists(name)
        with django_capture_on_commit_callbacks(execute=True):
            retention.run(at=written.created_at + KEPT + timedelta(minutes=1))
        assert not storages["private"].exists(name)
        assert "has been thrown away" in page(desk, written)
        assert file(desk, written).status_code == 404
