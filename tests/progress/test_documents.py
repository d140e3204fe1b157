"""Documents of a home: who sees them, their versions, what a file's name means, and who is told."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from accounts.events.models import Event
from accounts.files.forms import CheckedUpload
from accounts.files.images import read_photo
from accounts.files.models import PrivateFile
from accounts.notices import kinds
from accounts.notices.models import Notice
from accounts.privacy import retention
from progress.documents import actions
from progress.documents.actions import DocumentError
from progress.documents.filenames import Reader
from progress.documents.models import DocumentBatch, HomeDocument, WaitingFile
from progress.models import Home, Ownership, RightState, Role
from progress.transfers.parts import preview
from tests.accounts.files.pictures import photo
from tests.factories import (
    NOW,
    TODAY,
    BuildingFactory,
    DevelopmentFactory,
    HomeDocumentFactory,
    HomeFactory,
    OwnershipFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def home():
    return HomeFactory()


@pytest.fixture
def staff():
    return UserFactory()


def sent(name="scan.jpg"):
    return CheckedUpload(name, read_photo(photo(name)), "")


def publish(home, staff, kind="plan", title="", **changes):
    given = {"batch_id": uuid4(), "upload": sent(), "home": home, "kind": kind, "by": staff, "at": NOW}
    return actions.publish_document(**given | {"titles": {"title_en": title, "title_zh": ""}} | changes)


def waiting(staff, *names):
    uploads = [sent(name) for name in names]
    batch = actions.keep_waiting(batch_id=uuid4(), uploads=uploads, by=staff)
    return batch, list(batch.waiting.all())


def seen_by(tie):
    return set(HomeDocument.objects.for_user(tie.owner.user))


def end(tie):
    tie.state, tie.until = RightState.ENDED, TODAY
    tie.save()


class TestWhoSees:
    @pytest.mark.parametrize(
        ("role", "kinds_seen"),
        [
            (Role.OWNER, {"contract", "plan", "permit", "invoice", "certificate", "report"}),
            (Role.CO_OWNER, {"contract", "plan", "permit", "invoice", "certificate", "report"}),
            (Role.FAMILY, {"plan", "permit", "certificate", "report"}),
            (Role.TENANT, set()),
        ],
    )
    def test_each_role_sees_its_kinds(self, home, staff, role, kinds_seen):
        OwnershipFactory(home=home)
        tie = OwnershipFactory(home=home, role=role)
        for kind in ("contract", "plan", "permit", "invoice", "certificate", "report"):
            publish(home, staff, kind)
        assert {document.kind for document in seen_by(tie)} == kinds_seen

    def test_a_tenant_sees_what_is_meant_for_everyone(self, home, staff):
        tenant = OwnershipFactory(home=home, role=Role.TENANT)
        assert seen_by(tenant) == set()
        document = publish(home, staff, min_role="tenant")
        assert seen_by(tenant) == {document}

    def test_a_document_of_another_home_is_not_there(self, home, staff):
        tie, stranger = OwnershipFactory(home=home), OwnershipFactory()
        publish(home, staff)
        assert (len(seen_by(tie)), seen_by(stranger)) == (1, set())

    def test_a_document_may_be_kept_from_the_family(self, home, staff):
        family = OwnershipFactory(home=home, role=Role.FAMILY)
        publish(home, staff, min_role="owner")
        assert seen_by(family) == set()

    def test_former_owners_lose_them_and_new_owners_see_what_passes_on(self, home, staff):
        seller = OwnershipFactory(home=home)
        plan, _contract = publish(home, staff, "plan"), publish(home, staff, "contract")
        end(seller)
        buyer = OwnershipFactory(home=home)
        assert (seen_by(seller), seen_by(buyer)) == (set(), {plan})

    def test_a_contract_of_the_new_owners_begins_at_version_1_and_is_theirs(self, home, staff):
        seller = OwnershipFactory(home=home)
        publish(home, staff, "contract")
        end(seller)
        buyer = OwnershipFactory(home=home)
        contract = publish(home, staff, "contract")
        assert (contract.version, seen_by(buyer)) == (1, {contract})

    def test_a_co_owner_who_joins_later_sees_the_contract(self, home, staff):
        owner = OwnershipFactory(home=home)
        contract = publish(home, staff, "contract")
        spouse = OwnershipFactory(home=home, role=Role.CO_OWNER)
        assert seen_by(spouse) == {contract}
        end(owner)
        assert seen_by(spouse) == set()

    def test_an_owner_who_stays_as_a_tenant_keeps_no_contract_open(self, home, staff):
        seller = OwnershipFactory(home=home)
        publish(home, staff, "contract")
        end(seller)
        OwnershipFactory(home=home, owner=seller.owner, role=Role.TENANT)
        buyer = OwnershipFactory(home=home)
        assert (seen_by(buyer), seen_by(seller)) == (set(), set())

    def test_a_contract_waits_for_owners_who_are_still_to_come(self, home, staff):
        tie = OwnershipFactory(home=home, state=RightState.PENDING, since=TODAY + timedelta(days=3))
        contract = publish(home, staff, "contract")
        assert seen_by(tie) == set()
        Ownership.objects.update(state=RightState.LIVE)
        assert seen_by(tie) == {contract}

    def test_a_contract_of_nobody_is_refused_and_nothing_is_kept(self, home, staff):
        with pytest.raises(DocumentError, match="has no owner yet"):
            publish(home, staff, "contract")
        assert (HomeDocument.objects.count(), PrivateFile.objects.count(), DocumentBatch.objects.count()) == (0, 0, 0)

    def test_a_contract_for_the_family_is_refused_here_and_by_the_database(self, home, staff):
        OwnershipFactory(home=home)
        with pytest.raises(DocumentError, match="owners and co-owners only"):
            publish(home, staff, "contract", min_role="family")
        with pytest.raises(IntegrityError), transaction.atomic():
            HomeDocumentFactory(kind="invoice", min_role="family")


class TestVersions:
    def test_the_same_home_kind_and_title_make_the_next_version(self, home, staff):
        first = publish(home, staff, title="Ground floor")
        second = publish(home, staff, title="  ground  FLOOR ")
        assert (second.version, second.replaces, second.series) == (2, first, first.series)

    def test_another_title_kind_or_home_is_another_document(self, home, staff):
        publish(home, staff, title="Ground floor")
        others = [
            publish(home, staff, title="Roof"),
            publish(home, staff, "report", title="Ground floor"),
            publish(HomeFactory(), staff, title="Ground floor"),
            publish(home, staff),
        ]
        assert [other.version for other in others] == [1, 1, 1, 1]

    def test_the_form_sent_twice_makes_one(self, home, staff):
        batch_id = uuid4()
        one, other = (publish(home, staff, batch_id=batch_id) for _each in range(2))
        assert (one, HomeDocument.objects.count()) == (other, 1)

    def test_a_new_version_of_the_former_owners_contract_is_refused(self, home, staff):
        seller = OwnershipFactory(home=home)
        contract = publish(home, staff, "contract")
        end(seller)
        OwnershipFactory(home=home)
        with pytest.raises(DocumentError, match="owners before"):
            actions.publish_version(contract, batch_id=uuid4(), upload=sent(), by=staff, at=NOW)

    def test_a_version_number_stands_once(self, home, staff):
        first = publish(home, staff)
        with pytest.raises(IntegrityError), transaction.atomic():
            HomeDocumentFactory(home=home, series=first.series)

    def test_withdrawn_it_is_hidden_and_the_version_before_is_the_latest_again(self, home, staff):
        tie = OwnershipFactory(home=home)
        first, second = publish(home, staff), publish(home, staff)
        actions.withdraw_document(second, reason="Wrong home", by=staff, at=NOW)
        assert seen_by(tie) == {first}
        second.refresh_from_db()
        assert (second.withdrawn_reason, PrivateFile.objects.kept().count()) == ("Wrong home", 2)
        assert Event.objects.filter(verb="withdrawn", subject_id=str(second.pk), home_id=home.pk).count() == 1

    def test_withdrawing_twice_or_without_a_reason_changes_nothing(self, home, staff):
        document = publish(home, staff)
        with pytest.raises(DocumentError, match="why"):
            actions.withdraw_document(document, reason=" ", by=staff, at=NOW)
        actions.withdraw_document(document, reason="Wrong home", by=staff, at=NOW)
        actions.withdraw_document(document, reason="Another", by=staff, at=NOW)
        assert HomeDocument.objects.get().withdrawn_reason == "Wrong home"


class TestSearch:
    @pytest.mark.parametrize("words", ["ground", "平面", "3-1102", "Plan ground", "图纸", "pla"])
    def test_it_finds_title_kind_and_file_name_in_both_languages(self, words):
        document = HomeDocumentFactory(title_en="Ground floor", title_zh="一层平面图", file_name="3-1102 a.pdf")
        HomeDocumentFactory(kind="report", title_en="Soil", file_name="soil.pdf")
        assert list(HomeDocument.objects.search(words)) == [document]

    def test_a_word_that_stands_nowhere_finds_nothing(self):
        HomeDocumentFactory(title_en="Ground floor")
        assert list(HomeDocument.objects.search("ground roof")) == []


class TestFileNames:
    @pytest.fixture
    def reader(self):
        here = DevelopmentFactory(name_en="Willow Lane", name_zh="青槐里")
        three, four = (BuildingFactory(development=here, name=f"Building {n}") for n in (3, 4))
        self.named = {
            number: HomeFactory(building=building, number=number)
            for building, number in ((three, "3-1102"), (three, "1102"), (four, "4-201"), (four, "2026"))
        }
        self.twins = [HomeFactory(building=building, number="101") for building in (three, four)]
        DevelopmentFactory(name_en="Cloud Bay", name_zh="云湾")
        return Reader(Home.objects.filter(development=here))

    @pytest.mark.parametrize(
        ("name", "number", "kind", "titles"),
        [
            ("3-1102 Contract 2025.pdf", "3-1102", "contract", ("Contract 2025", "")),
            ("青槐里_3-1102_合同.pdf", "3-1102", "contract", ("", "")),
            ("３－１１０２ 户型图.pdf", "3-1102", "plan", ("", "")),
            ("3-1102许可证.jpg", "3-1102", "permit", ("", "")),
            ("Willow Lane 1102 HVAC report.pdf", "1102", "report", ("HVAC report", "")),
            ("4-201_质量报告_终版.pdf", "4-201", "report", ("", "质量报告 终版")),
            ("planetarium 4-201.pdf", "4-201", "", ("planetarium", "")),
            ("4-201 contract invoice.pdf", "4-201", "", ("contract invoice", "")),
            ("contract-4-201.pdf", "4-201", "contract", ("", "")),
        ],
    )
    def test_a_name_says_home_kind_and_title(self, reader, name, number, kind, titles):
        meant = reader.read(name)
        assert (meant.homes, meant.kind, meant.problem) == ([self.named[number]], kind, "")
        assert tuple(meant.titles.values()) == titles

    @pytest.mark.parametrize(
        "name", ["9-999 Contract.pdf", "Contract.pdf", "13-1102.pdf", "3-11022.pdf", "3-1102-5.pdf"]
    )
    def test_a_number_that_no_home_has_is_refused(self, reader, name):
        assert "No home of yours has a number" in reader.read(name).problem

    def test_a_number_of_a_home_that_is_not_mine_is_as_good_as_unknown(self, reader):
        HomeFactory(number="7-77")
        assert "No home of yours has a number" in reader.read("7-77 Contract.pdf").problem

    @pytest.mark.parametrize("name", ["云湾_3-1102_合同.pdf", "Cloud Bay 3-1102 Contract.pdf"])
    def test_a_name_of_a_foreign_development_is_refused(self, reader, name):
        assert "not one of yours" in reader.read(name).problem

    def test_a_number_in_two_buildings_must_be_chosen(self, reader):
        assert reader.read("101 Contract.pdf").homes == self.twins

    def test_the_building_in_the_name_decides(self, reader):
        assert reader.read("Building 4 101 Contract.pdf").homes == [self.twins[1]]

    def test_two_numbers_in_a_name_must_be_chosen(self, reader):
        homes = reader.read("3-1102 Contract 2026.pdf").homes
        assert {home.number for home in homes} == {"3-1102", "2026"}


class TestTelling:
    def test_one_document_is_told_by_its_name_to_those_who_may_see_it(self, home, staff, told):
        owner = OwnershipFactory(home=home)
        OwnershipFactory(home=home, role=Role.FAMILY)
        OwnershipFactory(home=home, former=True)
        document = publish(home, staff, "contract", title="Sale")
        assert told() == [(owner.owner, "document-published")]
        assert kinds.get("document-published").paragraphs(document.batch) == ["“Sale” is in the portal now."]

    def test_many_files_are_told_once_a_batch_and_owner(self, staff, told):
        tie = OwnershipFactory()
        second = OwnershipFactory(owner=tie.owner)
        batch, files = waiting(staff, "a.jpg", "b.jpg", "c.jpg")
        homes = [tie.home, tie.home, second.home]
        placed = [(each, home, "plan", {"title_en": each.file_name}) for each, home in zip(files, homes, strict=True)]
        assert actions.publish_batch(batch, placed=placed, by=staff, at=NOW) == 3
        assert told() == [(tie.owner, "document-published")]
        assert actions.publish_batch(batch, placed=placed, by=staff, at=NOW) == 3
        assert HomeDocument.objects.count() == 3

    def test_whoever_sold_meanwhile_or_sees_none_of_it_is_not_told(self, home, staff):
        tie, kind = OwnershipFactory(home=home), kinds.get("document-published")
        document = publish(home, staff)
        assert kind.still_concerns(document.batch, tie.owner)
        end(tie)
        assert not kind.still_concerns(document.batch, tie.owner)
        actions.withdraw_document(document, reason="Wrong", by=staff, at=NOW)
        assert not kind.still_true(kind.subjects().get(pk=document.batch_id))

    def test_the_message_leads_to_the_home_and_has_its_time_zone(self, home, staff):
        OwnershipFactory(home=home)
        document, kind = publish(home, staff), kinds.get("document-published")
        assert kind.url(document.batch) == f"/my/documents/new/{document.batch_id}/"
        assert kind.zone(kind.subjects().get()) == "Asia/Shanghai"


class TestBatches:
    def test_all_or_none_are_published(self, home, staff):
        batch, files = waiting(staff, "a.jpg", "b.jpg")
        placed = [(files[0], home, "plan", {}), (files[1], home, "contract", {})]
        with pytest.raises(DocumentError, match="has no owner yet"):
            actions.publish_batch(batch, placed=placed, by=staff, at=NOW)
        assert (HomeDocument.objects.count(), batch.waiting.count(), Notice.objects.count()) == (0, 2, 0)

    def test_what_is_left_out_is_thrown_away(self, home, staff):
        batch, files = waiting(staff, "a.jpg", "b.jpg")
        actions.publish_batch(batch, placed=[(files[0], home, "plan", {})], by=staff, at=NOW)
        assert list(PrivateFile.objects.kept()) == [HomeDocument.objects.get().file]
        assert WaitingFile.objects.count() == 0

    def test_a_forgotten_batch_is_thrown_away_after_a_day(self, home, staff):
        batch, _files = waiting(staff, "a.jpg")
        retention.run(at=batch.created_at + timedelta(hours=23))
        assert DocumentBatch.objects.count() == 1
        retention.run(at=batch.created_at + timedelta(hours=25))
        assert (DocumentBatch.objects.count(), PrivateFile.objects.kept().count()) == (0, 0)

    def test_a_published_batch_is_never_thrown_away(self, home, staff):
        document = publish(home, staff)
        actions.dismiss_batch(document.batch)
        retention.run(at=NOW + timedelta(days=900))
        assert HomeDocument.objects.count() == 1


def test_the_preview_of_a_transfer_says_what_passes_on_and_what_ends(home, staff):
    OwnershipFactory(home=home)
    for kind in ("contract", "plan", "permit"):
        publish(home, staff, kind)
    lines = {what: [(str(line.label), line.count) for line in some] for what, some in preview(home).items()}
    assert ("plans, permits, certificates and reports", 2) in lines["passes_on"]
    assert ("contracts and invoices, which the new owner does not see", 1) in lines["ends"]
