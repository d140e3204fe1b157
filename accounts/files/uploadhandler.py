"""Uploads are cut off while they are read: what is too large never lies on our disk, and the form can still say so.

Photos may have 25 MB each. A view that takes documents says so: `@takes_documents`.
"""

from contextlib import suppress

from django.core.exceptions import RequestDataTooBig
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler

from .checks import HEAD, MAX_BODY_BYTES, MAX_PHOTO_BYTES, MAX_PHOTOS, NO_ROOM, TOO_LARGE, TOO_LARGE_TOGETHER
from .documents import MAX_DOCUMENT_BYTES


class StoppedUpload(UploadedFile):
    """Stands for a file that was not kept. Empty, so any other form refuses it too."""

    def __init__(self, name, content_type, because, head):
        super().__init__(ContentFile(b""), name, content_type, 0)
        self.stopped_because, self.head = because, head


def takes_documents(view):
    """Decorator: the uploads of this view may be as large as documents are. Known before the view runs."""
    view.max_upload_bytes = MAX_DOCUMENT_BYTES
    return view


def _max_bytes(request):
    match = getattr(request, "resolver_match", None)
    return getattr(match and match.func, "max_upload_bytes", MAX_PHOTO_BYTES)


class CappedUploadHandler(TemporaryFileUploadHandler):
    """Writes uploads to temporary files, each up to the cap of the view, 30 of them, and none of a larger body.

    The rest of a stopped file is read and dropped, so that the browser gets an answer instead of a broken connection.
    A body of twice the cap is not even read.
    """

    def handle_raw_input(self, input_data, META, content_length, boundary, encoding=None):  # noqa: N803 (Django's name)
        if content_length > 2 * MAX_BODY_BYTES:
            raise RequestDataTooBig("The upload is far larger than anything a form of ours takes.")
        self.too_large_together, self.count = content_length > MAX_BODY_BYTES, 0
        self.max_bytes = _max_bytes(self.request)

    def new_file(self, *args, **kwargs):
        self.stopped, self.head = None, b""
        self.count += 1
        try:
            super().new_file(*args, **kwargs)
        except OSError:
            self.stopped = NO_ROOM
            return
        if self.too_large_together or self.count > MAX_PHOTOS:
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
        return StoppedUpload(self.file_name, self.content_type, self.stopped, self.head)

    def _stop(self, because):
        self.stopped = because
        with suppress(OSError):  # closing writes the buffer, which may find no room; the file goes all the same
            self.file.close()
