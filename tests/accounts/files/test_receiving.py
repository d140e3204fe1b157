"""Photos and videos that are received at once and cleaned by the worker."""

import os
import subprocess
import sys
import textwrap
from datetime import timedelta
from io import BytesIO
from types import SimpleNamespace

import av
import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.signals import request_finished
from django.db import IntegrityError, close_old_connections, transaction
from django.http import Http404
from django.test import RequestFactory
from django.utils import timezone
from django_q.models import OrmQ
from PIL import Image

from accounts.files import receiving, videos
from accounts.files.actions import discard, sweep_files
from accounts.files.checks import MEGABYTE, FileError
from accounts.files.delivery import deliver
from accounts.files.forms import MediaField
from accounts.files.holds import hold_bytes
from accounts.files.models import PrivateFile, private_storage
from accounts.files.receiving import MAX_MEDIA, clean, media_ahead, receive_image, receive_media, receive_video
from accounts.files.tasks import make_variants_of
from accounts.files.uploadhandler import CappedUploadHandler, takes_media
from portal.backups.rows import wanted_files

from .clips import PLACE, clip, video
from .pictures import encoded, exif, huge_png, photo, picture, upload
from .test_actions import age, later, queued, stored_names

State, Refusal = PrivateFile.State, PrivateFile.Refusal


@pytest.fixture
def waiting(db):
    return receive_media(
        upload(encoded(picture(2000, 1000), exif=exif(taken="2026:11:20 09:30:00", gps=True))), by=None
    )


def worked_on(row):
    make_variants_of([str(row.pk)])
    row.refresh_from_db()
    return row


def get(row, variant=None, **headers):
    return deliver(RequestFactory().get("/", headers=headers), row, variant)


def body(response):
    content = b"".join(response)
    request_finished.disconnect(close_old_connections)  # the test goes on with its own
    response.close()
    request_finished.connect(close_old_connections)
    return content


class TestAPhoto:
    def test_waits_as_it_came_and_is_delivered_to_nobody(self, waiting):
        assert (waiting.state, waiting.file.name, stored_names()) == (State.WAITING, "", [waiting.raw])
        for variant in (None, "thumb"):
            with pytest.raises(Http404):
                get(waiting, variant)

    def test_is_made_anew_by_the_worker_and_the_original_is_gone(self, waiting):
        row = worked_on(waiting)
        assert (row.state, row.width, row.taken_at.isoformat()) == (State.CLEAN, 2000, "2026-11-20T01:30:00+00:00")
        names = [row.file.name, *(made["name"] for made in row.variants.values())]
        assert (stored_names(), row.raw) == (sorted(names), "")
        with Image.open(BytesIO(body(get(row)))) as shown:
            assert (shown.format, dict(shown.getexif())) == ("JPEG", {})

    def test_is_queued_on_commit(self, db, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            row = receive_image(photo(), by=None)
        assert queued() == [[str(row.pk)]]

    def test_is_checked_by_its_header_at_once(self, db):
        for bad in (b"<html>", huge_png(), clip()):
            with pytest.raises(FileError):
                receive_image(upload(bad), by=None)
        assert (PrivateFile.objects.count(), stored_names()) == (0, [])

    def test_broken_behind_its_header_is_thrown_away_and_says_so(self, db, django_capture_on_commit_callbacks):
        whole = encoded(picture(800, 600))
        row = worked_on(receive_media(upload(whole[: len(whole) // 2]), by=None))
        assert (row.state, row.refused_for, row.raw, stored_names()) == (State.REFUSED, Refusal.DAMAGED, "", [])
        with pytest.raises(Http404):
            get(row)

    def test_is_no_longer_there_when_its_transaction_fails(self, transactional_db):
        def action():
            with media_ahead([photo(), photo()], by=None) as rows:
                assert stored_names() == sorted(row.raw for row in rows)
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            action()
        assert (PrivateFile.objects.count(), stored_names()) == (0, [])


class TestStates:
    @pytest.mark.parametrize(
        ("fields", "constraint"),
        [
            ({"state": "clean"}, "private_file_has_bytes_until_deleted"),
            ({"file": "ab/x.jpg"}, "private_file_shows_only_what_is_clean"),
            ({"variants": {"thumb": {}}}, "private_file_shows_only_what_is_clean"),
            ({"raw": ""}, "private_file_state_known"),
            ({"state": "refused"}, "private_file_state_known"),
            ({"state": "perhaps"}, "private_file_state_known"),
        ],
    )
    def test_what_cannot_be_is_impossible(self, waiting, fields, constraint):
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            PrivateFile.objects.filter(pk=waiting.pk).update(**fields)

    def test_discarded_before_it_was_cleaned_it_is_gone(self, waiting, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            discard(waiting)
        assert (worked_on(waiting).raw, waiting.file.name, stored_names()) == ("", "", [])

    def test_discarded_while_it_was_cleaned_it_is_gone(self, waiting, monkeypatch):
        real = receiving.read_photo
        monkeypatch.setattr(receiving, "read_photo", lambda raw: discard(waiting) or real(raw))
        assert (worked_on(waiting).file.name, stored_names()) == ("", [])

    def test_while_bytes_are_held_the_original_stays_and_goes_afterwards(self, waiting):
        hold = hold_bytes(timedelta(hours=1))
        row = worked_on(waiting)
        assert (row.is_clean, row.raw in stored_names()) == (True, True)
        hold.delete()
        sweep_files(timezone.now(), orphans=False)
        row.refresh_from_db()
        assert (row.raw, len(stored_names())) == ("", 3)

    def test_a_backup_has_it_and_the_look_for_orphans_passes_it_over(self, waiting):
        assert wanted_files("default") == [("private", waiting.raw, waiting.sha256)]
        age(waiting.raw, days=2)
        sweep_files(timezone.now())
        assert stored_names() == [waiting.raw]


class TestLostWork:
    def test_a_lost_task_is_queued_again(self, waiting, django_capture_on_commit_callbacks):
        OrmQ.objects.all().delete()
        with django_capture_on_commit_callbacks(execute=True):
            sweep_files(later(minutes=11))
        assert queued() == [[str(waiting.pk)]]

    def test_a_worker_killed_in_the_middle_loses_nothing(self, transactional_db, database_url):
        row = receive_media(photo(), by=None)
        killed = f"""
            import os, signal, django
            django.setup()
            from accounts.files import receiving
            from accounts.files.tasks import make_variants_of
            receiving._show = lambda *args, **fields: os.kill(os.getpid(), signal.SIGKILL)
            make_variants_of(["{row.pk}"])
        """
        environment = {**os.environ, "DATABASE_URL": database_url}
        subprocess.run([sys.executable, "-c", textwrap.dedent(killed)], env=environment, check=False, timeout=60)
        row.refresh_from_db()
        assert (row.state, row.variant_claims, len(stored_names())) == (State.WAITING, 1, 2)
        assert worked_on(row).is_clean
        sweep_files(later(minutes=61))  # what the killed one had made is nobody's
        assert len(stored_names()) == 3

    def test_after_three_attempts_it_is_thrown_away_and_says_so(self, waiting, monkeypatch, caplog):
        with monkeypatch.context() as patch:
            patch.setattr(receiving, "read_photo", lambda raw: 1 / 0)
            for _ in range(4):
                make_variants_of([str(waiting.pk)])
        sweep_files(later(minutes=11))
        waiting.refresh_from_db()
        assert (waiting.variant_claims, waiting.refused_for, stored_names()) == (3, Refusal.GIVEN_UP, [])
        assert caplog.messages[-1] == f"File {waiting.pk}: not cleaned after 3 attempts; it is thrown away."

    def test_a_full_disk_is_no_attempt(self, waiting, monkeypatch):
        def full(storage, folder, content):
            raise OSError(28, "No space left on device")

        with monkeypatch.context() as patch:
            patch.setattr(type(private_storage()), "_write_partial", full)
            with pytest.raises(FileError):
                clean(waiting)
        waiting.refresh_from_db()
        assert (waiting.state, waiting.variant_claims, stored_names()) == (State.WAITING, 0, [waiting.raw])


class TestAVideo:
    def test_is_copied_without_where_and_by_what_it_was_taken(self, db):
        sent = clip("mov", sound="aac", turned=90)
        row = worked_on(receive_media(video(sent), by=None))
        shown = body(get(row))
        assert PLACE.encode() in sent
        assert (PLACE.encode() in shown, b"Phone" in shown, b"x264" in shown) == (False, False, False)
        with av.open(BytesIO(shown)) as made:
            assert [stream.codec_context.name for stream in made.streams] == ["h264", "aac"]
            frames = list(made.decode(video=0))
            assert (len(frames), abs(frames[0].rotation)) == (5, 90)
        assert (row.content_type, row.width, row.height, float(row.seconds)) == ("video/mp4", 48, 64, 1.0)
        with Image.open(BytesIO(body(get(row, "thumb")))) as poster:
            assert (poster.format, poster.size) == ("JPEG", (48, 64))
        names = [row.file.name, *(made["name"] for made in row.variants.values())]
        assert stored_names() == sorted(names)
        for name in names:
            age(name, days=2)
        sweep_files(timezone.now())
        assert stored_names() == sorted(names)

    @pytest.mark.parametrize(
        ("kind", "codec", "name"),
        [("mov", "libx265", "video/mp4"), ("webm", "libvpx", "video/webm"), ("webm", "libsvtav1", "video/webm")],
    )
    def test_of_other_telephones_is_taken(self, db, kind, codec, name):
        row = worked_on(receive_video(video(kind=kind, codec=codec), by=None))
        shown = body(get(row))
        assert (row.content_type, PLACE.encode() in shown, b"x265" in shown) == (name, False, False)
        with av.open(BytesIO(shown)) as made:
            assert len(list(made.decode(video=0))) == 5
            assert made.streams.video[0].codec_context.codec_tag == ("hvc1" if codec == "libx265" else "\0\0\0\0")

    @pytest.mark.parametrize(
        ("options", "why"),
        [
            ({"frames": 63, "rate": 1}, Refusal.TOO_LONG),
            ({"width": 4112, "height": 16, "frames": 1}, Refusal.TOO_BIG),
            ({"codec": "mpeg4"}, Refusal.UNKNOWN),
        ],
    )
    def test_that_we_do_not_take_is_thrown_away_and_says_why(self, db, options, why):
        row = worked_on(receive_media(video(**options), by=None))
        assert (row.state, row.refused_for, stored_names()) == (State.REFUSED, why, [])

    def test_that_is_cut_off_or_never_was_one_is_damaged(self, db, monkeypatch):
        whole = clip(frames=20)
        row = worked_on(receive_media(video(whole[:600]), by=None))
        assert (row.refused_for, stored_names()) == (Refusal.DAMAGED, [])
        monkeypatch.setattr(videos, "PATIENCE", 0.001)
        row = worked_on(receive_media(video(whole), by=None))
        assert (row.refused_for, stored_names()) == (Refusal.DAMAGED, [])

    @pytest.mark.parametrize(
        ("asked", "status", "part", "said"),
        [
            ({"range": "bytes=0-1"}, 206, slice(0, 2), "bytes 0-1/{}"),
            ({"range": "bytes=100-"}, 206, slice(100, None), "bytes 100-{last}/{}"),
            ({"range": "bytes=-10"}, 206, slice(-10, None), "bytes {tenth}-{last}/{}"),
            ({"range": "bytes=5-2"}, 416, slice(0, 0), "bytes */{}"),
            ({"range": "bytes=99999999-"}, 416, slice(0, 0), "bytes */{}"),
            ({"range": "bytes=0-1,4-5"}, 200, slice(None), None),
            ({"range": "bytes=0-1", "if_range": '"older"'}, 200, slice(None), None),
            ({}, 200, slice(None), None),
        ],
    )
    def test_is_delivered_in_parts(self, db, asked, status, part, said):
        content = bytes(range(256)) * 4
        name = private_storage().save("ab/x.mp4", ContentFile(content))
        row = PrivateFile.objects.create(file=name, size=1024, content_type="video/mp4", sha256="a" * 64)
        response = get(row, **asked)
        assert (response.status_code, body(response)) == (status, content[part])
        expected = said and said.format(1024, last=1023, tenth=1014)
        assert (response.headers.get("Content-Range"), response.headers["X-Content-Type-Options"]) == (
            expected,
            "nosniff",
        )


class TestForm:
    def test_photos_and_videos_become_what_can_be_kept(self, db):
        files = MediaField().clean([photo(), video()])
        assert [each.content_type for each in files] == ["image/jpeg", "video/mp4"]
        assert [receive_media(each, by=None).state for each in files] == [State.WAITING] * 2

    def test_each_bad_file_is_named(self):
        matroska = video(clip(kind="matroska"), "film.mkv")
        with pytest.raises(ValidationError) as caught:
            MediaField().clean([photo(), upload(b"<html>", "page.html"), matroska, upload(b"", "none.jpg")])
        assert caught.value.messages == [
            "“page.html” is not a photo that we can read. Please choose a JPEG, PNG, WebP or HEIC file.",
            "“film.mkv” is a video of a kind that we cannot show. Please choose an MP4, MOV or WebM file.",
            "“none.jpg” is empty. Please choose the photo again.",
        ]
        with pytest.raises(ValidationError, match="at most 10 files"):
            MediaField().clean([photo()] * (MAX_MEDIA + 1))

    def test_a_video_over_60_mb_is_stopped_and_named(self, settings, tmp_path):
        settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
        request = RequestFactory().post("/")
        request.resolver_match = SimpleNamespace(func=takes_media(lambda request: None))
        sent = CappedUploadHandler(request)
        sent.handle_raw_input(None, {}, 61 * MEGABYTE, b"")
        sent.new_file("files", "IMG_0043.MOV", "video/quicktime", None)
        part = clip().ljust(MEGABYTE, b"\0")
        for start in range(61):
            sent.receive_data_chunk(part, start * MEGABYTE)
        with pytest.raises(ValidationError) as caught:
            MediaField().clean([sent.file_complete(61 * MEGABYTE)])
        assert caught.value.messages == ["“IMG_0043.MOV” is larger than 60 MB. Please choose a shorter video."]
        assert list(tmp_path.iterdir()) == []
