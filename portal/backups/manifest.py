"""What a backup says about itself: `manifest.json`, and `files.jsonl` with one line a file."""

import hashlib
import json
import os
import posixpath
import re
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import NamedTuple

FORMAT = 1
STORAGES = ("default", "private")
SHA256, PART = re.compile(r"[0-9a-f]{64}"), re.compile(r"database\.[a-z0-9]+")
NAME, FILES = "manifest.json", "files.jsonl"
CHUNK = 1024 * 1024


class BackupError(Exception):
    """A backup or a restore that can't be, worded for whoever runs the portal."""


class LockedError(BackupError):
    """Another one is at it. Nothing is wrong."""


class Entry(NamedTuple):
    """One file of a storage and the object that holds its bytes."""

    storage: str
    name: str
    sha256: str
    size: int
    modified: str  # as the storage said; "" for private files, whose bytes never change


@dataclass
class Manifest:
    made_at: str
    portal: str  # version
    engine: str
    server: str  # its version
    secret: str  # a check value, from which SECRET_KEY can't be told
    migrations: list  # of [app, name], in the order in which they were applied
    tables: dict  # how many rows each has
    database: dict  # {"name", "sha256", "size"}
    files: dict  # {"count", "bytes", "sha256" of files.jsonl}
    problems: list = field(default_factory=list)  # of [storage, name, what]
    format: int = FORMAT

    def write(self, folder):
        values = asdict(self)
        write_down(folder / NAME, json.dumps({"sha256": _digest(values), "manifest": values}, indent=1).encode())


def _digest(values):
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()


def read_manifest(folder):
    """The Manifest of the backup in `folder`. Raises BackupError: none, damaged, of a later format."""
    try:
        read = json.loads((folder / NAME).read_bytes())
        values, digest = read["manifest"], read["sha256"]
        later = values["format"] > FORMAT
    except OSError as error:
        raise BackupError(f"{folder} is no backup: {NAME} can't be read ({error.strerror}).") from error
    except (ValueError, KeyError, TypeError) as error:
        raise BackupError(f"{folder.name}: {NAME} is damaged.") from error
    if later:
        raise BackupError(f"{folder.name} was made by a later version of the portal ({values.get('portal')}).")
    if digest != _digest(values):
        raise BackupError(f"{folder.name}: {NAME} is damaged, it is not what was written.")
    try:
        return _checked(Manifest(**values))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BackupError(f"{folder.name}: {NAME} is damaged.") from error


def _checked(manifest):
    """With the facts that we write, of their kinds: its hash says nothing about who has written it."""
    datetime.fromisoformat(manifest.made_at)
    hashes = [manifest.database["sha256"], manifest.files["sha256"]]
    sizes = [manifest.database["size"], *manifest.tables.values()]
    pairs = [[*map(str.isidentifier, pair)] for pair in manifest.migrations]
    sound = PART.fullmatch(manifest.database["name"]) and all(map(SHA256.fullmatch, hashes))
    if not sound or any(type(size) is not int for size in sizes) or any(len(pair) != 2 for pair in pairs):
        raise ValueError
    if type(manifest.engine) is not str or type(manifest.problems) is not list:
        raise ValueError
    return manifest


def write_entries(folder, entries):
    """Write the list of files, from any number of them. Returns what the manifest says about it."""
    count = size = 0
    digest = hashlib.sha256()
    with (folder / FILES).open("wb") as file:
        for entry in entries:
            line = json.dumps(entry, ensure_ascii=False).encode() + b"\n"
            digest.update(line)
            file.write(line)
            count, size = count + 1, size + entry.size
        to_disk(file)
    return {"count": count, "bytes": size, "sha256": digest.hexdigest()}


def read_entries(folder):
    """The Entries of the backup in `folder`, one by one."""
    try:
        with (folder / FILES).open("rb") as file:
            for line in file:
                yield _leading_in(Entry(*json.loads(line)))
    except (OSError, ValueError, TypeError, RecursionError) as error:
        raise BackupError(f"{folder.name}: {FILES} is damaged or missing.") from error


def _leading_in(entry):
    """An entry whose names lead into a storage that we back up, and into the store. Raises ValueError or TypeError."""
    name = entry.name
    out = name in {"", ".", ".."} or name.startswith(("/", "../")) or "\x00" in name or posixpath.normpath(name) != name
    if out or entry.storage not in STORAGES or not SHA256.fullmatch(entry.sha256) or type(entry.size) is not int:
        raise ValueError(entry)
    return entry


def digest_of(path):
    """(sha256, size) of a file."""
    with path.open("rb") as file:
        return digest_of_open(file)


def digest_of_open(file):
    digest, size = hashlib.sha256(), 0
    while chunk := file.read(CHUNK):
        digest.update(chunk)
        size += len(chunk)
    return digest.hexdigest(), size


def write_down(path, content):
    with path.open("wb") as file:
        file.write(content)
        to_disk(file)


def to_disk(file):
    """What is written survives a power cut."""
    file.flush()
    os.fsync(file.fileno())


def path_to_disk(path):
    """The same of a file that others have written. Names in a folder survive only when that is on the disk, too."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
