from types import SimpleNamespace

import pytest
from django.http import Http404
from django.test import RequestFactory

from accounts.files.actions import discard, make_variants, store_image
from accounts.files.delivery import deliver
from accounts.files.models import PrivateFile, private_storage

from .pictures import photo

IMMUTABLE = "private, max-age=86400, immutable"


@pytest.fixture
def stored(db):
    return store_image(photo(width=800, height=600), by=None)


@pytest.fixture
def made(stored):
    make_variants(stored)
    stored.refresh_from_db()
    return stored


def get(file, variant=None, method="get", **headers):
    request = getattr(RequestFactory(), method)("/", headers=headers)
    return deliver(request, file, variant)


def body(response):
    content = b"".join(response)
    response.close()
    return content


def test_the_headers_of_a_photo(stored):
    response = get(stored)
    with stored.file.open() as file:
        assert body(response) == file.read()
    assert dict(response.headers) == {
        "Content-Type": "image/jpeg",
        "Content-Length": str(stored.size),
        "Content-Disposition": f'inline; filename="{stored.pk}.jpg"',
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "ETag": f'"{stored.sha256[:32]}"',
        "Cache-Control": IMMUTABLE,
    }


@pytest.mark.parametrize("variant", ["thumb", "large"])
def test_a_variant_once_it_is_made(made, variant):
    response = get(made, variant)
    assert len(body(response)) == made.variants[variant]["size"]
    assert (response.headers["ETag"], response.headers["Cache-Control"]) == (
        f'"{made.sha256[:32]}{variant}"',
        IMMUTABLE,
    )


def test_the_photo_stands_in_for_a_variant_and_is_not_kept_long(stored):
    response = get(stored, "thumb")
    assert len(body(response)) == stored.size
    assert response.headers["Cache-Control"] == "private, max-age=10"


def test_what_the_browser_has_is_not_sent_again(made):
    etag = get(made, "thumb", "head").headers["ETag"]
    response = get(made, "thumb", if_none_match=etag)
    assert (response.status_code, response.content, response.headers["Cache-Control"]) == (304, b"", IMMUTABLE)
    assert get(made, "large", "head", if_none_match=etag).status_code == 200


def test_head_says_all_and_sends_nothing(stored):
    shown, asked = get(stored), get(stored, method="head")
    assert (dict(asked.headers), asked.content) == (dict(shown.headers), b"")
    shown.close()


@pytest.mark.parametrize("method", ["get", "head"])
@pytest.mark.parametrize("prefix", ["/private-files", "/private-files/"])
def test_the_front_server_sends_the_bytes(made, settings, prefix, method):
    settings.X_ACCEL_PREFIX = prefix
    response = get(made, "thumb", method)
    assert (response.headers["X-Accel-Redirect"], response.content) == (
        f"/private-files/{made.variants['thumb']['name']}",
        b"",
    )
    assert (response.headers["Content-Type"], response.headers["Cache-Control"]) == ("image/jpeg", IMMUTABLE)


@pytest.mark.parametrize("variant", ["huge", "", "../thumb"])
def test_an_unknown_variant_is_not_found(stored, variant):
    with pytest.raises(Http404):
        get(stored, variant)


def test_a_discarded_file_is_not_found(stored):
    discard(stored)
    with pytest.raises(Http404):
        get(stored)


def test_bytes_that_are_gone_are_not_found_and_logged(stored, caplog):
    private_storage().delete(stored.file.name)
    with pytest.raises(Http404):
        get(stored)
    assert caplog.messages == [f"The private file {stored.file.name} has a row and no bytes."]


@pytest.mark.parametrize("content_type", ["text/html", "image/svg+xml", "application/x-tar", ""])
def test_another_type_is_saved_and_never_shown(stored, content_type):
    PrivateFile.objects.update(content_type=content_type)
    stored.refresh_from_db()
    response = get(stored)
    response.close()
    assert (response.headers["Content-Type"], response.headers["Content-Disposition"]) == (
        "application/octet-stream",
        f'attachment; filename="{stored.pk}.bin"',
    )


def test_only_the_storage_api_is_used(made, monkeypatch):
    """An object store has no paths."""
    opened = []
    storage = SimpleNamespace(open=lambda name: opened.append(name) or private_storage().open(name))
    monkeypatch.setattr("accounts.files.delivery.private_storage", lambda: storage)
    body(get(made, "large"))
    assert opened == [made.variants["large"]["name"]]
