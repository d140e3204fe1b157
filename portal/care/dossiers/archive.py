"""The archive of originals: a ZIP written piece by piece, never in memory, with names that every system takes.

`index.html` inside tells what there is, what found no room, and what the sections of the dossier say.
"""

import re
import shutil
import unicodedata
import zipfile
from pathlib import Path
from urllib.parse import quote

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils import timezone

from accounts.files.delivery import SAVED, SHOWN
from accounts.files.models import private_storage

from .sections import all_sections

LARGEST = 300 * 1024 * 1024  # bytes of originals
CHUNK = 1024 * 1024
LONGEST_NAME = 80
ENDINGS = SHOWN | SAVED
STYLE = "ui/pdf/dossier_index.css"
FORBIDDEN = re.compile(r'[/\\:*?"<>|]+')
# Names that Windows keeps for devices, whatever ending follows.
DEVICES = re.compile(r"(?:con|prn|aux|nul|(?:com|lpt)[0-9¹²³])(?:\..*)?", re.IGNORECASE)


class Names:
    """Paths within one archive, each handed out once, whatever the case of its letters."""

    def __init__(self):
        self.taken = set()

    def path(self, folder, name, ending):
        folder, name = safe(folder), safe(name)
        path, number = f"{folder}/{name}.{ending}", 1
        while path.casefold() in self.taken:
            number += 1
            path = f"{folder}/{name} ({number}).{ending}"
        self.taken.add(path.casefold())
        return path


def safe(name):
    """`name` as a file or a folder may be called on Windows, too; "file" where nothing of it is left."""
    kept = "".join(
        " " if unicodedata.category(sign)[0] in "CZ" else sign for sign in unicodedata.normalize("NFC", name)
    )
    kept = " ".join(FORBIDDEN.sub(" ", kept).split())[:LONGEST_NAME].strip(" .") or "file"
    return f"_{kept}" if DEVICES.fullmatch(kept) else kept


def write_archive(file, reading, context, *, note=lambda share: None):
    """Write the originals and their index into the open binary `file`. Returns how many had to be left out.

    `context`: what the index says besides. `note` hears which share is done.
    """
    originals = [each for section in all_sections() for each in section.originals(reading)]
    written, left_out, room = [], [], LARGEST
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        names = Names()
        for count, original in enumerate(originals, start=1):
            path = _write(archive, names, original) if original.file.size <= room else None
            if path:
                written.append({"path": path, "address": quote(path), "original": original})
                room -= original.file.size
            else:
                left_out.append(original)
            note(count / len(originals))
        archive.write(finders.find(STYLE), "index.css")
        more = {"written": written, "left_out": left_out, "largest": LARGEST}
        archive.writestr("index.html", render_to_string("pdf/dossier_index.html", context | more))
    file.flush()
    file.seek(0)
    return len(left_out)


def _write(archive, names, original):
    """The path in the archive; None for a file that is not clean, or gone."""
    file = original.file
    if file.deleted_at or not file.is_clean:
        return None
    try:
        source = private_storage().open(file.file.name)
    except FileNotFoundError:
        return None
    ending = ENDINGS.get(file.content_type) or Path(file.file.name).suffix.lstrip(".") or "bin"
    path = names.path(original.folder, original.name, ending)
    entry = zipfile.ZipInfo(path, timezone.localtime(original.at).timetuple()[:6])  # not deflated: compressed already
    with source, archive.open(entry, "w", force_zip64=True) as target:
        shutil.copyfileobj(source, target, CHUNK)
    return path
