import errno
import os
import tempfile
from pathlib import Path

import pytest
from django import forms
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.test import RequestFactory
from django.utils.datastructures import MultiValueDict

from accounts.files import checks, uploadhandler
from accounts.files import forms as files_forms
from accounts.files.actions import store_image
from accounts.files.forms import PhotosField
from accounts.files.uploadhandler import CappedUploadHandler
from tests.factories import StaffFactory

from .pictures import encoded, photo, upload, video


class PhotosForm(forms.Form):
    title = forms.CharField(required=False)
    photos = PhotosField()


class DocumentForm(forms.Form):
    document = forms.FileField()


@pytest.fixture
def temporary(tmp_path, settings):
    """The folder in which uploads wait; what is in it when a test ends was left behind."""
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    return tmp_path


@pytest.fixture
def posted(temporary):
    """A form's request, its body encoded and parsed as a server does; closed, as a server does, when the test ends."""
    requests = []

    def post(uploads, **fields):
        requests.append(RequestFactory().post("/", {**fields, "photos": uploads}))
        return requests[-1]

    yield post
    for request in requests:
        request.close()
    assert list(temporary.iterdir()) == []


@pytest.fixture
def form_of(posted):
    def bound(uploads, **fields):
        request = posted(uploads, **fields)
        return PhotosForm(request.POST, request.FILES)

    return bound


class TestField:
    def test_many_photos_become_a_list_that_can_be_stored(self, db, form_of):
        form = form_of([photo("a.jpg"), photo("b.jpg", width=32)])
        assert form.is_valid()
        rows = [store_image(kept, by=None) for kept in form.cleaned_data["photos"]]
        assert [row.width for row in rows] == [64, 32]

    def test_nothing_is_decoded_when_it_is_stored(self, db, monkeypatch, form_of):
        form = form_of([photo()])
        assert form.is_valid()
        monkeypatch.setattr("accounts.files.actions.read_photo", lambda upload: pytest.fail("in the transaction"))
        assert store_image(form.cleaned_data["photos"][0], by=None).width == 64

    def test_each_bad_file_is_named(self, form_of):
        form = form_of([photo(), upload(b"<html>", "page.jpg"), upload(video(900), "walk.mp4"), photo()])
        assert form.errors == {
            "photos": [
                "“page.jpg” is not a photo that we can read. Please choose a JPEG, PNG, WebP or HEIC file.",
                "“walk.mp4” is a video. Please choose photos only.",
            ]
        }

    def test_truncated_photos_are_named_by_the_form_too(self, form_of):
        form = form_of([photo(), upload(encoded()[:-200], "half.jpg")])
        assert form.errors == {
            "photos": ["“half.jpg” is damaged or incomplete. Please choose the photo again."],
        }

    def test_nothing_is_decoded_while_a_header_is_bad(self, monkeypatch, form_of):
        monkeypatch.setattr(files_forms, "read_photo", lambda upload: pytest.fail("decoded"))
        assert not form_of([photo(), upload(b"text", "a.jpg")]).is_valid()

    def test_no_photo_is_an_error_only_where_one_is_needed(self, form_of):
        assert form_of([]).errors == {"photos": ["Please choose at least one photo."]}
        field = PhotosField(required=False)
        assert (field.clean(None), field.clean([])) == ([], [])

    def test_one_file_alone_is_a_list_too(self):
        assert len(PhotosField().clean(photo())) == 1

    def test_the_31st_photo_is_one_too_many(self, form_of):
        form = form_of([photo(f"{n}.jpg") for n in range(31)])
        assert form.errors == {"photos": ["Please choose at most 30 photos at once."]}

    def test_a_hundred_and_fifty_photos_are_still_told_so(self, form_of):
        form = form_of([upload(b"x", f"{n}.jpg") for n in range(150)])
        assert form.errors == {"photos": ["Please choose at most 30 photos at once."]}

    def test_the_input_offers_many_photos(self):
        assert PhotosField().widget.attrs == {
            "accept": "image/*,.heic,.heif",
            "data-max-files": 30,
            "data-max-bytes": 25 * 1024 * 1024,
            "multiple": True,
        }

    def test_names_are_escaped_in_the_page(self, form_of):
        form = form_of([upload(b"text", "<b>.jpg")])
        assert "“&lt;b&gt;.jpg”" in str(form["photos"].errors)


class TestUploadHandler:
    def test_an_upload_waits_in_a_temporary_file(self, temporary, posted):
        request = posted([photo()])
        [kept] = request.FILES.getlist("photos")
        assert (type(kept), kept.size) == (TemporaryUploadedFile, len(encoded()))
        assert [path.stat().st_mode & 0o777 for path in temporary.iterdir()] == [0o600]
        request.close()
        assert list(temporary.iterdir()) == []

    def test_a_60_mb_video_never_lies_on_the_disk(self, temporary, form_of):
        form = form_of([upload(video(60 * 1024 * 1024), "walk.mp4", "video/mp4")], title="Roof")
        assert form.errors == {"photos": ["“walk.mp4” is a video. Please choose photos only."]}
        assert (form.data["title"], list(temporary.iterdir())) == ("Roof", [])

    def test_a_file_is_written_up_to_the_cap_and_then_dropped(self, temporary, monkeypatch, form_of):
        written = []
        real = CappedUploadHandler._stop
        monkeypatch.setattr(uploadhandler, "MAX_PHOTO_BYTES", 200_000)
        monkeypatch.setattr(
            CappedUploadHandler,
            "_stop",
            lambda handler, because: written.append(handler.file.tell()) or real(handler, because),
        )
        form = form_of([upload(encoded() + bytes(10_000_000), "roof.jpg")])
        assert form.errors == {"photos": ["“roof.jpg” is larger than 25 MB. Please choose a smaller photo."]}
        assert ([size <= 200_000 for size in written], list(temporary.iterdir())) == ([True], [])

    def test_the_good_photos_beside_it_arrive(self, monkeypatch, posted):
        monkeypatch.setattr(uploadhandler, "MAX_PHOTO_BYTES", 2_000)
        uploads = posted([photo(), upload(bytes(3_000), "big.jpg"), photo()]).FILES.getlist("photos")
        assert [kept.size for kept in uploads if kept.name != "big.jpg"] == [len(encoded())] * 2
        assert uploads[1].stopped_because == checks.TOO_LARGE

    def test_a_body_above_the_cap_is_read_and_dropped(self, temporary, monkeypatch, form_of):
        monkeypatch.setattr(uploadhandler, "MAX_BODY_BYTES", 2_000)
        form = form_of([photo(), upload(bytes(900), "b.jpg"), upload(bytes(900), "c.jpg")], title="Roof")
        assert form.errors == {
            "photos": ["These photos are too large to send at once. Please send them in several parts."]
        }
        assert (form.data["title"], list(temporary.iterdir())) == ("Roof", [])

    def test_a_body_of_twice_the_cap_is_not_even_read(self, monkeypatch, posted):
        monkeypatch.setattr(uploadhandler, "MAX_BODY_BYTES", 1_000)
        with pytest.raises(RequestDataTooBig):
            posted([upload(bytes(3_000))]).FILES  # noqa: B018 (the attribute parses the body)

    def test_a_form_without_files_reads_no_40_mb(self, db, client, temporary):
        """Whoever is not logged in can fill no disk, and keep no worker busy."""
        assert client.post("/account/login/", {"document": upload(bytes(40 * 1024 * 1024))}).status_code == 400
        assert list(temporary.iterdir()) == []
        assert client.post("/account/login/", {"document": upload(bytes(3_000))}).status_code == 200

    @pytest.mark.parametrize("page", ["/site/updates/new/", "/desk/site/updates/new/", "/desk/homedocument/new/"])
    def test_forms_that_take_files_read_40_mb_even_before_anybody_is_known(self, db, client, page):
        """So that the token, which Django reads from the form, is found; what is too large is dropped on the way."""
        assert client.post(page, {"document": upload(bytes(40 * 1024 * 1024))}).status_code == 302

    def test_the_caps_add_up(self):
        assert checks.MAX_BODY_BYTES > checks.MAX_PHOTOS * checks.MAX_PHOTO_BYTES == 750 * 1024 * 1024

    @pytest.mark.parametrize("step", ["write", "create"])
    def test_no_room_for_the_temporary_file_is_told(self, temporary, monkeypatch, step, form_of):
        def fails(*args, **kwargs):
            raise OSError(errno.ENOSPC, "No space left on device")

        if step == "write":
            monkeypatch.setattr(TemporaryUploadedFile, "write", fails, raising=False)
        else:
            monkeypatch.setattr(tempfile, "_get_candidate_names", fails)
        form = form_of([photo("roof.jpg")])
        assert form.errors == {"photos": ["“roof.jpg” could not be stored just now. Please try again later."]}
        assert list(temporary.iterdir()) == []

    def test_an_upload_that_breaks_off_leaves_nothing(self, temporary, posted):
        request = posted([photo()])
        body = request.body
        broken = RequestFactory().generic(
            "POST", "/", body[: len(body) // 2], content_type=request.META["CONTENT_TYPE"]
        )
        assert not PhotosForm(broken.POST, broken.FILES).is_valid()
        broken.close()
        assert list(temporary.iterdir()) == []

    def test_other_forms_say_that_it_is_too_large(self, monkeypatch):
        monkeypatch.setattr(uploadhandler, "MAX_PHOTO_BYTES", 2 * 1024 * 1024)
        request = RequestFactory().post("/", {"document": upload(bytes(3 * 1024 * 1024), "plan.pdf")})
        said = ["“plan.pdf” is larger than 2 MB. Please choose a smaller file."]
        assert DocumentForm(request.POST, request.FILES).errors == {"document": said}

    def test_an_editors_picture_that_is_too_large_is_refused_in_words(self, db, client):
        client.force_login(StaffFactory(group="Marketing"))
        page = client.post("/desk/images/add/", {"title": "Roof", "file": upload(bytes(26 * 1024 * 1024), "roof.jpg")})
        assert "“roof.jpg” is larger than 25 MB. Please choose a smaller file." in page.content.decode()


def test_a_list_of_uploads_is_what_the_widget_returns():
    files = MultiValueDict({"photos": [photo("a.jpg"), photo("b.jpg")]})
    assert [kept.name for kept in PhotosField().widget.value_from_datadict({}, files, "photos")] == ["a.jpg", "b.jpg"]


def test_what_waits_to_be_stored_is_not_all_in_memory(monkeypatch, tmp_path):
    monkeypatch.setattr("accounts.files.images.KEPT_IN_MEMORY", 100)
    [kept] = PhotosField().clean([photo()])
    assert kept.content.file._rolled
    assert os.fstat(kept.content.fileno()).st_size == kept.size
    assert list(Path(tmp_path).iterdir()) == []
