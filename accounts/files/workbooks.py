"""Files that no check of ours looks into: workbooks that wait to be imported, and what we write to be taken out."""

import hashlib
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.core.files.base import File

from .actions import _stored, atomic_with_files, stored_ahead
from .models import PrivateFile, private_storage

WORKBOOK = "application/octet-stream"
CHUNK = 1024 * 1024


@dataclass
class _Workbook:
    name: str
    content: BinaryIO


def store_workbook(uploaded, *, by, content_type=WORKBOOK):
    """Keep the bytes of an upload, or of any Django File. Returns the PrivateFile; raises FileError without room.

    The size and the kind have been checked by the caller; whoever opens it looks at nothing but a copy of the bytes.
    """
    row = _row(uploaded, by=by, content_type=content_type)
    with atomic_with_files():
        row.file = _stored(_Workbook(uploaded.name, File(uploaded)), "workbook")
        row.save(force_insert=True)
    return row


@contextmanager
def workbook_ahead(uploaded, *, by, content_type=WORKBOOK):
    """As `store_workbook`, for what is long: its bytes are stored before the transaction of the block begins.

    So nobody waits with their writing until they are copied. The block gets the PrivateFile; when it raises, row and
    bytes go. Those that a killed process has left, the sweep takes.
    """
    row = _row(uploaded, by=by, content_type=content_type)
    row.file = stored_ahead(_Workbook(uploaded.name, File(uploaded)), "workbook")
    with atomic_with_files(ahead=[row.file.name]):
        row.save(force_insert=True)
        yield row


def _row(uploaded, *, by, content_type):
    digest = hashlib.sha256()
    for chunk in uploaded.chunks(CHUNK):
        digest.update(chunk)
    return PrivateFile(
        sha256=digest.hexdigest(),
        size=uploaded.size,
        content_type=content_type,
        variant_state=PrivateFile.VariantState.MADE,  # it needs none
        uploader=by,
    )


def copy_workbook(private_file, folder):
    """A copy of the workbook in `folder`, and the sha256 of what it holds now. Raises OSError when it is gone."""
    digest, path = hashlib.sha256(), Path(folder) / "workbook"
    with private_storage().open(private_file.file.name) as stored, path.open("wb") as copy:
        for chunk in stored.chunks(CHUNK):
            digest.update(chunk)
            copy.write(chunk)
    return path, digest.hexdigest()
