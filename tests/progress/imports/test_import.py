"""A good workbook goes in, once; what it changes, and what it leaves alone."""

import re
from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from accounts.events.models import Event
from accounts.files.models import PrivateFile, private_storage
from accounts.models import Address, Owner
from accounts.notices.models import Notice
from accounts.privacy import retention
from progress.imports import actions, sheets
from progress.imports.archive import WorkbookError
from progress.imports.cells import CellError, Phone, Text, Zone
from progress.imports.models import KEPT, QUIET, ImportRun
from progress.imports.tables import Table
from progress.models import Building, Development, Home, Ownership, RightState, Role
from tests.concurrency import all_at_once
from tests.factories import NOW, OwnerFactory, OwnershipFactory
from tests.progress.imports.books import ESTATE, TODAY, book, carried_out, confirmed, counts, imported, previewed, table

pytestmark = pytest.mark.django_db
CREATED = {
    "developments": (1, 0, 0),
    "buildings": (1, 0, 0),
    "house_types": (1, 0, 0),
    "homes": (3, 0, 0),
    "owners": (2, 0, 0),
    "ownerships": (3, 0, 0),
}
LEFT = {code: (0, 0, created) for code, (created, _changed, _left) in CREATED.items()}


def rows_of_estate():
    return [*Home.objects.order_by("pk").values(), *Owner.objects.values(), *Ownership.objects.values()]


class TestImport:
    def test_everything_is_created(self):
        assert counts(imported()) == CREATED
        development = Development.objects.get()
        assert (development.name_en, development.name_zh, development.time_zone) == (
            "Willow Court",
            "柳荫",
            "Asia/Shanghai",
        )
        homes = Home.objects.order_by("number").values_list("number", "building__name", "house_type__name", "area")
        assert list(homes) == [
            ("101", "1号楼", "A", Decimal("89.50")),
            ("102", "1号楼", None, Decimal("120.00")),
            ("R-7", None, None, None),
        ]
        assert list(Owner.objects.order_by("customer_no").values_list("customer_no", "name", "language")) == [
            ("1001", "王芳", "zh-hans"),
            ("C-2", "Zoë Müller", "en"),
        ]
        assert list(Address.objects.order_by("channel").values_list("channel", "value", "verified_at")) == [
            ("email", "wang@example.com", None),
            ("sms", "+8613800000001", None),
        ]

    def test_rights_count_from_their_day(self):
        imported()
        ties = Ownership.objects.order_by("since", "role").values_list("role", "since", "until", "state")
        assert list(ties) == [
            (Role.FAMILY, date(2026, 3, 1), None, RightState.LIVE),
            (Role.OWNER, date(2026, 3, 1), None, RightState.LIVE),
            (Role.TENANT, date(2026, 12, 1), date(2027, 1, 1), RightState.PENDING),
        ]

    def test_one_event_and_no_notice(self):
        run = imported()
        assert list(Event.objects.filter(subject_id=str(run.pk)).values_list("verb", flat=True)) == [
            "imported",
            "confirmed",
            "uploaded",
        ]
        assert not Notice.objects.exists()

    def test_again_changes_nothing(self):
        imported()
        before = rows_of_estate()
        assert counts(imported()) == LEFT
        assert rows_of_estate() == before

    def test_again_after_a_change_elsewhere_is_read_anew(self):
        imported()
        Home.objects.filter(number="101").update(area=90)
        assert counts(previewed())["homes"] == (0, 1, 2)

    def test_the_order_of_sheets_and_their_names_do_not_matter(self):
        names = {"developments": "项目", "homes": "Homes 房屋", "owners": "OWNERS"}
        reordered = {names.get(name, name): rows for name, rows in reversed(ESTATE.items())}
        assert counts(imported(book(reordered))) == CREATED

    def test_headings_may_be_labels_in_either_language(self):
        rows = [("名称（英文）", "Name in Chinese / 名称（中文）"), ("Willow Court", "柳荫")]
        assert counts(imported(book(developments=rows))) == CREATED

    def test_a_preview_writes_nothing(self):
        assert counts(previewed()) == CREATED
        assert rows_of_estate() == []


class TestChanges:
    @pytest.fixture(autouse=True)
    def _there_already(self):
        imported()

    def test_changed_fields_are_written_and_the_others_left(self):
        homes = [("development", "building", "number", "area"), ("柳荫", "1号楼", 101, 91)]
        run = imported(book({"homes": homes}))
        assert counts(run) == {"homes": (0, 1, 0)}
        assert run.result["sheets"][0]["samples"] == [
            {"row": 2, "title": "柳荫, 1号楼, 101", "changes": [["area", "89.50", "91.00"]]}
        ]
        home = Home.objects.get(number="101")
        assert (home.area, home.house_type.name) == (91, "A")

    def test_an_owner_is_told_by_the_number_and_never_by_the_name(self):
        owners = [("customer_no", "name"), ("1001", "王芳芳"), ("C-3", "Zoë Müller")]
        assert counts(imported(book({"owners": owners}))) == {"owners": (1, 1, 0)}
        assert Owner.objects.get(customer_no="1001").name == "王芳芳"
        assert Owner.objects.filter(name="Zoë Müller").count() == 2

    def test_a_new_address_takes_the_place_of_one_that_nobody_proved(self):
        owners = [("customer_no", "name", "phone"), ("1001", "王芳", "+86 138 0000 0002")]
        imported(book({"owners": owners}))
        assert list(Address.objects.filter(channel="sms").values_list("value", flat=True)) == ["+8613800000002"]

    def test_a_proved_address_stays(self):
        Address.objects.filter(channel="sms").update(verified_at=NOW)
        owners = [("customer_no", "name", "phone"), ("1001", "王芳", "13800000002")]
        imported(book({"owners": owners}))
        assert set(Address.objects.filter(channel="sms").values_list("value", flat=True)) == {
            "+8613800000001",
            "+8613800000002",
        }

    def test_an_ownership_ends_only_when_its_row_says_until_when(self):
        heading = ESTATE["ownerships"][0]
        imported(book({"ownerships": [heading, ("1001", "柳荫", "1号楼", "101", "owner", "2026-03-01", None)]}))
        assert Ownership.objects.get(role="owner").state == RightState.LIVE
        imported(book({"ownerships": [heading, ("1001", "柳荫", "1号楼", "101", "owner", "2026-03-01", "2026-06-01")]}))
        assert Ownership.objects.get(role="owner").state == RightState.ENDED

    def test_who_left_may_come_back_in_the_same_workbook(self):
        heading = ESTATE["ownerships"][0]
        place = ("1001", "柳荫", "1号楼", "101", "owner")
        rows = [heading, (*place, "2026-10-01", None), (*place, "2026-03-01", "2026-06-01")]
        assert counts(imported(book({"ownerships": rows}))) == {"ownerships": (1, 1, 0)}
        states = Ownership.objects.filter(role="owner").order_by("since").values_list("state", flat=True)
        assert list(states) == [RightState.ENDED, RightState.LIVE]


class TestBetween:
    """What may happen between the preview and the import."""

    def test_other_bytes_are_refused(self):
        run = previewed()
        with private_storage().open(run.file.file.name, "wb") as stored:
            stored.write(book({"developments": ESTATE["developments"]}))
        assert carried_out(run).state == ImportRun.State.FAILED
        assert "not the one that was previewed" in run.message
        assert rows_of_estate() == []

    def test_a_preview_that_was_not_seen_cannot_be_confirmed(self):
        run = previewed()
        for seen in ({"sha256": "x", "fingerprint": run.fingerprint}, {"sha256": run.sha256, "fingerprint": "x"}):
            with pytest.raises(WorkbookError, match="not the preview you have seen"):
                actions.begin(run, **seen, by=None, at=NOW)

    def test_a_changed_estate_gets_a_new_preview(self):
        imported()
        changed = book(homes=[ESTATE["homes"][0], ("柳荫", "1号楼", 101, "A", 95)])
        run = previewed(changed)
        Home.objects.filter(number="101").update(area=70)
        carried_out(run)
        assert (run.state, "has changed since the preview" in run.message) == (ImportRun.State.PREVIEWED, True)
        assert Home.objects.get(number="101").area == 70
        assert carried_out(run).state == ImportRun.State.DONE

    def test_a_home_transferred_meanwhile_is_looked_at_again(self):
        imported()
        heading = ESTATE["ownerships"][0]
        run = previewed(
            book({"ownerships": [heading, ("1001", "柳荫", "1号楼", "101", "co_owner", "2026-03-01", None)]})
        )
        Ownership.objects.filter(role="owner").update(until=TODAY, state=RightState.ENDED)
        carried_out(run)
        assert run.state == ImportRun.State.PREVIEWED

    def test_two_at_once_are_refused(self):
        first, second = previewed(), previewed(book(owners=ESTATE["owners"][:1]), name="other.xlsx")
        assert second.state == ImportRun.State.REFUSED  # its ownerships name nobody
        second = previewed(book({"developments": ESTATE["developments"]}))
        confirmed(first)
        with pytest.raises(WorkbookError, match="Another import is under way"):
            confirmed(second)

    def test_a_task_that_comes_twice_does_it_once(self):
        run = carried_out(previewed())
        actions.carry_out(run, today=TODAY, at=NOW)
        actions.preview(run, today=TODAY, at=NOW)
        assert Event.objects.filter(verb="imported").count() == 1

    def test_when_it_breaks_in_the_middle_nothing_is_there(self, monkeypatch):
        def broken(*args, **kwargs):
            raise RuntimeError("the last table")

        run = previewed()
        monkeypatch.setattr("progress.imports.people.Ownerships.write", broken)
        with pytest.raises(RuntimeError):
            carried_out(run)
        run.refresh_from_db()
        assert (run.state, Development.objects.count()) == (ImportRun.State.FAILED, 0)

    def test_what_its_worker_left_behind_is_given_up(self):
        run = confirmed(previewed())
        ImportRun.objects.filter(pk=run.pk).update(claimed_at=NOW)
        actions.tidy(at=NOW + QUIET, quiet=QUIET / 2)
        run.refresh_from_db()
        assert (run.state, "worker stopped" in run.message) == (ImportRun.State.FAILED, True)


def test_confirmed_at_the_same_moment_one_goes_ahead(transactional_db):
    runs = [previewed(book({"developments": [("name_en",), (f"Estate {n}",)]})) for n in range(6)]
    outcomes = all_at_once(confirmed, runs)
    assert (len(outcomes.returned), outcomes.raised) == (1, [WorkbookError] * 5)


class TestAtOnce:
    """What the command does: no preview, one plan, the same rules."""

    def arrived(self, content=None):
        return actions.receive_here(SimpleUploadedFile("estate.xlsx", content or book()), at=NOW)

    def at_once(self, run):
        actions.import_at_once(run, today=TODAY, at=NOW)
        return run

    def test_it_imports(self):
        run = self.at_once(self.arrived())
        assert (run.state, counts(run), run.changed_nothing) == (ImportRun.State.DONE, CREATED, False)

    def test_again_there_is_nothing_to_do(self):
        self.at_once(self.arrived())
        run = self.at_once(self.arrived(book(owners=[*ESTATE["owners"], ("", "", "", "", "")])))
        assert (run.state, counts(run), run.changed_nothing) == (ImportRun.State.DONE, LEFT, True)

    def test_what_is_wrong_is_listed_and_nothing_written(self):
        run = self.at_once(self.arrived(book({"homes": [("development", "number"), ("Nowhere", 1)]})))
        assert (run.state, run.problem_count, run.message) == (ImportRun.State.REFUSED, 1, "")
        assert rows_of_estate() == []

    def test_another_under_way_is_waited_for(self):
        first = confirmed(previewed())
        run = self.at_once(self.arrived(book({"developments": ESTATE["developments"]})))
        assert (run.state, "Another import is under way" in run.message) == (ImportRun.State.FAILED, True)
        assert carried_out_again(first).state == ImportRun.State.DONE

    def test_it_is_done_once(self):
        run = self.at_once(self.at_once(self.arrived()))
        assert Event.objects.filter(verb="imported", subject_id=str(run.pk)).count() == 1


def carried_out_again(run):
    actions.carry_out(run, today=TODAY, at=NOW)
    return run


class TestForgetting:
    def test_after_a_week_the_workbook_is_gone_and_the_counts_stay(self):
        run = imported()
        retention.run(at=run.created_at + KEPT + QUIET)
        run.refresh_from_db()
        assert (run.file, counts(run), run.result["sheets"][3]["samples"]) == (None, CREATED, [])
        assert PrivateFile.objects.kept().count() == 0


class TestCommand:
    def test_it_imports(self, tmp_path):
        (tmp_path / "estate.xlsx").write_bytes(book())
        out = StringIO()
        call_command("import_estate", tmp_path / "estate.xlsx", stdout=out)
        assert "Homes: 3 created, 0 changed, 0 left" in out.getvalue()
        assert Home.objects.count() == 3
        call_command("import_estate", tmp_path / "estate.xlsx", stdout=out)
        assert "Nothing to do: everything is there already." in out.getvalue()

    def test_a_dry_run_writes_nothing(self, tmp_path):
        (tmp_path / "estate.xlsx").write_bytes(book())
        call_command("import_estate", tmp_path / "estate.xlsx", "--dry-run", stdout=StringIO())
        assert Home.objects.count() == 0

    def test_what_is_wrong_is_said_with_row_and_column(self, tmp_path):
        (tmp_path / "homes.csv").write_bytes(table(("development", "number"), ("Nowhere", "1")))
        with pytest.raises(CommandError, match="Homes, row 2, Development: There is no development “Nowhere”"):
            call_command("import_estate", tmp_path / "homes.csv")


def test_an_erased_owner_is_refused():
    erased = OwnerFactory(erased_at=NOW, user=None)
    run = previewed(book({"owners": [("customer_no", "name"), (erased.customer_no, "Back")]}))
    assert [problem[3] for problem in run.problems] == ["The record of this customer has been erased."]


def test_a_building_elsewhere_of_the_same_name_is_not_ours():
    other = OwnershipFactory().home
    homes = [("development", "building", "number"), ("柳荫", other.building.name, "1")]
    run = previewed(book({"developments": ESTATE["developments"], "homes": homes}))
    assert [(p[1], p[2]) for p in run.problems] == [(2, "Building")]
    assert Building.objects.count() == 1


def test_upper_apps_add_sheets_of_their_own(monkeypatch):
    class Zones(Table):
        """Changes the zone of a development, and creates nothing."""

        model = Development
        fields = ("time_zone",)

        def refer(self, row, known):
            return known.development(row), {"time_zone": row.values["time_zone"]}

        def existing(self, keys, known):
            return {pk: (pk, {"time_zone": zone}) for pk, zone in Development.objects.values_list("pk", "time_zone")}

    monkeypatch.setattr(sheets, "_sheets", dict(sheets._sheets))
    columns = (
        sheets.Column("development", "Development", "项目", Text(120), required=True),
        sheets.Column("time_zone", "Zone", "时区", Zone(), required=True),
    )
    sheets.register(sheets.Sheet("zones", "Zones", "时区", 60, columns, ("development",), Zones()))
    imported(book({"developments": ESTATE["developments"]}))
    assert counts(imported(book({"Zones": [("项目", "Zone"), ("柳荫", "Asia/Urumqi")]}))) == {"zones": (0, 1, 0)}
    assert Development.objects.get().time_zone == "Asia/Urumqi"


@pytest.mark.parametrize(
    "text",
    ["13800000001", "+8613800000001", "+86 138 0000 0001", "１３８００００００01", "010-65551234", "+442071838750"],
)
def test_a_telephone_number_is_the_same_by_the_short_way_and_the_long_one(text):
    long_way = Phone()
    vars(long_way)["at_home"] = (re.compile("none"), 86)
    assert Phone().read(text) == long_way.read(text)


@pytest.mark.parametrize("text", ["12000000001", "138000000011", "+8512345", "1380000000"])
def test_what_is_no_telephone_number_is_none_by_the_short_way_either(text):
    with pytest.raises(CellError):
        Phone().read(text)
