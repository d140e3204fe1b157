"""Where private files lie. Everything else uses the Storage API only, so that an object store can take its place."""

import os
import re
import secrets
import tempfile
from contextlib import suppress

from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.utils.deconstruct import deconstructible

WITHOUT_VARIANTS = (".pdf", ".workbook", ".raw", ".mp4", ".webm")
VARIANT_OF_VIDEO = re.compile(r"([^.]+\.(?:mp4|webm))\.[^.]+\.jpg\Z")


def new_name(ending="jpg"):
    """A random name for a file, in one of 256 folders: nothing about it comes from the client."""
    token = secrets.token_hex(16)
    return f"{token[:2]}/{token}.{ending}"


def variant_name(name, variant):
    """Where a variant of the photo or video `name` lies: always the same place, so that making it twice leaves one
    file."""
    return f"{name.removesuffix('.jpg')}.{variant}.jpg"


def original_name(name):
    """The photo, video or document that the file `name` belongs to, if it is one of ours at all."""
    if name.endswith(WITHOUT_VARIANTS):
        return name
    if video := VARIANT_OF_VIDEO.match(name):
        return video[1]
    return f"{name.split('.')[0]}.jpg"


@deconstructible(path="accounts.files.storage.PrivateStorage")
class PrivateStorage(FileSystemStorage):
    """Files under PRIVATE_ROOT that have no URL. Only this user of the system reads them, and the group where a
    front server of that group sends them (X_ACCEL_PREFIX).

    A file is there whole, and on the disk, when `save` returns; whatever interrupts it leaves nothing, or a
    `.partial` if the process was killed. A name saved again is replaced, in one step.
    """

    def __init__(self, location=None):
        super().__init__(
            location=location or settings.PRIVATE_ROOT,
            file_permissions_mode=0o640 if settings.X_ACCEL_PREFIX else 0o600,
            directory_permissions_mode=0o750 if settings.X_ACCEL_PREFIX else 0o700,
            allow_overwrite=True,
        )

    def url(self, name):
        raise ValueError("Private files have no URL: the view of whoever holds the file delivers it.")

    def _save(self, name, content):
        path = self.path(name)
        folder = os.path.dirname(path)
        for needed in (self.location, folder):
            os.makedirs(needed, mode=self.directory_permissions_mode, exist_ok=True)
        partial = self._write_partial(folder, content)
        try:
            os.replace(partial, path)
            _to_disk(folder)
        except BaseException:
            _remove(partial)
            raise
        return name

    def _write_partial(self, folder, content):
        handle, partial = tempfile.mkstemp(prefix=".", suffix=".partial", dir=folder)
        try:
            with os.fdopen(handle, "wb") as file:
                for chunk in content.chunks():
                    file.write(chunk)
                file.flush()
                os.fchmod(file.fileno(), self.file_permissions_mode)
                os.fsync(file.fileno())
        except BaseException:
            _remove(partial)
            raise
        return partial


def _remove(path):
    with suppress(FileNotFoundError):
        os.unlink(path)


def _to_disk(folder):
    """A new name survives a power cut once its folder is on the disk too."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
