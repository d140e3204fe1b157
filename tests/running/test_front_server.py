"""What nginx, with the file that docs/operations ships, lets through and what it refuses."""

import http.client
import re
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.files.models import private_storage
from accounts.notices.models import Notice
from progress.updates.actions import draft_update, publish_update
from tests.accounts.files.pictures import photo, upload

from .browser import LOGIN
from .processes import HOST, wait_until

pytestmark = [pytest.mark.postgresql, pytest.mark.running]
MEGABYTE = 1024 * 1024


@pytest.fixture(scope="module")
def shown(running, settings_of_the_site):
    """A photo of a published update."""
    people = running.people
    texts = {"title_en": "The roof is on", "body_en": "Rain stays outside."}
    draft = {"places": [people.building], "texts": texts, "stage_code": "", "photos": [photo(width=800, height=600)]}
    update = draft_update(update_id=uuid4(), by=people.manager, **draft)
    publish_update(update, by=people.manager, at=timezone.now())
    wait_until(lambda: not Notice.objects.filter(state="queued").exists(), "messages still wait")
    return update.photos.select_related("file").get()


@pytest.fixture(scope="module")
def settings_of_the_site(running):
    """This process's files lie where those of the site lie."""
    with running.site.files():
        yield


def test_a_photo_is_sent_by_nginx_to_whom_the_portal_lets_see_it(running, shown):
    address = reverse("home:photo-file", args=[shown.pk, "large"])
    browser = running.owner()
    wait_until(lambda: _has_variants(shown), "no worker made the smaller pictures")
    answer = browser.get(address)
    with private_storage().open(shown.file.variants["large"]["name"]) as stored:
        assert (answer.status, answer.body == stored.read()) == (200, True)
    assert answer.headers["Accept-Ranges"] == "bytes"  # the portal itself sends files whole
    assert browser.get(address, Range="bytes=0-9").status == 206
    assert {name: answer.headers[name] for name in PRIVATE} == PRIVATE
    assert "X-Accel-Redirect" not in answer.headers
    assert running.visitor().get(address).to.startswith(LOGIN)


PRIVATE = {
    "Content-Type": "image/jpeg",
    "Cache-Control": "private, max-age=86400, immutable",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains; preload",
}


def _has_variants(photo):
    photo.file.refresh_from_db()
    return photo.file.variants != {}


def test_private_files_are_not_to_be_had_directly(running, shown):
    name = shown.file.file.name
    assert running.owner().get(f"/private-files/{name}").status == 404
    assert running.owner().get(f"/media/..%2fprivate/{name}").status in {400, 404}


def test_editors_pictures_are_and_their_documents_are_not(running):
    for name in ("images/lobby.jpg", "documents/prices.pdf"):
        path = running.site.data / "media" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"bytes")
    picture = running.visitor().get("/media/images/lobby.jpg")
    assert (picture.status, picture.body, picture.headers["X-Content-Type-Options"]) == (200, b"bytes", "nosniff")
    assert "sandbox" in picture.headers["Content-Security-Policy"]
    for path in ("documents/prices.pdf", "images/../documents/prices.pdf", "documents%2fprices.pdf", "images/"):
        assert running.visitor().get(f"/media/{path}").status == 404


@pytest.mark.parametrize(
    ("path", "megabytes", "status"),
    [(LOGIN, 4, 413), (LOGIN, 2, 200), ("/site/updates/new/", 4, 302)],
    ids=["too much for the door", "what the door may be sent", "photos from the site, by somebody not logged in"],
)
def test_bodies_have_a_limit_by_place(running, path, megabytes, status):
    browser = running.visitor()
    browser.get(LOGIN)
    assert browser.post(path, {"photos": upload(bytes(megabytes * MEGABYTE))}).status == status


def test_bodies_that_nobody_reads_put_no_process_aside(running):
    for _each in range(6):  # without a cookie the portal refuses before it reads
        running.visitor().post("/site/updates/new/", {"photos": upload(bytes(4 * MEGABYTE))})
    assert {running.visitor().get(LOGIN).status for _each in range(6)} == {200}


def test_a_file_with_its_hash_in_its_name_is_kept_by_browsers(running):
    page = running.visitor().get(LOGIN).body.decode()
    hashed = re.search(r'"(/static/ui/css/portal\.[0-9a-f]{12}\.css)"', page)[1]
    answer = running.visitor().get(hashed, Accept_Encoding="gzip")
    assert (answer.status, answer.headers["Content-Encoding"]) == (200, "gzip")
    assert answer.headers.get_all("Cache-Control") == ["max-age=315360000", "public, immutable"]
    plain = running.visitor().get("/static/ui/css/portal.css")
    assert (plain.status, plain.headers["Cache-Control"]) == (200, None)
    assert running.visitor().get("/static/none.css").status == 404


def test_pages_come_from_the_portal_over_tls_alone(running):
    page = running.visitor().get(LOGIN)
    assert (page.status, page.headers["Server"]) == (200, "nginx")
    assert page.headers["Strict-Transport-Security"] == PRIVATE["Strict-Transport-Security"]
    assert re.fullmatch("[0-9a-f]{32}", page.headers["X-Request-ID"])
    assert {cookie.secure for cookie in running.owner().cookies if cookie.name.startswith("__Host-")} == {True}
    plain = http.client.HTTPConnection(HOST, running.site.http, timeout=10)
    plain.request("GET", "/my/", headers={"Host": "localhost"})
    answer = plain.getresponse()
    plain.close()
    assert (answer.status, answer.headers["Location"]) == (301, "https://localhost/my/")


def test_the_access_log_holds_no_addresses_and_no_paths(running):
    running.visitor().get("/my/secret-of-a-link/?token=secret")
    log = (running.site.folder / "nginx-access.log").read_text()
    assert (len(log.splitlines()) > 0, "secret" in log, "/my/" in log) == (True, False, False)
