"""From an upload to a document that is kept: a PDF as it came, once it is found harmless, or a picture made anew."""

import hashlib
import json
import subprocess
import sys
from typing import NamedTuple

from django.conf import settings
from django.core.files import File
from django.utils.translation import gettext_lazy

from .checks import FORMATS, MEGABYTE, NO_ROOM, TOO_LARGE, TOO_LARGE_TOGETHER, head_of, real_type, refusal
from .images import Waiting, read_photo

PDF = "application/pdf"
MAX_DOCUMENT_BYTES = 50 * MEGABYTE
PATIENCE = 30  # seconds for one PDF; its process is killed then

EMPTY = gettext_lazy("“%(name)s” is empty. Please choose the file again.")
TOO_LARGE_DOCUMENT = gettext_lazy("“%(name)s” is larger than %(limit)s MB. Please choose a smaller file.")
TOO_LARGE_FILES = gettext_lazy("These files are too large to send at once. Please send them in several parts.")
NOT_A_DOCUMENT = gettext_lazy(
    "“%(name)s” is neither a PDF nor a picture. Please choose a PDF, JPEG, PNG, WebP or HEIC file."
)
ENCRYPTED = gettext_lazy("“%(name)s” is protected with a password. Please save it without one and choose it again.")
ACTIVE = gettext_lazy("“%(name)s” has scripts or other files inside. Please print it to a new PDF and choose that.")
DAMAGED = gettext_lazy("“%(name)s” is damaged or incomplete. Please choose the file again.")
REFUSED = {"encrypted": ENCRYPTED, "active": ACTIVE}


class Document(NamedTuple):
    """A PDF ready to be stored."""

    name: str  # the client's, for messages and searching
    content: File
    sha256: str
    size: int
    pages: int


def read_document(uploaded):
    """Check an upload: a Document for a PDF, a Photo for a picture. Takes up to seconds: outside a transaction.

    Raises FileError, worded for the uploader.
    """
    _check_size(uploaded)
    kind = real_type(head_of(uploaded))
    if kind in FORMATS:
        return read_photo(uploaded)
    if kind != PDF:
        raise refusal(NOT_A_DOCUMENT, uploaded.name)
    content, sha256 = _copied(uploaded)
    return Document(uploaded.name, File(content), sha256, uploaded.size, _pages(content, uploaded.name))


def _check_size(uploaded):
    stopped = getattr(uploaded, "stopped_because", None)
    if stopped is NO_ROOM or stopped is TOO_LARGE_TOGETHER:
        raise refusal(NO_ROOM if stopped is NO_ROOM else TOO_LARGE_FILES, uploaded.name)
    if stopped is TOO_LARGE or uploaded.size > MAX_DOCUMENT_BYTES:
        raise refusal(TOO_LARGE_DOCUMENT, uploaded.name, limit=MAX_DOCUMENT_BYTES // MEGABYTE)
    if not uploaded.size:
        raise refusal(EMPTY, uploaded.name)


def _copied(uploaded):
    content, digest = Waiting(), hashlib.sha256()
    uploaded.seek(0)
    for chunk in uploaded.chunks():
        content.write(chunk)
        digest.update(chunk)
    content.rollover()  # a real file, which another process can read
    content.flush()
    return content, digest.hexdigest()


def _pages(content, name):
    """How many pages the PDF has. Raises FileError for one that is encrypted, active, broken or without a page."""
    content.seek(0)
    try:
        looked = subprocess.run(
            [sys.executable, "-m", "accounts.files.pdfs"],
            stdin=content.fileno(),
            capture_output=True,
            cwd=settings.BASE_DIR,
            timeout=PATIENCE,
            check=True,
        )
        found = json.loads(looked.stdout)
    except (subprocess.SubprocessError, ValueError) as error:
        raise refusal(DAMAGED, name) from error
    if why := found.get("refused"):
        raise refusal(REFUSED[why], name)
    if not found["pages"]:
        raise refusal(DAMAGED, name)
    return found["pages"]
