"""Workbooks that wait to be imported: kept as they came, never shown. Who reads them checks them."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.core.files.base import File

from .actions import _stored, atomic_with_files
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
    digest = hashlib.sha256()
    for chunk in uploaded.chunks(CHUNK):
        digest.update(chunk)
    with atomic_with_files():
        return PrivateFile.objects.create(
            file=_stored(_Workbook(uploaded.name, File(uploaded)), "workbook"),
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
