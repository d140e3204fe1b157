"""What is built into which home, in the workbook and by hand; and recalls, which find every home and warn it once."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Address, Channel
from accounts.notices.models import Notice
from progress.imports import exports
from progress.imports.models import ImportRun
from progress.imports.sheets import get
from progress.materials.actions import MaterialError, note_for_homes, take_out
from progress.materials.finding import look_again, spread
from progress.materials.models import Material, Recall, RecalledHome, RecallWarning
from progress.materials.recalling import end_recall, homes_found, publish_recall, settle_home
from progress.models import Home, RightState
from progress.promises.models import Promise
from tests.factories import NOW, TODAY, BuildingFactory, HomeFactory, OwnerFactory, OwnershipFactory, StaffFactory
from tests.progress.imports.books import ESTATE, book, counts, imported, previewed
from tests.progress.material_factories import MaterialFactory, RecallFactory, published

pytestmark = pytest.mark.django_db
HEADINGS = ("development", "building", "home", "component", "maker", "product", "batch", "installed_on")
BOILER = ("柳荫", "1号楼", 101, "", "Nimbus", "Boiler 24", "B-10", "2026-03-01")


def told():
    """(owner, channel) of everybody who was told of a recall, in no order."""
    notices = Notice.objects.filter(kind="material-recall")
    return sorted((notice.owner.name, str(notice.channel)) for notice in notices)


def states(kind="material-recall"):
    return sorted(Promise.objects.filter(kind=kind).values_list("home__number", "state"))


def with_materials(*rows):
    return book({**ESTATE, "materials": [HEADINGS, *rows]})


class TestWorkbook:
    def test_the_same_material_written_otherwise_is_not_noted_twice(self):
        assert counts(imported(with_materials(BOILER)))["materials"] == (1, 0, 0)
        again = ("柳荫", "1号楼", 101, "", "ＮＩＭＢＵＳ", "boiler  24", "b－10", "2026-03-02")
        assert counts(imported(with_materials(again)))["materials"] == (0, 1, 0)
        material = Material.objects.get()
        assert (material.maker, material.installed_on) == ("Nimbus", date(2026, 3, 2))

    def test_a_place_is_named_by_its_room_or_refused(self):
        run = previewed(with_materials((*BOILER[:3], "dungeon", *BOILER[4:]), (*BOILER[:3], "floor", *BOILER[4:])))
        assert [problem[3] for problem in run.problems] == [
            "There is no room or component “dungeon”.",
            "There are several “floor”. Please name the room, too: “kitchen · tap”.",
        ]
        imported(with_materials((*BOILER[:3], "卫生间·Floor", *BOILER[4:])))
        assert Material.objects.get().component.code == "bathroom-floor"

    def test_what_is_exported_is_read_back_without_a_change(self, tmp_path):
        imported(with_materials(BOILER))
        Material.objects.update(telephone="400 800 1234", note="=matt")
        path = tmp_path / "materials.csv"
        with path.open("wb") as file:
            user = StaffFactory(group="Supervisors", everywhere=True)
            exports.write(file, [get("materials")], kind="csv", user=user)
        run = previewed(path.read_bytes(), name="materials.csv")
        assert (run.state, counts(run)["materials"]) == (ImportRun.State.DONE, (0, 0, 1))


class TestNoting:
    def test_a_building_is_noted_at_once_and_sent_twice_it_is_there_once(self):
        building = BuildingFactory()
        HomeFactory.create_batch(3, building=building)
        MaterialFactory(home=building.homes.first(), maker="ＮＩＭＢＵＳ ")
        values = {"maker": "Nimbus", "product": "Boiler 24", "batch": "B-10"}
        homes = Home.objects.filter(building=building)
        assert note_for_homes(homes, values=values, by=None) == (2, 1)
        assert note_for_homes(homes, values=values, by=None) == (0, 3)

    def test_it_is_there_once_until_it_is_taken_out_which_is_never_before_it_came(self):
        material = MaterialFactory(installed_on=TODAY)
        with pytest.raises(IntegrityError), transaction.atomic():
            MaterialFactory(home=material.home, product="ＢＯＩＬＥＲ 24")
        with pytest.raises(MaterialError, match="before it was built in"):
            take_out(material, on=TODAY - timedelta(days=1), by=None)
        take_out(material, on=TODAY, by=None)
        assert MaterialFactory(home=material.home).removed_on is None


class TestBatches:
    @pytest.mark.parametrize(
        ("fields", "found"),
        [
            ({}, ["", "B-9", "B-10", "B-11", "C-1"]),
            ({"batches": "b-9， Ｃ-1", "unknown_too": False}, ["B-9", "C-1"]),
            ({"first_batch": "B-9", "last_batch": "B-10", "unknown_too": False}, ["B-9", "B-10"]),
            ({"first_batch": "B-11", "unknown_too": True}, ["", "B-11", "C-1"]),
            ({"product": "Boiler", "unknown_too": True}, []),
            ({"product": "", "last_batch": "ｂ 9"}, ["", "B-9"]),
        ],
    )
    def test_a_recall_finds_its_batches_as_numbers_and_those_unknown_where_it_says_so(self, fields, found):
        for batch in ("", "B-9", "B-10", "B-11", "C-1"):
            MaterialFactory(batch=batch)
        MaterialFactory(maker="Other")
        recall = RecallFactory(**fields)
        assert sorted(recall.touched().values_list("batch", flat=True)) == sorted(found)


class TestRecall:
    def test_nobody_publishes_what_they_wrote_or_what_they_have_not_seen(self):
        OwnershipFactory(home=MaterialFactory().home)
        writer, second = StaffFactory(group="Supervisors"), StaffFactory(group="Supervisors")
        recall = RecallFactory(written_by=writer)
        with pytest.raises(MaterialError, match="somebody else"):
            publish_recall(recall, seen=1, by=writer, at=NOW)
        with pytest.raises(MaterialError, match="other homes by now"):
            publish_recall(recall, seen=0, by=second, at=NOW)
        spread(at=NOW)
        assert told() == []  # a draft warns nobody
        publish_recall(recall, seen=1, by=second, at=NOW)
        with pytest.raises(MaterialError, match="published already"):
            publish_recall(recall, seen=1, by=second, at=NOW)
        with pytest.raises(IntegrityError):
            Recall.objects.update(published_by=writer)

    def test_everybody_of_the_household_is_warned_once_and_each_home_is_promised_once(self, settings):
        home = MaterialFactory(maker="ＮＩＭＢＵＳ", home__number="101").home
        MaterialFactory(home=home, batch="B-11")
        for name, fields in (("Wang", {}), ("Tenant", {"role": "tenant"}), ("Former", {"former": True})):
            OwnershipFactory(home=home, owner__name=name, **fields)
        OwnershipFactory(home=MaterialFactory(batch="", product="Other").home)
        published()
        spread(at=NOW)
        spread(at=NOW + timedelta(minutes=1))
        channels = ("email", "inbox", "sms")
        assert told() == [(name, channel) for name in ("Tenant", "Wang") for channel in channels]
        assert states() == [("101", "due")]
        assert Promise.objects.get().due_at == datetime(
            2026, 12, 4, 10, 0, tzinfo=UTC
        )  # 18:00 of the tenth working day

    def test_a_later_import_and_a_new_owner_are_warned_too(self):
        sold = OwnershipFactory(home=MaterialFactory().home, owner__name="First")
        published()
        spread(at=NOW)
        sold.state, sold.until = RightState.ENDED, TODAY
        sold.save()
        OwnershipFactory(home=sold.home, owner__name="Second")
        imported(with_materials(BOILER))
        spread(at=NOW)
        assert {name for name, _channel in told()} == {"First", "Second", "王芳", "Zoë Müller"}
        assert RecalledHome.objects.count() == 2

    def test_without_anybody_who_can_be_written_to_staff_are_to_call(self):
        MaterialFactory(home__number="1")
        mute = OwnershipFactory(home=MaterialFactory(home__number="2").home, owner=OwnerFactory(user=None))
        OwnershipFactory(home=MaterialFactory(home__number="3").home)
        published()
        spread(at=NOW)
        assert states("material-recall-call") == [("1", "due"), ("2", "due")]
        Address.objects.create(owner=mute.owner, channel=Channel.EMAIL, value="mute@example.com")
        look_again(at=NOW)
        assert states("material-recall-call") == [("1", "due"), ("2", "void")]

    def test_what_was_done_keeps_the_promise_and_what_comes_later_stands_anew(self):
        tie = OwnershipFactory(home=MaterialFactory(home__number="101").home)
        published()
        spread(at=NOW)
        found = RecalledHome.objects.get()
        settle_home(found, outcome_en="Exchanged.", replaced=found.materials.all(), by=None, at=NOW, today=TODAY)
        spread(at=NOW)
        assert (states(), homes_found(found.recall).count()) == ([("101", "kept")], 0)
        MaterialFactory(home=tie.home, batch="B-12")
        spread(at=NOW)
        assert states() == [("101", "due"), ("101", "kept")]
        assert RecallWarning.objects.count() == 2

    def test_ended_it_warns_nobody_and_its_promises_no_longer_apply(self):
        OwnershipFactory(home=MaterialFactory(home__number="101").home)
        recall = published()
        spread(at=NOW)
        with pytest.raises(MaterialError, match="why it ends"):
            end_recall(recall, reason=" ", by=None, at=NOW)
        end_recall(recall, reason="The maker was wrong.", by=None, at=NOW)
        OwnershipFactory(home=MaterialFactory().home)
        spread(at=NOW)
        assert (states(), RecallWarning.objects.count()) == ([("101", "void")], 1)

    def test_three_homes_cost_as_many_queries_as_one(self, django_assert_max_num_queries):
        def queries():
            with django_assert_max_num_queries(80) as captured:
                spread(at=NOW)
            return len(captured)

        published()
        spread(at=NOW)
        OwnershipFactory(home=MaterialFactory().home)
        one = queries()
        for _each in range(3):
            OwnershipFactory(home=MaterialFactory().home)
        assert queries() == one
