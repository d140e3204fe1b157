"""The copy itself: a ZIP with what is held in readable JSON, and the files. Written piece by piece, never in memory.

Only what the registry says is about the person goes in. Whoever else a row names is left out: fields that lead to
a login or a customer record are not written, and who did something is told by role.
"""

import json
import re
import shutil
import zipfile

from django.contrib.auth.models import Permission
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone
from django.utils.encoding import force_str
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.files.models import PrivateFile, private_storage
from accounts.models import Owner, User

from .labels import in_words
from .registry import erased_first

ZIP = "application/zip"
ENDINGS = {"application/pdf": "pdf", "image/jpeg": "jpg", "video/mp4": "mp4", "video/webm": "webm"}
CHUNK = 1024 * 1024
FILE_IS_GONE = gettext_lazy("this file no longer exists")
UNSAFE = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]+')


def write_archive(file, person, *, at, note):
    """Write everything held on `person` into the open binary `file`. `note(per_cent)` is called on the way."""
    sections = [declaration for declaration in reversed(erased_first()) if declaration.exported]
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        paths = _write_files(archive, sections, person, note)
        with archive.open("data.json", "w", force_zip64=True) as stream:
            _write_sections(stream, sections, person, paths, at=at, note=note)
        archive.writestr("READ ME.txt", _read_me(at))
    file.flush()
    file.seek(0)


# --- files
def _write_files(archive, sections, person, note):
    """{PrivateFile's pk: its path in the archive}"""
    paths = {}
    holders = [declaration for declaration in sections if declaration.files]
    for declaration in holders:
        name = declaration.files
        rows = declaration.rows_of(person).exclude(**{name: None}).select_related(name)
        for row in rows.order_by("pk").iterator(chunk_size=100):
            private_file = getattr(row, name)
            if private_file.pk not in paths:
                paths[private_file.pk] = _write_file(archive, private_file, row, number=len(paths) + 1)
                note(min(60, len(paths)))
    return paths


def _write_file(archive, private_file, row, *, number):
    path = f"files/{number:04}-{_safe(str(row))}.{ENDINGS.get(private_file.content_type, 'bin')}"
    if private_file.deleted_at or not private_file.is_clean:
        return str(FILE_IS_GONE)
    try:
        source = private_storage().open(private_file.file.name)
    except FileNotFoundError:
        return str(FILE_IS_GONE)
    stored_at = timezone.localtime(private_file.created_at).timetuple()[:6]
    entry = zipfile.ZipInfo(path, stored_at)  # not deflated: photos and papers are compressed already
    with source, archive.open(entry, "w", force_zip64=True) as target:
        shutil.copyfileobj(source, target, CHUNK)
    return path


def _safe(name):
    """`name` as part of a path: on one line, without what file systems take for something else."""
    return UNSAFE.sub(" ", name).strip(" .")[:60] or "file"


# --- what is held
def _write_sections(stream, sections, person, paths, *, at, note):
    """One JSON document, written row by row."""

    def write(text):
        stream.write(text.encode())

    write(f'{{\n "made": {_json(at)},\n "sections": [')
    for number, declaration in enumerate(sections):
        write(",\n" if number else "\n")
        _write_section(write, declaration, person, paths)
        note(60 + 40 * (number + 1) // (len(sections) + 1))
    write("\n ]\n}\n")


def _write_section(write, declaration, person, paths):
    labels = {name: label_of(declaration, name) for name in declaration.exported}
    labels |= {name: capfirst(force_str(label)) for name, (label, _told) in declaration.also.items()}
    withheld = {
        label_of(declaration, name): treatment.withheld
        for name, treatment in declaration.personal.items()
        if treatment.withheld
    }
    head = {"section": declaration.label, "heading": declaration.heading, "labels": labels, "not included": withheld}
    write(f'  {_json(head)[:-1]},\n   "entries": [')
    rows = declaration.rows_of(person).order_by("pk")
    for number, row in enumerate(rows.iterator(chunk_size=500)):
        write((",\n    " if number else "\n    ") + _json(_entry(declaration, row, person, paths)))
    write("\n   ]}")


def _entry(declaration, row, person, paths):
    entry = {name: value_of(row, name, paths) for name in declaration.exported}
    return entry | {name: told(row, person) for name, (_label, told) in declaration.also.items()}


def label_of(declaration, name):
    """What a field is called, in the active language."""
    return capfirst(in_words(declaration.model._meta.get_field(name).verbose_name))


def value_of(row, name, paths):
    """What stands in the field, readable; nothing of anybody else."""
    each = row._meta.get_field(name)
    if isinstance(each, models.ManyToManyField):
        return [] if each.related_model in (Owner, User) else [_named(other) for other in getattr(row, name).all()]
    if isinstance(each, models.ForeignKey):
        return _related(row, each, paths)
    if each.choices:
        return force_str(getattr(row, f"get_{name}_display")())
    value = getattr(row, name)
    return value if value is None or isinstance(value, bool | int | float | dict | list) else _readable(value)


def _related(row, each, paths):
    if each.related_model in (Owner, User):
        return None
    if each.related_model is PrivateFile:
        return paths.get(getattr(row, each.attname))
    other = getattr(row, each.name)
    return None if other is None else str(other)


def _named(row):
    return row.codename if isinstance(row, Permission) else str(row)


def _readable(value):
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _json(value):
    return json.dumps(value, ensure_ascii=False, cls=DjangoJSONEncoder)


def _read_me(at):
    day = f"{timezone.localtime(at):%Y-%m-%d %H:%M}"
    lines = [
        _("This is what the portal held on you on %(day)s.") % {"day": day},
        _("“data.json” has it in sections, each with its heading, what its fields are called, and its entries."),
        _("The folder “files” has the documents and photos that the entries name."),
        _("“not included” says what is left out of a section, and why. Nothing is left out without a reason."),
        _("The copy is as private as your login. Please keep it in a safe place."),
    ]
    return "\r\n\r\n".join(lines) + "\r\n"
