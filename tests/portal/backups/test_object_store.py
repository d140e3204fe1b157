"""Files in an object store: into the backup and back, through the same Storage API."""

import pytest

from accounts.files.models import private_storage
from portal.backups.actions import back_up, verify
from portal.backups.store import Store
from tests.accounts.files.object_store import object_store
from tests.accounts.files.test_buckets import bucket  # noqa: F401  a fixture
from tests.factories import NOW

from .conftest import put_back, without_bytes


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """What the bucket's fixture calls its store."""
    with object_store(tmp_path_factory.mktemp("store")) as url:
        yield url


def test_what_lies_in_a_bucket_is_backed_up_and_comes_back(bucket, portal, tmp_path):  # noqa: F811
    folder, manifest = back_up(tmp_path / "backups", at=NOW)
    names = bucket()
    assert (manifest.files["count"], manifest.problems) == (len(names), [])
    verify(Store(folder.parent), folder)
    for name in names:
        private_storage().bucket.Object(name).delete()
    assert bucket() == []
    put_back(folder, replace=True)
    assert (bucket(), without_bytes()) == (names, set())
