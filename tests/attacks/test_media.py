"""Ways round to the editors' documents, of which some are not for everybody."""

from pathlib import Path

import pytest
from django.conf import settings

WAYS = [
    "documents/prices.txt",
    "documents%2Fprices.txt",
    "%64ocuments/prices.txt",
    "./documents/prices.txt",
    "images/../documents/prices.txt",
    "images/%2e%2e/documents/prices.txt",
    "/documents/prices.txt",
    "documents//prices.txt",
    "documents/./prices.txt",
    "..%2F{folder}/documents/prices.txt",
    "%2e%2e%2F{folder}%2Fdocuments%2Fprices.txt",
    "{root}/documents/prices.txt",
    "%2F..{root}/documents/prices.txt",
    "..%2F..%2F..{root}/documents/prices.txt",
]


@pytest.fixture
def files(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "media"
    for name in ("documents/prices.txt", "images/lobby.txt"):
        path = Path(settings.MEDIA_ROOT, name)
        path.parent.mkdir(parents=True)
        path.write_text("bytes")
    (tmp_path / "secret.txt").write_text("bytes")


@pytest.mark.parametrize("way", WAYS)
def test_none_leads_to_a_document(client, db, files, way):
    path = way.format(folder=Path(settings.MEDIA_ROOT).name, root=settings.MEDIA_ROOT)
    assert client.get(f"/media/{path}").status_code == 404


@pytest.mark.parametrize(
    "way", ["../secret.txt", "..%2Fsecret.txt", "images/..%2F..%2Fsecret.txt", "{root}/../secret.txt"]
)
def test_none_leads_out_of_the_folder(client, db, files, way):
    assert client.get(f"/media/{way.format(root=settings.MEDIA_ROOT)}").status_code == 404


def test_pictures_are_shown(client, db, files):
    assert b"".join(client.get("/media/images/lobby.txt")) == b"bytes"
