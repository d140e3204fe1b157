"""Photos and videos that are received at once and cleaned by the worker: whoever sends three waits for none of them.

`receive_media(uploaded, by=)` looks at size, real type and header, keeps the bytes as they came where nothing delivers
them (`PrivateFile.raw`), and queues the work; not even their sum is taken while somebody waits. The worker makes a
photo anew, as `store_image` does, or takes a video apart (`videos`), and throws those bytes away. Until then the row
says WAITING; what can't be used says REFUSED and why.
"""

import hashlib
from contextlib import contextmanager
from functools import partial
from io import BytesIO
from typing import NamedTuple

from django.core.files import File
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy

from .actions import (
    CLOCKS_DIFFER,
    _remove_bytes,
    _variant,
    atomic_with_files,
    forget_ahead,
    queue_work_on,
    refuse,
    stored_ahead,
)
from .checks import MEGABYTE, TOO_LARGE, FileError, check_header, head_of, real_type, refusal
from .images import BOXES, CONTENT_TYPE, read_photo
from .models import MAX_CLAIMS, PrivateFile, private_storage
from .remuxing import KINDS
from .storage import variant_name
from .videos import RefusedVideoError, cleaned_video

MAX_VIDEO_BYTES = 60 * MEGABYTE
MAX_MEDIA = 10  # photos and videos of one form

TOO_LARGE_VIDEO = gettext_lazy("“%(name)s” is larger than %(limit)s MB. Please choose a shorter video.")
UNKNOWN_VIDEO = gettext_lazy(
    "“%(name)s” is a video of a kind that we cannot show. Please choose an MP4, MOV or WebM file."
)
NOT_A_VIDEO = gettext_lazy("“%(name)s” is not a video. Please choose an MP4, MOV or WebM file.")


class Received(NamedTuple):
    """An upload that was looked at: its header is sound, its bytes are as they came."""

    name: str  # the client's, for messages only
    content: File
    size: int
    content_type: str

    @property
    def is_video(self):
        return self.content_type.startswith("video/")


def check_media(uploaded):
    """Look at an upload, its size, type and header. Returns a Received; raises FileError, worded for the uploader."""
    if isinstance(uploaded, Received):
        return uploaded
    kind = real_type(getattr(uploaded, "head", None) or head_of(uploaded))
    if kind.startswith("video/"):
        _check_video(uploaded, kind)
    else:
        check_header(uploaded)
    return Received(uploaded.name, uploaded, uploaded.size, kind)


def _check_video(uploaded, kind):
    stopped = getattr(uploaded, "stopped_because", None)
    if stopped is TOO_LARGE or (not stopped and uploaded.size > MAX_VIDEO_BYTES):
        raise refusal(TOO_LARGE_VIDEO, uploaded.name, limit=MAX_VIDEO_BYTES // MEGABYTE)
    if stopped:
        raise refusal(stopped, uploaded.name)
    if kind not in KINDS:
        raise refusal(UNKNOWN_VIDEO, uploaded.name)


def receive_media(uploaded, *, by):
    """Keep a photo or a short video: an upload, or what `MediaField` made of one. The worker cleans it.

    The bytes are on the disk before the row is written, and the row is written in the caller's transaction; to copy
    them before a transaction begins that others wait for, use `media_ahead`. Returns the PrivateFile, which waits
    (`is_clean` is False, `deliver` answers 404). Raises FileError, worded for the uploader.
    """
    received = check_media(uploaded)
    name = stored_ahead(received, "raw")
    with atomic_with_files(ahead=[name]):
        return _waiting(received, name, by=by)


def receive_image(uploaded, *, by):
    """As `receive_media`, for photos only."""
    if not isinstance(uploaded, Received) or uploaded.is_video:
        check_header(uploaded)
    return receive_media(uploaded, by=by)


def receive_video(uploaded, *, by):
    """As `receive_media`, for videos only."""
    received = check_media(uploaded)
    if not received.is_video:
        raise refusal(NOT_A_VIDEO, received.name)
    return receive_media(received, by=by)


@contextmanager
def media_ahead(uploads, *, by):
    """As `receive_media` for several: their bytes are stored before the transaction of the block begins.

    The block gets the PrivateFiles in the order of `uploads`; when it raises, rows and bytes go.
    """
    names = []
    try:
        checked = [check_media(uploaded) for uploaded in uploads]
        for received in checked:
            names.append(stored_ahead(received, "raw"))  # noqa: PERF401 (those stored before a failure must go)
    except BaseException:
        forget_ahead(names)
        raise
    with atomic_with_files(ahead=names):
        yield [_waiting(received, name, by=by) for received, name in zip(checked, names, strict=True)]


def _waiting(received, name, *, by):
    row = PrivateFile.objects.create(
        raw=name,
        state=PrivateFile.State.WAITING,
        size=received.size,
        content_type=received.content_type,
        uploader=by,
    )
    transaction.on_commit(partial(queue_work_on, [row.pk]), robust=True)
    return row


# --- in the worker -----------------------------------------------------------------------------------------
def clean(private_file):
    """Make of what waits what may be shown, or say why it can't be. Running it twice does it once.

    The attempt is counted first, as with variants; where there was no room it doesn't count. Raises whatever went
    wrong.
    """
    row = PrivateFile.objects.filter(pk=private_file.pk)
    claimable = row.waiting().filter(variant_claims__lt=MAX_CLAIMS)
    if not claimable.update(variant_claims=F("variant_claims") + 1):
        return
    with private_storage().open(private_file.raw) as raw:
        try:
            (_clean_video if private_file.is_video else _clean_photo)(private_file, raw)
        except RefusedVideoError as why:
            refuse(row, str(why))
        except FileError:
            row.waiting().update(variant_claims=F("variant_claims") - 1)
            raise
    _remove_bytes([private_file.pk])


def _clean_photo(waiting, raw):
    try:
        photo = read_photo(File(BytesIO(raw.read()), str(waiting.pk)))
    except FileError as error:
        if isinstance(error.__cause__, MemoryError):
            raise error.__cause__ from error  # not the photo's fault
        refuse(PrivateFile.objects.filter(pk=waiting.pk), PrivateFile.Refusal.DAMAGED)
        return
    wrong_clock = photo.taken_at and photo.taken_at > waiting.created_at + CLOCKS_DIFFER
    name = stored_ahead(photo, "jpg")
    _show(
        waiting,
        [name],
        file=name,
        sha256=photo.sha256,
        size=photo.size,
        content_type=CONTENT_TYPE,
        width=photo.width,
        height=photo.height,
        taken_at=None if wrong_clock else photo.taken_at,
    )


def _clean_video(waiting, raw):
    with cleaned_video(raw, waiting.content_type) as video, video.path.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
        checked = Received(str(waiting.pk), File(content), video.path.stat().st_size, f"video/{video.ending}")
        name = stored_ahead(checked, video.ending)
        variants = {variant: variant_name(name, variant) for variant in BOXES}
        try:
            with video.poster.open("rb") as poster:
                made = {variant: _variant(poster, box, variants[variant]) for variant, box in BOXES.items()}
        except BaseException:
            forget_ahead([name, *variants.values()])
            raise
    _show(
        waiting,
        [name, *variants.values()],
        file=name,
        sha256=digest,
        size=checked.size,
        content_type=checked.content_type,
        width=video.width,
        height=video.height,
        seconds=video.seconds,
        variants=made,
        variant_state=PrivateFile.VariantState.MADE,
    )


def _show(waiting, names, **fields):
    """From now on it may be shown, unless it was discarded, or cleaned by somebody else, meanwhile."""
    row = PrivateFile.objects.filter(pk=waiting.pk).waiting()
    clean = PrivateFile.State.CLEAN
    try:
        shown = row.update(state=clean, variant_claims=0, variants_due_at=None, **fields)
    except BaseException:
        forget_ahead(names)
        raise
    if not shown:
        forget_ahead(names)
