"""Files in an object store: the same actions, the same rules, another place."""

import gc
import os
import subprocess
import sys
import warnings
from datetime import timedelta
from io import BytesIO

import environ
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.http import Http404
from django.test import RequestFactory
from django.utils import timezone
from wagtail.documents.models import Document
from wagtail.images.models import Image

from accounts.files import buckets
from accounts.files.actions import discard, make_variants, store_document, store_image, sweep_files
from accounts.files.checks import FileError
from accounts.files.delivery import deliver
from accounts.files.models import PrivateFile, private_storage
from accounts.files.workbooks import copy_workbook, store_workbook
from portal.settings_files import where_files_lie

from .object_store import BUCKET, client, environment, object_store
from .papers import paper, pdf
from .pictures import encoded, noise, photo, picture

LATER = timedelta(hours=2)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    with object_store(tmp_path_factory.mktemp("store")) as url:
        yield url


def in_environment(**variables):
    env = environ.Env()
    env.ENVIRON = variables
    return env


@pytest.fixture
def bucket(store, settings):
    """All files lie in the bucket. A function that lists what is there."""
    settings.STORAGES = settings.STORAGES | where_files_lie(in_environment(**environment(store)), None)
    s3 = client(store)

    def names():
        return [entry["Key"] for entry in s3.list_objects_v2(Bucket=BUCKET).get("Contents", ())]

    for name in names():
        s3.delete_object(Bucket=BUCKET, Key=name)
    return names


@pytest.fixture
def closed(bucket, settings):
    """The store can't be reached, and nobody waits long for it."""
    options = settings.STORAGES["private"]["OPTIONS"] | {"endpoint_url": "http://127.0.0.1:9"}
    settings.STORAGES = settings.STORAGES | {
        name: settings.STORAGES[name] | {"OPTIONS": options} for name in ("default", "private")
    }


def body(response):
    content = b"".join(response)
    response.close()
    return content


def get(file, variant=None):
    return deliver(RequestFactory().get("/"), file, variant)


def test_a_photo_with_its_variants(bucket, db):
    row = store_image(photo(width=800, height=600), by=None)
    make_variants(row)
    row.refresh_from_db()
    names = [row.file.name, row.variants["large"]["name"], row.variants["thumb"]["name"]]
    assert bucket() == sorted(f"private/{name}" for name in names)
    shown = get(row, "thumb")
    assert shown.headers["Content-Length"] == str(row.variants["thumb"]["size"])
    assert len(body(shown)) == row.variants["thumb"]["size"]
    with private_storage().open(row.file.name) as stored:
        assert stored.read() == body(get(row))


def test_a_document_comes_back_as_it_went(bucket, db):
    content = pdf(pages=2)
    row = store_document(paper(content=content), by=None)
    assert (row.pages, body(get(row))) == (2, content)


def test_a_file_larger_than_one_part_is_whole(bucket, db):
    content = os.urandom(9 * 1024 * 1024)
    private_storage().save("ab/large.pdf", ContentFile(content))
    with private_storage().open("ab/large.pdf") as stored:
        assert (stored.size, stored.read() == content) == (len(content), True)


def test_a_workbook_is_copied_with_its_hash(bucket, db, tmp_path):
    row = store_workbook(ContentFile(b"cells" * 1000, "estate.xlsx"), by=None)
    path, sha256 = copy_workbook(row, tmp_path)
    assert (path.read_bytes(), sha256) == (b"cells" * 1000, row.sha256)


def test_what_is_discarded_leaves_the_bucket(bucket, db, django_capture_on_commit_callbacks):
    row = store_image(photo(), by=None)
    make_variants(row)
    row.refresh_from_db()
    with django_capture_on_commit_callbacks(execute=True):
        discard(row)
    row.refresh_from_db()
    assert (bucket(), row.file.name) == ([], "")
    with pytest.raises(Http404):
        get(row)


def test_the_sweep_takes_what_belongs_to_nobody_and_is_old(bucket, db):
    kept = store_image(photo(), by=None)
    private_storage().save("ab/abandoned.jpg", ContentFile(b"x"))
    sweep_files(timezone.now())
    assert len(bucket()) == 2
    sweep_files(timezone.now() + LATER)
    assert bucket() == [f"private/{kept.file.name}"]


def test_the_sweep_of_an_empty_bucket_finds_nothing(bucket, db):
    sweep_files(timezone.now() + LATER)
    assert bucket() == []


def test_a_name_saved_again_is_replaced(bucket):
    for content in (b"first", b"second"):
        assert private_storage().save("ab/photo.jpg", ContentFile(content)) == "ab/photo.jpg"
    with private_storage().open("ab/photo.jpg") as stored:
        assert stored.read() == b"second"


def test_bytes_that_are_gone_are_not_found(bucket, db):
    row = store_image(photo(), by=None)
    private_storage().delete(row.file.name)
    private_storage().delete(row.file.name)  # what is gone already is no error
    with pytest.raises(Http404):
        get(row)
    for ask in (private_storage().size, private_storage().get_modified_time):
        with pytest.raises(FileNotFoundError):
            ask(row.file.name)


def test_a_store_that_does_not_answer_refuses_the_upload_in_plain_words(closed, db, monkeypatch):
    with pytest.raises(FileError, match="could not be kept|no room|try again"):
        store_image(photo(), by=None)
    assert PrivateFile.objects.count() == 0


def test_a_store_that_does_not_answer_keeps_what_is_to_be_deleted(closed, db):
    row = PrivateFile.objects.create(file="ab/photo.jpg", size=1, deleted_at=timezone.now())
    sweep_files(timezone.now(), orphans=False)
    row.refresh_from_db()
    assert row.file.name == "ab/photo.jpg"


def test_a_refusal_of_the_store_is_an_error_of_the_disk(bucket, settings):
    options = settings.STORAGES["private"]["OPTIONS"] | {"bucket_name": "somebody-elses"}
    storage = buckets.PrivateBucket(**options)
    with pytest.raises(OSError, match="object store"):
        storage.save("ab/photo.jpg", ContentFile(b"x"))


def test_private_files_have_no_address(bucket):
    with pytest.raises(ValueError, match="no URL"):
        private_storage().url("ab/photo.jpg")


@pytest.mark.parametrize("mode", ["wb", "ab", "r"])
def test_a_file_is_saved_whole_or_not_at_all(bucket, mode):
    with pytest.raises(ValueError, match="saved whole"):
        private_storage().open("ab/photo.jpg", mode)


class TestMedia:
    @pytest.fixture(autouse=True)
    def _wagtail_leaves_a_temporary_file_to_the_garbage_collector(self):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)
            yield
            gc.collect()

    def test_an_editors_picture_is_shown_under_our_own_address(self, bucket, client, db):
        content = encoded(picture(400, 300))
        image = Image.objects.create(title="Lobby", file=ContentFile(content, "lobby.jpg"), width=400, height=300)
        small = image.get_rendition("width-100")
        assert small.url.startswith("/media/images/")
        shown = client.get(image.file.url)
        assert (body(shown), shown.headers["Content-Type"]) == (content, "image/jpeg")
        assert (shown.headers["Cache-Control"], shown.headers["X-Content-Type-Options"]) == (
            "public, max-age=3600",
            "nosniff",
        )
        assert len(body(client.get(small.url))) == small.file.size
        assert bucket() == sorted(f"media/{file.name}" for file in (image.file, small.file))

    def test_two_pictures_of_one_name_are_two(self, bucket, db):
        files = [
            Image.objects.create(title="x", file=ContentFile(encoded(noise(8, n)), "x.jpg"), width=8, height=n).file
            for n in (6, 7)
        ]
        assert len({file.name for file in files}) == len(bucket()) == 2

    def test_a_document_is_delivered_by_its_own_view_alone(self, bucket, client, db):
        document = Document.objects.create(title="Prices", file=ContentFile(b"%PDF-1.4", "prices.pdf"))
        assert client.get(document.file.url).status_code == 404
        assert body(client.get(document.url)) == b"%PDF-1.4"

    @pytest.mark.parametrize(
        "path",
        ["none.jpg", "images/", "images/../documents/prices.pdf", "../private/x.jpg", "a%00b.jpg", "x" * 300, "//x"],
    )
    def test_anything_else_is_not_found(self, bucket, client, db, path):
        Document.objects.create(title="Prices", file=ContentFile(b"%PDF-1.4", "prices.pdf"))
        assert client.get(f"/media/{path}").status_code == 404

    def test_private_files_are_not_media(self, bucket, client, db):
        row = store_image(photo(), by=None)
        assert client.get(f"/media/../private/{row.file.name}").status_code == 404
        assert client.get(f"/media/{row.file.name}").status_code == 404


def test_the_same_view_shows_pictures_on_a_disk(client, db):
    image = Image.objects.create(title="x", file=ContentFile(encoded(), "x.jpg"), width=64, height=48)
    assert client.get("/media/images").status_code == client.get("/media/images/").status_code == 404
    assert body(client.get(image.file.url)) == encoded()


def test_a_bucket_and_a_front_server_that_sends_files_exclude_each_other():
    with pytest.raises(ImproperlyConfigured, match="exclude each other"):
        where_files_lie(in_environment(S3_BUCKET="x", X_ACCEL_PREFIX="/private-files/"), None)


def test_who_has_no_bucket_does_not_load_its_client():
    """It takes a quarter of a second at each start, and memory in each process."""
    code = "import django; django.setup(); from accounts.files.models import private_storage as s; s().exists('x')"
    code += "; import sys; print('boto3' in sys.modules, 'storages' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.split() == ["False", "False"]


def test_a_picture_is_read_without_holding_it_in_memory(bucket):
    private_storage().save("ab/photo.jpg", ContentFile(bytes(2 * buckets.IN_MEMORY)))
    with private_storage().open("ab/photo.jpg") as stored:
        stored.read(1)
        assert stored.file._rolled
        assert BytesIO(stored.read()).getbuffer().nbytes == 2 * buckets.IN_MEMORY - 1
