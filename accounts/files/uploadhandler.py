"""Uploads are cut off while they are read: what is too large never lies on our disk, and the form can still say so.

A view that takes files says so: `@takes_photos` (25 MB each, 30 of them), `@takes_documents` (50 MB each),
`@takes_media` (photos and short videos, 60 MB each, 10 of them), `@takes_one_file`. Whatever is sent to any other view
has 5 MB, or is not even read.
"""

from contextlib import suppress

from django.core.exceptions import RequestDataTooBig, ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler

from .checks import (
    HEAD,
    MAX_BODY_BYTES,
    MAX_PHOTO_BYTES,
    MAX_PHOTOS,
    MEGABYTE,
    NO_ROOM,
    TOO_LARGE,
    TOO_LARGE_TOGETHER,
    shown_name,
)
from .documents import MAX_DOCUMENT_BYTES, TOO_LARGE_DOCUMENT, TOO_LARGE_FILES
from .receiving import MAX_MEDIA, MAX_VIDEO_BYTES

USUAL_BODY_BYTES = 5 * MEGABYTE  # of a form without files
EDITORS = {"wagtailimages", "wagtaildocs"}  # namespaces of other people's views that take one file at a time


class StoppedUpload(UploadedFile):
    """Stands for a file that was not kept. Our fields say why; any other learns it where it asks for the size."""

    def __init__(self, name, content_type, because, head, limit):
        self.stopped_because, self.head, self.limit = because, head, limit
        super().__init__(ContentFile(b""), name, content_type, 0)

    @property
    def size(self):
        words = {TOO_LARGE: TOO_LARGE_DOCUMENT, TOO_LARGE_TOGETHER: TOO_LARGE_FILES}
        message = words.get(self.stopped_because, self.stopped_because)
        raise ValidationError(message % {"name": shown_name(self.name), "limit": self.limit // MEGABYTE})

    @size.setter
    def size(self, value):
        """Django sets it; there is none."""


def takes_photos(view):
    """Decorator: this view takes many photos at once. Known before the view runs."""
    view.takes_files = "photos"
    return view


def takes_documents(view):
    """Decorator: the uploads of this view may be as large as documents are."""
    view.takes_files = "documents"
    return view


def takes_media(view):
    """Decorator: this view takes photos and short videos, as a `MediaField` checks them."""
    view.takes_files = "media"
    return view


def takes_one_file(view):
    """Decorator: this view takes one file, as large as a photo may be."""
    view.takes_files = "one"
    return view


def _limits(request):
    """(bytes of one file, how many files) of the view that will run; none for a form without files."""
    match = getattr(request, "resolver_match", None)
    kind = "photos" if match is None else getattr(match.func, "takes_files", None)
    if kind is None and EDITORS & set(getattr(match, "namespaces", ())):
        kind = "one"
    each = {"documents": MAX_DOCUMENT_BYTES, "media": MAX_VIDEO_BYTES}.get(kind, MAX_PHOTO_BYTES)
    return each, {None: 0, "one": 1, "media": MAX_MEDIA}.get(kind, MAX_PHOTOS)


class CappedUploadHandler(TemporaryFileUploadHandler):
    """Writes uploads to temporary files, each up to the cap of the view, as many as it takes, none of a larger body.

    The rest of a stopped file is read and dropped, so that the browser gets an answer instead of a broken connection.
    A body that is far larger than the form's is not even read.
    """

    def handle_raw_input(self, input_data, META, content_length, boundary, encoding=None):  # noqa: N803 (Django's name)
        self.max_bytes, self.most = _limits(self.request)
        if content_length > (2 * MAX_BODY_BYTES if self.most else USUAL_BODY_BYTES):
            raise RequestDataTooBig("The upload is far larger than anything this form takes.")
        self.too_large_together, self.count = content_length > MAX_BODY_BYTES, 0

    def new_file(self, *args, **kwargs):
        self.stopped, self.head = None, b""
        self.count += 1
        try:
            super().new_file(*args, **kwargs)
        except OSError:
            self.stopped = NO_ROOM
            return
        if self.too_large_together or self.count > (self.most or MAX_PHOTOS):
            self._stop(TOO_LARGE_TOGETHER)

    def receive_data_chunk(self, raw_data, start):
        self.head += raw_data[: HEAD - len(self.head)]
        if not self.stopped and start + len(raw_data) > self.max_bytes:
            self._stop(TOO_LARGE)
        if not self.stopped:
            try:
                self.file.write(raw_data)
            except OSError:
                self._stop(NO_ROOM)

    def file_complete(self, file_size):
        if not self.stopped:
            try:
                return super().file_complete(file_size)
            except OSError:  # what was still buffered found no room
                self._stop(NO_ROOM)
        return StoppedUpload(self.file_name, self.content_type, self.stopped, self.head, self.max_bytes)

    def _stop(self, because):
        self.stopped = because
        with suppress(OSError):  # closing writes the buffer, which may find no room; the file goes all the same
            self.file.close()
