"""Of what a dossier is composed: sections in an order, each read for one home and one reader.

@section(order=40)
class Repairs(Section):
    title = gettext_lazy("Repairs")
    def chapter(self, reading): return Chapter(tables=[Table(columns, rows)])
    def originals(self, reading): yield Original(folder, name, file, at)
"""

from dataclasses import dataclass, field
from datetime import date, datetime

from accounts.files.models import PrivateFile
from accounts.models import User
from progress.models import Home

_sections = []


@dataclass(frozen=True)
class Reading:
    """One home as `user` may see it at the moment `at`. Whatever the scope keeps from them stands in no dossier."""

    home: Home
    user: User
    at: datetime
    on: date  # at the home
    language: str


@dataclass
class Table:
    """Each row begins with what it is about. Without `columns`: facts, two cells a row."""

    columns: list
    rows: list
    heading: str = ""
    note: str = ""


@dataclass
class Chapter:
    """What a section says. `images`: {name in the document: JPEG or PNG bytes}; `shots` are the photos among them."""

    tables: list = field(default_factory=list)
    printed: list = field(default_factory=list)  # guides
    shots: list = field(default_factory=list)
    images: dict = field(default_factory=dict)
    title: str = ""
    anchor: str = ""

    @property
    def is_empty(self):
        return not (any(table.rows for table in self.tables) or self.printed or self.shots)


@dataclass(frozen=True)
class Original:
    """A file of an archive: in which folder, called what (without an ending), and of when."""

    folder: str
    name: str
    file: PrivateFile
    at: datetime


class Section:
    title = ""

    def chapter(self, reading):
        """The Chapter, in the active language and time zone."""
        return Chapter()

    def originals(self, reading):
        """The Originals that belong to it, the most wanted first."""
        return ()


def section(*, order):
    """Class decorator: a dossier has this Section too, after those of a lower `order`."""

    def register(cls):
        _sections.append((order, cls()))
        return cls

    return register


def all_sections():
    return [each for _order, each in sorted(_sections, key=lambda pair: pair[0])]


def chapters_of(reading):
    """The Chapters in their order, numbered, also those of which there is nothing to say yet."""
    chapters = []
    for number, each in enumerate(all_sections(), start=1):
        chapter = each.chapter(reading)
        chapter.title, chapter.anchor = str(each.title), f"c{number}"
        chapters.append(chapter)
    return chapters
