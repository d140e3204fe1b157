"""Staff send documents of homes: one by one, many by the number in the file's name, new versions, withdrawals."""

import re
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from accounts.events.models import Event
from accounts.files.models import PrivateFile
from progress.documents.models import DocumentBatch, HomeDocument, WaitingFile
from tests.accounts.files.papers import paper
from tests.factories import BuildingFactory, HomeDocumentFactory, HomeFactory, OwnershipFactory, StaffFactory


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
