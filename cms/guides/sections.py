"""A guide's body in sections: what its contents list, and by what two editions are compared."""

import hashlib
import json
import re
from dataclasses import dataclass, field
from html import unescape

from django.utils.html import strip_tags
from wagtail.rich_text import RichText

BEFORE_H2 = re.compile(r"(?=<h2[\s>])")
H2 = re.compile(r"<h2[^>]*>(.*?)</h2>", re.DOTALL)
NOT_FOR_TENANTS = {"fees"}


@dataclass
class Chunk:
    """A block, or the part of a text from one heading to the next. `{% include_block chunk %}` renders it."""

    kind: str
    block: object
    value: object
    id: str = ""

    def render_as_block(self, context=None):
        context = context.flatten() if hasattr(context, "flatten") else dict(context or {})
        return self.block.render(self.value, context=context | {"id": self.id})

    @property
    def raw(self):
        """What the digest is made of: the words, not the ids."""
        if isinstance(self.value, RichText):
            return self.value.source
        return _without_ids(self.block.get_prep_value(self.value))


@dataclass
class Section:
    """`title` is empty for what stands before the first heading."""

    title: str
    number: int
    chunks: list[Chunk] = field(default_factory=list)

    @property
    def anchor(self):
        return f"s{self.number}"


def sections_of(body, *, follows=True):
    """The sections of a body (a StreamValue). `follows` off, as for tenants: without fees."""
    sections = [Section("", 0)]
    for chunk in _chunks(body):
        if chunk.kind in NOT_FOR_TENANTS and not follows:
            continue
        if title := _title(chunk):
            sections.append(Section(title, len(sections)))
        sections[-1].chunks.append(chunk)
    return [section for section in sections if section.chunks]


def outline_of(text):
    """[{"title", "digest"}] of an EditionText, as it is kept to be compared with. The beginning has title and lead."""
    beginning, outline = [text.title, text.lead], []
    for section in sections_of(text.body):
        raw = [chunk.raw for chunk in section.chunks]
        if section.title:
            outline.append({"title": section.title, "digest": _digest(raw)})
        else:
            beginning += raw
    return [{"title": "", "digest": _digest(beginning)}, *outline]


def words_in(body):
    """What a body (a StreamValue) says, without its markup and without what tenants don't see."""
    chunks = (chunk for section in sections_of(body, follows=False) for chunk in section.chunks)
    return " ".join(words for chunk in chunks for words in chunk.block.get_searchable_content(chunk.value))


@dataclass(frozen=True)
class Difference:
    """Titles of sections, in the order in which they stand."""

    added: list[str]
    changed: list[str]
    gone: list[str]

    def __bool__(self):
        return bool(self.added or self.changed or self.gone)


def difference(before, after):
    """What became of the sections between two outlines. A title that stands there twice is one."""
    old, new = _by_title(before), _by_title(after)
    return Difference(
        added=[title for title in new if title not in old],
        changed=[title for title in new if title in old and new[title] != old[title]],
        gone=[title for title in old if title not in new],
    )


def _by_title(outline):
    found = {}
    for section in outline:
        found.setdefault(section["title"], []).append(section["digest"])
    return found


def _chunks(body):
    for child in body:
        if child.block_type == "text":
            parts = [part for part in BEFORE_H2.split(child.value.source) if part.strip()]
            yield from (Chunk("text", child.block, RichText(part), child.id or "") for part in parts)
        else:
            yield Chunk(child.block_type, child.block, child.value, child.id or "")


def _title(chunk):
    """Of a text its own second-rank heading, of the others their heading; a note belongs to what stands before it."""
    if chunk.kind == "text":
        found = H2.match(chunk.value.source.lstrip())
        return unescape(strip_tags(found[1])).strip() if found else ""
    return (chunk.value.get("heading") or "").strip() if hasattr(chunk.value, "get") else ""


def _without_ids(raw):
    if isinstance(raw, dict):
        return {name: _without_ids(value) for name, value in raw.items() if name != "id"}
    return [_without_ids(value) for value in raw] if isinstance(raw, list) else raw


def _digest(raw):
    return hashlib.sha256(json.dumps(raw, sort_keys=True, default=str).encode()).hexdigest()[:16]
