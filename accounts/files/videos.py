"""From a received video to one that may be shown: a minute at most, and nothing in it but pictures and sound.

The work is done by `remuxing`, in a process of its own.
"""

import json
import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import NamedTuple

from django.conf import settings

from .rendering import NEEDED

PATIENCE = 50  # seconds for one video, shorter than a task has; its process is killed then
CHUNK = 1024 * 1024


class RefusedVideoError(Exception):
    """It can't be used; the argument is the code of a PrivateFile.Refusal."""


class Video(NamedTuple):
    """A video that may be shown, for as long as the block of `cleaned_video` lasts."""

    path: Path
    poster: Path  # a JPEG
    ending: str
    seconds: float
    width: int
    height: int


@contextmanager
def cleaned_video(raw, content_type):
    """The Video made of the open file `raw`. Raises RefusedVideoError."""
    with TemporaryDirectory() as folder, TemporaryFile() as copy:
        for chunk in iter(lambda: raw.read(CHUNK), b""):  # a real file, which another process can read
            copy.write(chunk)
        copy.seek(0)
        found = _remuxed(copy, content_type, folder)
        if why := found.get("refused"):
            raise RefusedVideoError(why)
        yield Video(Path(folder) / "video", Path(folder) / "poster.jpg", **found)


def _remuxed(copy, content_type, folder):
    environment = {name: os.environ[name] for name in NEEDED if name in os.environ}
    try:
        done = subprocess.run(  # noqa: S603 (the type is one of those that `check_media` lets through)
            [sys.executable, "-m", "accounts.files.remuxing", content_type, folder],
            stdin=copy,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # what a decoder says of a stranger's file
            cwd=settings.BASE_DIR,
            env=environment | {"LANG": "C.UTF-8"},
            timeout=PATIENCE,
            check=True,
        )
        return json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError) as error:
        raise RefusedVideoError("damaged") from error
