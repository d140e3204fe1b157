"""The checks before a workbook is read: what kind of file it is, how much it unpacks to, and what its cells hide.

An XLSX file is a zip archive of XML. The library that reads its values unpacks whatever it is given, allocates the
rectangle between the first and the last cell, and returns the last result of a formula as if it were a value. So
each part is first unpacked here, counted, looked through, and only then handed on, as an archive of our own making.
"""

import re
import zipfile
import zlib
from dataclasses import dataclass, field
from string import ascii_uppercase
from xml.parsers import expat

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

MEGABYTE = 1024 * 1024
MAX_BYTES = 25 * MEGABYTE
MAX_UNPACKED = 300 * MEGABYTE
MAX_RATIO, RATIO_FROM = 200, MEGABYTE
MAX_PARTS = 2000
MAX_ROWS, MAX_COLUMNS, MAX_CELLS = 100_000, 200, 3_000_000
MAX_TEXT, MAX_TEXT_OF_ALL = 32_767, 60 * MEGABYTE  # the first is Excel's own
HEAD = 8
CHUNK = 64 * 1024
NEEDED = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|xl/(workbook|styles|sharedStrings)\.xml|xl/_rels/workbook\.xml\.rels"
    r"|xl/worksheets/[^/]+\.xml"
)
LETTERS = ["", *(first + last for first in ("", *ascii_uppercase) for last in ascii_uppercase)]  # of the columns
REFERENCE = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")

TOO_LARGE = gettext_lazy("This file is larger than %(limit)s MB. Please split it into several.")
DAMAGED = gettext_lazy("This workbook is damaged or incomplete. Please save it again and send the new file.")
UNPACKS = gettext_lazy("This workbook unpacks to far more than a list of homes needs, so we do not open it.")
OLD_OR_LOCKED = gettext_lazy(
    "This is an old Excel file, or one with a password. Please save it as an Excel workbook (.xlsx) without password."
)
OPEN_DOCUMENT = gettext_lazy("This is an OpenDocument file. Please save it as an Excel workbook (.xlsx).")
NO_WORKBOOK = gettext_lazy("This is not a workbook. Please send an Excel workbook (.xlsx) or a CSV file.")
EMPTY = gettext_lazy("This file is empty.")


class WorkbookError(Exception):
    """Refused. The message is worded for whoever sent the workbook."""


@dataclass
class Facts:
    """What a look through one sheet found; positions are (row, column), from 1."""

    rows: int = 0
    columns: int = 0
    text: int = 0
    formulas: set = field(default_factory=set)
    errors: set = field(default_factory=set)
    merged: list = field(default_factory=list)

    def hides(self, where):
        """Whether this cell is other than its value says."""
        return where in self.formulas or where in self.errors


def check_kind(file, size):
    """ "xlsx" or "csv" by content, whatever the name says. Raises WorkbookError for everything else."""
    if not size:
        raise WorkbookError(EMPTY)
    if size > MAX_BYTES:
        raise WorkbookError(TOO_LARGE % {"limit": MAX_BYTES // MEGABYTE})
    file.seek(0)
    head = file.read(HEAD)
    file.seek(0)
    if head.startswith(b"PK"):
        return "xlsx"
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise WorkbookError(OLD_OR_LOCKED)
    if head.startswith((b"%PDF", b"{\\rtf", b"\x89PNG", b"\xff\xd8\xff", b"\x1f\x8b", b"Rar!", b"7z\xbc")):
        raise WorkbookError(NO_WORKBOOK)
    return "csv"


def unpacked(file, clean):
    """Look through the XLSX in `file` and write what is needed of it to `clean`. Returns {name of a sheet: Facts}.

    Raises WorkbookError when it is no XLSX, is damaged, or is made to overwhelm its reader.
    """
    try:
        with zipfile.ZipFile(file) as source, zipfile.ZipFile(clean, "w", zipfile.ZIP_STORED) as target:
            return _look_through(source, target)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, UnicodeDecodeError) as error:
        raise WorkbookError(DAMAGED) from error
    except (expat.ExpatError, KeyError, ValueError) as error:
        raise WorkbookError(DAMAGED) from error


def _look_through(source, target):
    parts = _parts(source)
    budget = _Budget(MAX_UNPACKED)
    texts = _Texts()
    names = _SheetNames()
    _copy(source, target, parts.pop("xl/workbook.xml"), budget, names.workbook)
    _copy(source, target, parts.pop("xl/_rels/workbook.xml.rels"), budget, names.relations)
    if "xl/sharedStrings.xml" in parts:
        _copy(source, target, parts.pop("xl/sharedStrings.xml"), budget, texts)
    sheets = {path: name for name, path in names.paths().items()}
    facts = {}
    for path, part in parts.items():
        scan = None
        if path in sheets:
            scan = _Cells(sheets[path], texts.lengths)
            facts[sheets[path]] = scan.facts
        _copy(source, target, part, budget, scan or _Any())
    if sum(each.text for each in facts.values()) > MAX_TEXT_OF_ALL:
        raise WorkbookError(UNPACKS)
    return facts


def _parts(source):
    """The parts we need, by path. Raises WorkbookError for another kind of archive, and for an obvious bomb."""
    listed = source.infolist()
    paths = {part.filename for part in listed}
    if "xl/workbook.xml" not in paths:
        raise WorkbookError(OPEN_DOCUMENT if "content.xml" in paths else NO_WORKBOOK)
    needed = [part for part in listed if NEEDED.fullmatch(part.filename)]
    overgrown = any(
        part.file_size > RATIO_FROM and part.file_size > MAX_RATIO * max(part.compress_size, 1) for part in listed
    )
    if len(listed) > MAX_PARTS or overgrown or sum(part.file_size for part in listed) > MAX_UNPACKED:
        raise WorkbookError(UNPACKS)
    if any(part.flag_bits & 1 for part in listed):
        raise WorkbookError(OLD_OR_LOCKED)
    return {part.filename: part for part in needed}


class _Budget:
    """Counts what is really unpacked: an archive may lie about the size of its parts."""

    def __init__(self, left):
        self.left = left

    def spend(self, count):
        self.left -= count
        if self.left < 0:
            raise WorkbookError(UNPACKS)


def _copy(source, target, part, budget, scan):
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    parser.StartElementHandler = scan.start
    parser.EndElementHandler = scan.end
    parser.CharacterDataHandler = scan.text
    with source.open(part) as packed, target.open(part.filename, "w") as copy:
        while chunk := packed.read(CHUNK):
            budget.spend(len(chunk))
            parser.Parse(chunk)
            copy.write(chunk)
        parser.Parse(b"", True)


def _refuse(*declaration):
    raise WorkbookError(UNPACKS)


class _Any:
    """XML that is only looked at for what it must not have."""

    start = end = text = None


class _SheetNames:
    """Which part holds which sheet: the workbook names an id, its relations name the part."""

    def __init__(self):
        self.ids, self.targets = {}, {}
        self.workbook, self.relations = _Any(), _Any()
        self.workbook.start, self.relations.start = self._sheet, self._relation

    def _sheet(self, tag, attributes):
        if tag.split(":")[-1] == "sheet":
            key = next((key for key in attributes if key.split(":")[-1] == "id"), None)
            self.ids[attributes["name"]] = attributes[key]

    def _relation(self, tag, attributes):
        if tag.split(":")[-1] == "Relationship":
            target = attributes["Target"]
            self.targets[attributes["Id"]] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"

    def paths(self):
        return {name: self.targets[key] for name, key in self.ids.items() if key in self.targets}


class _Texts:
    """How long each text is that cells share: a long one, shared by many cells, is a bomb of its own."""

    def __init__(self):
        self.lengths, self.inside, self.now = [], False, 0

    def start(self, tag, attributes):
        tag = tag.split(":")[-1]
        self.inside = tag == "t"
        if tag == "si":
            self.now = 0

    def text(self, words):
        if self.inside:
            self.now += len(words)

    def end(self, tag):
        self.inside = False
        if tag.split(":")[-1] == "si":
            if self.now > MAX_TEXT:
                raise WorkbookError(_("A cell has more than %(count)s characters.") % {"count": f"{MAX_TEXT:,}"})
            self.lengths.append(self.now)


class _Cells:
    """The cells of one sheet: where they are, which are formulas or errors, how much text they come to."""

    PLAIN = frozenset(["row", "c", "v"])  # nearly all, and nearly always without a prefix

    def __init__(self, name, lengths):
        self.name, self.lengths, self.facts = name, lengths, Facts()
        self._go_to(0, 0)
        self.kind, self.index = "", None

    def start(self, tag, attributes):
        tag = tag if tag in self.PLAIN else tag.split(":")[-1]
        if tag == "c":
            self._cell(attributes)
        elif tag == "v" or tag == "is":
            self._has_content()
            self.index = "" if tag == "v" and self.kind == "s" else None
        elif tag == "row":
            self._go_to(int(attributes.get("r", self.row + 1)), 0)
        elif tag == "f":
            self._note(self.facts.formulas)
        elif tag == "mergeCell":
            self.facts.merged.append(attributes["ref"])

    def _cell(self, attributes):
        self.kind = attributes.get("t", "")
        self.column += 1
        reference = attributes.get("r")
        next_one = self.column <= MAX_COLUMNS and reference == f"{LETTERS[self.column]}{self.row_in_words}"
        if reference is not None and not next_one:  # to look at the next one is quicker than to take it apart
            self._go_to(*position(reference))
        if self.kind == "e":
            self._note(self.facts.errors)

    def _go_to(self, row, column):
        self.row, self.column, self.row_in_words = row, column, str(row)

    def _note(self, noted):
        self._has_content()
        if len(noted) < MAX_ROWS:
            noted.add((self.row, self.column))

    def _has_content(self):
        facts = self.facts
        if self.row <= facts.rows and self.column <= facts.columns:
            return
        facts.rows, facts.columns = max(facts.rows, self.row), max(facts.columns, self.column)
        if facts.rows > MAX_ROWS or facts.columns > MAX_COLUMNS or facts.rows * facts.columns > MAX_CELLS:
            raise WorkbookError(
                _("The sheet “%(sheet)s” has cells beyond row %(rows)s or column %(columns)s. Please split it.")
                % {"sheet": self.name, "rows": f"{MAX_ROWS:,}", "columns": MAX_COLUMNS}
            )

    def text(self, words):
        if self.index is not None:
            self.index += words

    def end(self, tag):
        if self.index is not None and tag.split(":")[-1] == "v":
            self.facts.text += self.lengths[int(self.index)] if int(self.index) < len(self.lengths) else 0
            self.index = None


def position(reference):
    """(row, column) of "C12", from 1. Raises ValueError when it is no reference."""
    match = REFERENCE.fullmatch(reference)
    if not match:
        raise ValueError(reference)
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]), column
