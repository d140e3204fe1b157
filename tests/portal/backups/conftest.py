"""A portal with people and files in it, what may befall it, and the commands."""

import hashlib
import shutil
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import connection
from wagtail.images.models import Image

from accounts.files.actions import make_variants, store_image
from accounts.files.models import PrivateFile, private_storage
from portal.backups.actions import back_up
from portal.backups.restoring import check, restore
from portal.backups.store import find
from tests.accounts.files.pictures import encoded, photo
from tests.factories import NOW, OwnerFactory


@pytest.fixture
def store(tmp_path):
    return tmp_path / "backups"


@pytest.fixture
def portal(transactional_db):
    """Two owners, a photo with its variants, a photo without, and an editor's picture."""
    OwnerFactory.create_batch(2)
    with_variants, without = (store_image(photo(color=(shade, 40, 40)), by=None) for shade in (90, 180))
    make_variants(with_variants)
    Image.objects.create(title="Roof", file=ContentFile(encoded(), "roof.jpg"), width=64, height=48)
    return [with_variants, without]


@pytest.fixture
def lose_everything(copies):
    """A function after which there is neither database nor file."""

    def lose():
        copies.remove()
        if connection.vendor == "postgresql":
            copies._server(f"CREATE DATABASE {copies.name}")
        for folder in (settings.PRIVATE_ROOT, settings.MEDIA_ROOT):
            shutil.rmtree(folder, ignore_errors=True)
        forget()

    yield lose
    ContentType.objects.clear_cache()


def forget():
    """What this process remembers of the old database."""
    cache.clear()
    ContentType.objects.clear_cache()


@pytest.fixture
def made(portal, store):
    """A backup of the portal, made at NOW: its folder."""
    return back_up(store, at=NOW)[0]


@pytest.fixture
def command():
    """Run a command of manage.py; returns what it said."""

    def run(*arguments, **options):
        said = StringIO()
        call_command(*map(str, arguments), stdout=said, stderr=said, **options)
        return said.getvalue()

    return run


def put_back(folder, *, at=NOW, replace=False):
    """Restore as the command does. Returns how many messages are held."""
    store, (backup,) = find(folder)
    held = restore(check(store, backup), replace=replace, at=at)
    forget()
    return held


def digest_of_bytes(content):
    return hashlib.sha256(content).hexdigest()


def stored():
    """{name: bytes} of all private files in the storage, without what a killed process began."""
    root = Path(settings.PRIVATE_ROOT)
    files = (path for path in sorted(root.rglob("*")) if path.is_file() and path.suffix != ".partial")
    return {str(path.relative_to(root)): path.read_bytes() for path in files}


def without_bytes():
    """The names that kept rows have and the storage has not."""
    rows = PrivateFile.objects.kept()
    names = {name for row in rows for name in [row.file.name, *(made["name"] for made in row.variants.values())]}
    return {name for name in names if not private_storage().exists(name)}
