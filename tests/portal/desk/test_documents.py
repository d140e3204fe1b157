"""Staff send documents of homes: one by one, many by the number in the file's name, new versions, withdrawals."""

import re
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from accounts.events.models import Event
from accounts.files.models import PrivateFile
from progress.documents.models import DocumentBatch, HomeDocument, WaitingFile
from progress.transfers.models import HomeTransfer
from tests.accounts.files.papers import paper
from tests.factories import (
    BuildingFactory,
    HomeDocumentFactory,
    HomeFactory,
    HomeTransferFactory,
    OwnershipFactory,
    StaffFactory,
)


@pytest.fixture
def home(ours):
    ours.home.number = "3-1102"
    ours.home.save()
    return ours.home


@pytest.fixture
def service(client, ours, home):
    user = StaffFactory(group="Customer service", development=ours.development)
    client.force_login(user)
    client.user = user
    HomeDocument.objects.all().delete()
    HomeTransfer.objects.all().delete()
    return client


def url(name, *args):
    return reverse(f"desk_homedocument:{name}", args=args)


def filled(home, **changes):
    given = {"batch_id": uuid4(), "home": home.pk, "kind": "contract", "min_role": "", "title_en": "Sale"}
    return given | {"title_zh": "", "upload": paper()} | changes


def send_many(client, *files):
    response = client.post(url("many"), {"batch_id": uuid4(), "uploads": list(files)})
    return DocumentBatch.objects.get(pk=response.url.rstrip("/").split("/")[-1])


def test_one_document_goes_to_its_home_and_its_owner_is_told(service, home, ours, told):
    response = service.post(url("add"), filled(home))
    assert response.status_code == 302
    document = HomeDocument.objects.get()
    assert (document.home, document.kind, str(document), document.file.pages) == (home, "contract", "Sale", 1)
    assert document.uploader == service.user
    assert (ours.owner, "document-published") in told()


def test_the_form_sent_twice_makes_one_document(service, home):
    data = filled(home)
    service.post(url("add"), data)
    service.post(url("add"), data | {"upload": paper()})
    assert HomeDocument.objects.count() == 1


def test_an_encrypted_document_is_refused_and_nothing_is_kept(service, home):
    before = PrivateFile.objects.count()
    html = service.post(url("add"), filled(home, upload=paper(password="secret"))).content.decode()
    assert "is protected with a password" in html
    assert (HomeDocument.objects.count(), PrivateFile.objects.count()) == (0, before)


def test_a_document_of_more_than_50_mb_is_refused_in_words(service, home, monkeypatch):
    """The upload handler stops it as it would one of 300 MB; 25 MB, the cap of photos, it lets through."""
    monkeypatch.setattr("accounts.files.uploadhandler.MAX_PHOTO_BYTES", 10)
    service.post(url("add"), filled(home))
    assert HomeDocument.objects.count() == 1
    large = paper(content=b"%PDF-1.7" + b"\0" * (50 * 1024 * 1024))
    html = service.post(url("add"), filled(home, upload=large)).content.decode()
    assert "is larger than 50 MB" in html
    assert HomeDocument.objects.count() == 1


@pytest.mark.parametrize("name", ["add", "many", "new_version"])
def test_the_cap_is_that_of_documents_also_where_the_token_is_read_first(service, home, name, monkeypatch):
    monkeypatch.setattr("accounts.files.uploadhandler.MAX_PHOTO_BYTES", 10)
    page = url(name, HomeDocumentFactory(home=home).pk) if name == "new_version" else url(name)
    checked = Client(enforce_csrf_checks=True)
    checked.force_login(service.user)
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', checked.get(page).content.decode())[1]
    data = filled(home, csrfmiddlewaretoken=token, uploads=[paper()])
    assert checked.post(page, data).status_code == 302
    assert not WaitingFile.objects.exclude(problem="").exists()


def test_a_contract_is_not_for_the_family(service, home):
    html = service.post(url("add"), filled(home, min_role="family")).content.decode()
    assert "Contracts and invoices are for owners and co-owners only." in html
    assert HomeDocument.objects.count() == 0


def test_a_home_of_another_development_cannot_be_chosen(service, theirs):
    HomeDocument.objects.all().delete()
    assert service.post(url("add"), filled(theirs.home)).status_code == 200
    assert HomeDocument.objects.count() == 0


def test_many_go_where_their_names_say_once_confirmed(service, home, ours, told):
    batch = send_many(service, paper("3-1102 Contract 2026.pdf"), paper("3-1102_户型图.pdf"))
    html = service.get(url("preview", batch.pk)).content.decode()
    assert "3-1102 Contract 2026.pdf" in html
    assert HomeDocument.objects.count() == 0
    files = list(batch.waiting.all())
    data = {f"file{each.pk}-home": str(home.pk) for each in files}
    data |= {f"file{files[0].pk}-kind": "contract", f"file{files[1].pk}-kind": "plan"}
    assert service.post(url("preview", batch.pk), data).url == url("index")
    assert set(HomeDocument.objects.values_list("home", "kind", "title_en")) == {
        (home.pk, "contract", "Contract 2026"),
        (home.pk, "plan", ""),
    }
    assert told().count((ours.owner, "document-published")) == 1
    assert service.get(url("preview", batch.pk)).status_code == 404


def test_what_cannot_be_placed_is_named_with_the_reason(service, home, theirs):
    theirs.development.name_en = "Cloud Bay"
    theirs.development.save()
    theirs.home.number = "7-77"
    theirs.home.save()
    batch = send_many(
        service,
        paper("9-999 Contract.pdf"),
        paper("7-77 Contract.pdf"),
        paper("Cloud Bay 3-1102.pdf"),
        paper("3-1102 secret.pdf", password="secret"),
        paper("3-1102 page.pdf", content=b"<html>"),
    )
    context = service.get(url("preview", batch.pk)).context
    unknown = "No home of yours has a number that stands in this name."
    assert context["files"] == []
    assert dict(context["refused"]) == {
        "9-999 Contract.pdf": unknown,
        "7-77 Contract.pdf": unknown,
        "Cloud Bay 3-1102.pdf": "It names a development that is not one of yours.",
        "3-1102 secret.pdf": "“3-1102 secret.pdf” is protected with a password."
        " Please save it without one and choose it again.",
        "3-1102 page.pdf": "“3-1102 page.pdf” is neither a PDF nor a picture."
        " Please choose a PDF, JPEG, PNG, WebP or HEIC file.",
    }
    service.post(url("preview", batch.pk), {})
    assert HomeDocument.objects.exclude(pk=theirs.rows["desk_homedocument"].pk).count() == 0


def test_a_number_in_two_buildings_must_be_chosen_or_left_out(service, home):
    other = HomeFactory(building=BuildingFactory(development=home.development), number="3-1102")
    OwnershipFactory(home=other)
    batch = send_many(service, paper("3-1102 plan.pdf"))
    field = f"file{batch.waiting.get().pk}"
    assert service.post(url("preview", batch.pk), {f"{field}-kind": "plan"}).status_code == 200
    assert HomeDocument.objects.count() == 0
    service.post(url("preview", batch.pk), {f"{field}-home": str(other.pk), f"{field}-kind": "plan"})
    assert HomeDocument.objects.get().home == other


def test_a_home_that_the_name_does_not_mean_is_not_accepted(service, home, theirs):
    batch = send_many(service, paper("3-1102 plan.pdf"))
    HomeDocument.objects.all().delete()
    field = f"file{batch.waiting.get().pk}"
    service.post(url("preview", batch.pk), {f"{field}-home": str(theirs.home.pk), f"{field}-kind": "plan"})
    assert HomeDocument.objects.count() == 0


def test_a_file_without_a_kind_asks_for_one_or_is_left_out(service, home):
    batch = send_many(service, paper("3-1102.pdf"))
    field = f"file{batch.waiting.get().pk}"
    html = service.post(url("preview", batch.pk), {f"{field}-home": str(home.pk), f"{field}-kind": ""}).content.decode()
    assert "Please choose what it is." in html
    service.post(url("preview", batch.pk), {f"{field}-home": "out"})
    assert HomeDocument.objects.count() == 0


def test_the_batch_of_a_colleague_is_not_found(service, ours):
    batch = send_many(service, paper("3-1102 plan.pdf"))
    service.force_login(StaffFactory(group="Supervisors", development=ours.development))
    assert service.get(url("preview", batch.pk)).status_code == 404
    assert service.post(url("dismiss", batch.pk)).status_code == 404


def test_a_batch_can_be_thrown_away(service):
    before = PrivateFile.objects.kept().count()
    service.post(url("dismiss", send_many(service, paper("3-1102 plan.pdf")).pk))
    assert (DocumentBatch.objects.filter(published_at=None).count(), PrivateFile.objects.kept().count()) == (0, before)


def test_too_many_files_at_once_are_refused(service):
    response = service.post(url("many"), {"batch_id": uuid4(), "uploads": [paper(content=b"x") for _each in range(31)]})
    assert "Please choose at most 30 files at once." in response.content.decode()
    assert DocumentBatch.objects.filter(published_at=None).count() == 0


def test_a_new_version_stands_beside_the_old_one(service, home):
    document = HomeDocumentFactory(home=home, title_en="Roof")
    service.post(url("new_version", document.pk), {"batch_id": uuid4(), "upload": paper(pages=2)})
    newer = HomeDocument.objects.get(version=2)
    assert (newer.replaces, newer.title_en, newer.file.pages) == (document, "Roof", 2)
    html = service.get(url("inspect", newer.pk)).content.decode()
    assert url("file", document.pk) in html


def test_withdrawing_asks_for_a_reason_and_hides_it_from_the_owner(service, home, ours):
    document = HomeDocumentFactory(home=home)
    service.post(url("withdraw", document.pk), {"reason": ""})
    assert HomeDocument.objects.for_user(ours.owner.user).count() == 1
    service.post(url("withdraw", document.pk), {"reason": "It is another home's."})
    assert HomeDocument.objects.for_user(ours.owner.user).count() == 0
    assert "It is another home" in service.get(url("inspect", document.pk)).content.decode()


def test_opening_the_file_is_logged(service, home):
    document = HomeDocumentFactory(home=home)
    list(service.get(url("file", document.pk)))
    event = Event.objects.get(verb="looked at", subject_id=str(document.pk))
    assert (event.actor, event.home_id) == (service.user, home.pk)


def test_site_managers_and_marketing_have_no_documents(client, ours):
    for group in ("Site managers", "Marketing"):
        client.force_login(StaffFactory(group=group, development=ours.development))
        pages = [url("index"), url("add"), url("many"), url("inspect", ours.rows["desk_homedocument"].pk)]
        assert {client.get(page).status_code for page in pages} == {404}


class TestChange:
    def change(self, client, document, **form):
        given = {"title_en": "Roof", "title_zh": "屋顶", "min_role": "tenant"} | form
        return client.post(url("change", document.pk), given, follow=True)

    def test_title_and_readers(self, service, home):
        document = HomeDocumentFactory(home=home)
        assert "Changed, in all its versions." in self.change(service, document).content.decode()
        document.refresh_from_db()
        assert (document.title_en, document.title_zh, document.min_role) == ("Roof", "屋顶", "tenant")

    @pytest.mark.parametrize("form", [{"min_role": "everybody"}, {"title_en": "x" * 121}, {"title_zh": "a\nb"}])
    def test_what_is_wrong_is_said_and_nothing_changes(self, service, home, form):
        document = HomeDocumentFactory(home=home)
        assert self.change(service, document, **form).context["form"].errors
        document.refresh_from_db()
        assert document.min_role == "family"

    def test_a_contract_is_offered_to_owners_only(self, service, home):
        document = HomeDocumentFactory(home=home, kind="contract", min_role="owner")
        form = service.get(url("change", document.pk)).context["form"]
        assert [value for value, _label in form.fields["min_role"].choices] == ["owner"]
        assert self.change(service, document, min_role="family").context["form"].errors


class TestWithdrawForm:
    @pytest.fixture
    def versions(self, service, home):
        first = HomeDocumentFactory(home=home)
        return [first, HomeDocumentFactory(home=home, series=first.series, version=2, replaces=first)]

    def test_it_says_which_version_comes_back(self, service, versions):
        first, newer = versions
        page = service.get(url("inspect", newer.pk)).content.decode()
        assert "owners see version 1 as the current one again" in page
        assert "version 2 stays the one that owners see first" in service.get(url("inspect", first.pk)).content.decode()

    def test_a_single_version_is_not_asked_about(self, service, home):
        page = service.get(url("inspect", HomeDocumentFactory(home=home).pk))
        assert list(page.context["withdraw_form"].fields) == ["reason"]

    @pytest.mark.parametrize(("which", "left"), [("one", 1), ("all", 0)])
    def test_one_or_all(self, service, versions, ours, which, left):
        service.post(url("withdraw", versions[1].pk), {"which": which, "reason": "wrong"})
        assert HomeDocument.objects.for_user(ours.owner.user).count() == left

    def test_without_an_answer_nothing_is_withdrawn(self, service, versions, ours):
        service.post(url("withdraw", versions[1].pk), {"reason": "wrong"})
        assert HomeDocument.objects.for_user(ours.owner.user).count() == 2


@pytest.mark.parametrize(
    ("words", "found"), [("合同", 1), ("contract", 1), ("Contract sale", 1), ("3-1102 合同", 1), ("合同 roof", 0)]
)
def test_the_list_is_searched_by_kind_in_both_languages(service, home, words, found):
    HomeDocumentFactory(home=home, kind="contract", min_role="owner", title_en="Sale", file_name="1.pdf")
    HomeDocumentFactory(home=home, title_en="Roof")
    assert len(service.get(url("index"), {"q": words}).context["page_obj"].object_list) == found


class TestBeforeATransfer:
    """A contract for whoever buys the home must not go to whoever sells it."""

    @pytest.fixture(autouse=True)
    def _planned(self, service, home):
        HomeTransferFactory(home=home)

    def test_a_contract_asks_for_whom_it_is(self, service, home):
        html = service.post(url("add"), filled(home)).content.decode()
        assert "A contract or an invoice goes to its owners of today." in html
        assert HomeDocument.objects.count() == 0
        service.post(url("add"), filled(home, for_present="on"))
        assert HomeDocument.objects.count() == 1

    def test_a_plan_passes_on_and_asks_nothing(self, service, home):
        service.post(url("add"), filled(home, kind="plan"))
        assert HomeDocument.objects.count() == 1

    def test_a_new_version_and_the_preview_of_many_say_so(self, service, home):
        contract = HomeDocumentFactory(home=home, kind="contract", min_role="owner")
        assert "changes hands on" in service.get(url("new_version", contract.pk)).content.decode()
        batch = send_many(service, paper("3-1102 Contract.pdf"))
        assert "changes hands on" in service.get(url("preview", batch.pk)).content.decode()


def test_sent_by_script_the_page_to_go_on_to_is_named_and_its_message_kept(service, home):
    given = filled(home, kind="plan")
    answer = service.post(url("add"), given, headers={"X-Upload": "script"})
    assert (answer.status_code, answer["X-Location"]) == (204, url("index"))
    assert list(service.get(url("index")).context["messages"])
