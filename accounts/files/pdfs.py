"""Looks into a PDF that somebody sent: run as a process of its own, since hostile ones eat time and memory.

python -m accounts.files.pdfs < FILE prints {"pages": 3}, or {"refused": "encrypted" or "active"}; on anything
else it fails. It needs no Django, so that it starts fast.
"""

import json
import logging
import re
import resource
import sys
from io import BytesIO

MEMORY = 1024 * 1024 * 1024  # bytes
SECONDS = 20
MAX_OBJECTS = 200_000
MAX_DEPTH = 50

# What makes a reader run, open or send something, or hides a file; a home's papers need none of it.
ACTIVE_KEYS = {"/JS", "/JavaScript", "/EmbeddedFiles", "/EF", "/RichMedia", "/XFA"}
ACTIVE_NAMES = {"/JavaScript", "/Launch", "/ImportData", "/EmbeddedFile", "/RichMedia", "/Rendition"}
# Objects that the table of contents leaves out; a reader that repairs a file may find them all the same.
STRAY = re.compile(rb"/(?:JavaScript|Launch|EmbeddedFiles?|RichMedia)\b")


class TooMuchError(Exception):
    """More objects, or deeper ones, than a document of ours has."""


def examine(data):
    """{"pages": number}, or {"refused": why}. Raises whatever a broken file makes the parser raise."""
    from pypdf import PdfReader  # after the limits are set

    reader = PdfReader(BytesIO(data), strict=False)
    if reader.is_encrypted:
        return {"refused": "encrypted"}
    if STRAY.search(data) or any(is_active(each) for each in objects_of(reader)):
        return {"refused": "active"}
    return {"pages": len(reader.pages)}


def objects_of(reader):
    """Each object that the file lists, and its trailer."""
    from pypdf.generic import IndirectObject

    yield reader.trailer
    listed = [(number, generation) for generation, numbers in reader.xref.items() for number in numbers]
    listed += [(number, 0) for number in reader.xref_objStm]
    if len(listed) > MAX_OBJECTS:
        raise TooMuchError
    for number, generation in listed:
        yield reader.get_object(IndirectObject(number, generation, reader))


def is_active(value, depth=0):
    """Whether this object itself does something when the document is opened; references are looked at in their turn."""
    if depth > MAX_DEPTH:
        raise TooMuchError
    if isinstance(value, dict):
        parts = [dict.__getitem__(value, key) for key in value]
        return not ACTIVE_KEYS.isdisjoint(value) or any(is_active(part, depth + 1) for part in parts)
    if isinstance(value, list):
        return any(is_active(part, depth + 1) for part in list.__iter__(value))
    return isinstance(value, str) and value in ACTIVE_NAMES


def main():
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    logging.disable()  # the parser's remarks on a stranger's file
    json.dump(examine(sys.stdin.buffer.read()), sys.stdout)


if __name__ == "__main__":
    main()
