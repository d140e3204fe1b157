"""What is taken for a photo: by size, by content, by header, all before a pixel is decoded."""

import re
import unicodedata
from contextlib import contextmanager
from itertools import islice

import magic
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from PIL import Image

MEGABYTE = 1024 * 1024
MAX_PHOTO_BYTES = 25 * MEGABYTE
MAX_PHOTOS = 30
MAX_BODY_BYTES = MAX_PHOTOS * MAX_PHOTO_BYTES + 5 * MEGABYTE  # the photos and what a form says besides
MAX_PIXELS = 50_000_000

# Our name for a type, by libmagic's; the value is the one Pillow plugin that may open it.
FORMATS = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/webp": "WEBP",
    "image/heic": "HEIF",
    "image/heif": "HEIF",
    "image/heic-sequence": "HEIF",
    "image/heif-sequence": "HEIF",
}
HEAD = 4096  # bytes that tell the type

# A progressive JPEG of 200 kB can hold thousands of scans, and each costs a pass over all pixels: minutes of work.
MAX_SCANS, MAX_SEGMENTS = 100, 2000
MARKER = re.compile(rb"\xff([^\x00\xd0-\xd7\xff])")  # but for stuffed bytes and restarts, which sit inside scans
START_OF_IMAGE, END_OF_IMAGE, START_OF_SCAN, WITHOUT_LENGTH = 0xD8, 0xD9, 0xDA, 0x01

TOO_MANY = gettext_lazy("Please choose at most %(count)s photos at once.")
EMPTY = gettext_lazy("“%(name)s” is empty. Please choose the photo again.")
TOO_LARGE = gettext_lazy("“%(name)s” is larger than %(limit)s MB. Please choose a smaller photo.")
TOO_LARGE_TOGETHER = gettext_lazy("These photos are too large to send at once. Please send them in several parts.")
VIDEO = gettext_lazy("“%(name)s” is a video. Please choose photos only.")
NOT_A_PHOTO = gettext_lazy("“%(name)s” is not a photo that we can read. Please choose a JPEG, PNG, WebP or HEIC file.")
TOO_MANY_PIXELS = gettext_lazy("“%(name)s” has more than %(limit)s million pixels. Please choose a smaller photo.")
DAMAGED = gettext_lazy("“%(name)s” is damaged or incomplete. Please choose the photo again.")
NO_ROOM = gettext_lazy("“%(name)s” could not be stored just now. Please try again later.")


class FileError(Exception):
    """Refused. The message is worded for the uploader and names the file."""


def refusal(message, name, **values):
    """The FileError that says `message` of the file that the uploader calls `name`."""
    return FileError(message % {"name": shown_name(name), **values})


def shown_name(name, longest=60):
    """A client's file name as it may appear in a sentence: one line, no invisible characters, not too long."""
    name = re.split(r"[/\\]", name or "")[-1]
    visible = "".join(" " if c.isspace() else c for c in name if c.isspace() or unicodedata.category(c)[0] != "C")
    visible = " ".join(visible.split())
    if len(visible) > longest:
        visible = f"{visible[: longest - 12]}…{visible[-11:]}"
    return visible or _("A photo without a name")


def check_count(uploads):
    """Raises FileError when more photos were sent than one form takes."""
    if len(uploads) > MAX_PHOTOS:
        raise FileError(TOO_MANY % {"count": MAX_PHOTOS})


def check_photo(uploaded):
    """Raises FileError unless this looks like a photo that may be decoded. Reads all of it, decodes no pixel."""
    check_header(uploaded)
    if real_type(head_of(uploaded)) == "image/jpeg" and not _scans_are_few(uploaded):
        raise refusal(NOT_A_PHOTO, uploaded.name)


def check_header(uploaded):
    """The part of it that takes a moment: size, type and pixels. For what is not decoded before `check_photo`."""
    if stopped := getattr(uploaded, "stopped_because", None):
        raise _too_large(uploaded, uploaded.head) if stopped is TOO_LARGE else refusal(stopped, uploaded.name)
    if not uploaded.size:
        raise refusal(EMPTY, uploaded.name)
    if uploaded.size > MAX_PHOTO_BYTES:
        raise _too_large(uploaded, head_of(uploaded))
    kind = real_type(head_of(uploaded))
    if kind.startswith("video/"):
        raise refusal(VIDEO, uploaded.name)
    if kind not in FORMATS:
        raise refusal(NOT_A_PHOTO, uploaded.name)
    with opened(uploaded):
        pass


def _too_large(uploaded, head):
    if real_type(head).startswith("video/"):
        return refusal(VIDEO, uploaded.name)
    return refusal(TOO_LARGE, uploaded.name, limit=MAX_PHOTO_BYTES // MEGABYTE)


def head_of(uploaded):
    """The first bytes of an upload."""
    uploaded.seek(0)
    return uploaded.read(HEAD)


def real_type(head):
    """The media type by content, whatever the name or the client says."""
    return magic.from_buffer(head, mime=True)


@contextmanager
def opened(uploaded):
    """The photo as Pillow sees it, its header read. Raises FileError when it is too big to decode, or broken."""
    plugin = FORMATS[real_type(head_of(uploaded))]
    uploaded.seek(0)
    try:
        image = Image.open(uploaded, formats=[plugin])
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise refusal(TOO_MANY_PIXELS, uploaded.name, limit=MAX_PIXELS // 1_000_000) from None
    except Exception as error:  # hostile headers raise whatever they find
        raise refusal(DAMAGED, uploaded.name) from error
    with image:
        if image.width * image.height > MAX_PIXELS:
            raise refusal(TOO_MANY_PIXELS, uploaded.name, limit=MAX_PIXELS // 1_000_000)
        yield image


def _scans_are_few(uploaded):
    uploaded.seek(0)
    segments = list(islice(_segments(uploaded.read()), MAX_SEGMENTS + 1))
    return len(segments) <= MAX_SEGMENTS and segments.count(START_OF_SCAN) <= MAX_SCANS


def _segments(data):
    """The kinds of a JPEG's segments, in order, until its image ends; what is appended behind doesn't count."""
    position = 0
    while (marker := MARKER.search(data, position)) and marker[1][0] != END_OF_IMAGE:
        kind, position = marker[1][0], marker.end()
        if kind not in {START_OF_IMAGE, WITHOUT_LENGTH}:
            position += int.from_bytes(data[position : position + 2], "big")
        yield kind
