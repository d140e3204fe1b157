"""Taking out more than is one's own: by parameters, after one has moved on, and by what stands in a cell."""

import csv
import io
from uuid import uuid4

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from accounts.leaving import leave
from accounts.models import Channel
from progress.imports import export_actions, tasks
from progress.imports.models import ExportRun
from progress.models import Assignment, RightState
from tests.factories import (
    NOW,
    TODAY,
    AssignmentFactory,
    DevelopmentFactory,
    HomeFactory,
    HouseTypeFactory,
    OwnershipFactory,
    StaffFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def ours():
    return OwnershipFactory()


@pytest.fixture
def theirs():
    return OwnershipFactory(owner__name="Somebody Elsewhere", owner__customer_no="ELSEWHERE-1")


@pytest.fixture
def boss(ours):
    return StaffFactory(group="Supervisors", development=ours.home.development)


@pytest.fixture
def desk(client, boss):
    client.force_login(boss)
    return client


def ask(client, sheet="owners", kind="csv", **more):
    return client.post(reverse("desk_imports:export"), {"sheet": sheet, "kind": kind} | more, follow=True)


def fetched(client, run):
    """What its address answers; the file is closed once it is read."""
    response = client.get(reverse("desk_imports:export_file", args=[run.pk]))
    list(response)
    return response.status_code


def text_of(response):
    return b"".join(response).decode("utf-8-sig")


class TestParameters:
    def test_a_development_in_them_is_not_looked_at(self, desk, theirs):
        place = theirs.home.development_id
        more = {"development": place, "developments": [place], "user": theirs.owner.user_id, "requester": 1, "all": 1}
        for sheet in ("owners", "homes", "ownerships", "developments", "buildings"):
            cells = text_of(ask(desk, sheet, **more)).replace(",", "\n").split("\n")
            assert not {"Somebody Elsewhere", "ELSEWHERE-1", theirs.home.development.name_en} & {*cells}, sheet

    def test_owners_reach_none_of_it(self, client, desk, ours):
        list(ask(desk))
        run = ExportRun.objects.get()
        client.force_login(ours.owner.user)
        assert ask(client).status_code == 404
        for name in ("export_run", "export_file"):
            assert client.get(reverse(f"desk_imports:{name}", args=[run.pk])).status_code == 404
        assert client.get(reverse("desk_imports:export_file", args=[uuid4()])).status_code == 404


class TestMovedOn:
    """The file lies there for a week; who may no longer see what is in it does not fetch it."""

    @pytest.fixture
    def run(self, desk):
        list(ask(desk))
        return ExportRun.objects.get()

    def test_as_long_as_they_stay_they_fetch_it(self, desk, run, boss):
        AssignmentFactory(user=boss)
        assert fetched(desk, run) == 200

    def test_assigned_elsewhere_they_do_not(self, desk, run, boss):
        boss.assignments.update(state=RightState.ENDED, until=TODAY)
        AssignmentFactory(user=boss)
        assert fetched(desk, run) == 404

    def test_who_worked_everywhere_and_now_here_does_not(self, client, ours, theirs):
        staff = StaffFactory(group="Supervisors", everywhere=True)
        client.force_login(staff)
        list(ask(client))
        staff.assignments.update(development=ours.home.development)
        assert fetched(client, ExportRun.objects.get()) == 404

    def test_an_administrator_who_is_none_any_more_does_not(self, client, ours):
        staff = StaffFactory(group="Supervisors", development=ours.home.development, is_superuser=True)
        client.force_login(staff)
        list(ask(client))
        type(staff).objects.update(is_superuser=False)
        assert fetched(client, ExportRun.objects.get()) == 404

    def test_what_a_leaver_has_queued_is_written_without_a_row(self, desk, boss, ours, monkeypatch):
        monkeypatch.setattr(export_actions, "AT_ONCE", -1)
        list(ask(desk))
        run = ExportRun.objects.get()
        leave(boss, by=StaffFactory(group="Supervisors", everywhere=True, is_superuser=True), at=NOW)
        assert not Assignment.objects.live().filter(user=boss).exists()
        tasks.write_workbook(str(run.pk))
        run.refresh_from_db()
        with run.file.file.open() as written:
            assert ours.owner.customer_no not in written.read().decode()


RISKY = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1", "'=1", "=cmd|' /C calc'!A0"]


@pytest.mark.parametrize("word", RISKY)
def test_no_cell_of_any_column_is_a_formula(client, word):
    """Whatever was written into any field that people fill in, by whatever way."""
    place = DevelopmentFactory(name_en=word, name_zh=word)
    home = HomeFactory(building__development=place, building__name=word[:20], number=word[:20])
    home.house_type = HouseTypeFactory(development=place, name=word[:20])
    home.save()
    tie = OwnershipFactory(home=home, owner__name=word, owner__customer_no=word[:20])
    tie.owner.addresses.create(channel=Channel.SMS, value="+8613800001111")
    tie.owner.addresses.create(channel=Channel.EMAIL, value="+tag=1@example.com")
    client.force_login(StaffFactory(group="Supervisors", everywhere=True))
    starts = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
    for sheet in ("developments", "buildings", "house_types", "homes", "owners", "ownerships"):
        rows = list(csv.reader(io.StringIO(text_of(ask(client, sheet)))))
        assert len(rows) > 1, sheet
        assert [cell for row in rows for cell in row if cell.startswith(starts)] == [], sheet
    book = load_workbook(io.BytesIO(b"".join(ask(client, "all", "xlsx"))))
    for page in book:
        for row in page.iter_rows():
            for cell in row:
                assert cell.data_type != "f"
                assert not (isinstance(cell.value, str) and cell.value.startswith(starts)), (page.title, cell.value)
