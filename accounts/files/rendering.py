"""From an HTML document to a PDF that every reader can open: tagged, PDF/UA-1, Chinese with Simplified glyphs.

The document is a Django template under templates/pdf/, with `lang` on its root. What it shows comes from memory:
`asset:ui/pdf/leaflet.css` is one of our static files, `photo:<name>` one of the images that the caller hands over.
Printing takes seconds: tasks call it, outside a transaction, and never a request.
"""

import hashlib
import os
import re
import subprocess
import sys
import tempfile
import zipfile
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.files.base import ContentFile

from .actions import atomic_with_files, forget_ahead, stored_ahead
from .documents import PDF, Document
from .models import PrivateFile

PATIENCE = 75  # seconds for one document, shorter than a task has; its process is killed then
LANGUAGE = re.compile(r"<html[^>]*\slang=\"[\w-]+\"", re.IGNORECASE)
STATIC = re.compile(r"\"asset:([\w-]+(?:/[\w-]+)*\.(?:css|svg|png|jpg))\"")
PHOTO = re.compile(r"[\w-]+")
# What the printer needs of our surroundings: where programs and fonts lie. Neither secrets nor addresses.
NEEDED = ("PATH", "HOME", "XDG_CACHE_HOME", "FONTCONFIG_FILE", "FONTCONFIG_PATH", "LD_LIBRARY_PATH", "TMPDIR")


class RenderError(Exception):
    """The document could not be printed whole, for a reason that developers read."""


def render_pdf(html, *, images=None, at):
    """The PDF of a whole HTML document, made at `at`. Raises RenderError, also for what would have been left out.

    `images` maps the names that the document uses as `photo:<name>` to JPEG or PNG bytes of our own making.
    """
    if not LANGUAGE.search(html[:2000]):
        raise RenderError("The document's root has no lang, so that Chinese would get Japanese glyphs.")
    with tempfile.TemporaryFile() as job, tempfile.TemporaryFile() as pdf:
        _write_job(job, html, images or {}, at=at)
        _print(job, pdf)
        pdf.seek(0)
        made = pdf.read()
    if not made.startswith(b"%PDF-"):
        raise RenderError("The printer ended without a document.")
    return made


def _write_job(file, html, images, *, at):
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as job:
        job.writestr("document.html", html)
        job.writestr("made", at.isoformat())
        for path in sorted(set(STATIC.findall(html))):
            if found := finders.find(path):
                job.writestr(f"asset:{path}", Path(found).read_bytes())
        for name, content in images.items():
            if not PHOTO.fullmatch(name):
                raise RenderError(f"A photo is called by letters, digits and dashes, not {name!r}.")
            job.writestr(f"photo:{name}", content)
    file.seek(0)


def _print(job, pdf):
    environment = {name: os.environ[name] for name in NEEDED if name in os.environ}
    try:
        subprocess.run(
            [sys.executable, "-m", "accounts.files.printing"],
            stdin=job,
            stdout=pdf,
            stderr=subprocess.PIPE,
            cwd=settings.BASE_DIR,
            env=environment | {"LANG": "C.UTF-8"},
            timeout=PATIENCE,
            check=True,
        )
    except subprocess.TimeoutExpired as error:
        raise RenderError(f"The printer took longer than {PATIENCE} seconds.") from error
    except subprocess.CalledProcessError as error:
        why = error.stderr.decode(errors="replace")[-500:]
        raise RenderError(why or f"The printer was stopped ({error.returncode}).") from error


@contextmanager
def pdf_ahead(pdf, *, name, by):
    """Keep a PDF of our own making: its bytes are stored before the transaction of the block begins.

    The block gets the PrivateFile; when it raises, row and bytes go. Raises FileError when there is no room.
    """
    with pdfs_ahead({name: pdf}, by=by) as stored:
        yield stored[name]


@contextmanager
def pdfs_ahead(pdfs, *, by):
    """As `pdf_ahead` for several that belong together, {name: bytes}: the block gets {name: PrivateFile}."""
    names, rows = [], {}
    try:
        for name, pdf in pdfs.items():
            rows[name] = _row(pdf, by=by)
            made = Document(name, ContentFile(pdf), rows[name].sha256, rows[name].size, rows[name].pages)
            rows[name].file = stored_ahead(made, "pdf")
            names.append(rows[name].file.name)
    except BaseException:
        forget_ahead(names)
        raise
    with atomic_with_files(ahead=names):
        for row in rows.values():
            row.save(force_insert=True)
        yield rows


def _row(pdf, *, by):
    return PrivateFile(
        sha256=hashlib.sha256(pdf).hexdigest(),
        size=len(pdf),
        content_type=PDF,
        pages=pages_of(pdf),
        variant_state=PrivateFile.VariantState.MADE,  # it needs none
        uploader=by,
    )


def pages_of(pdf):
    """How many pages a PDF of our own making has."""
    from pypdf import PdfReader  # a quarter of a second that web processes need not spend

    return len(PdfReader(BytesIO(pdf)).pages)
