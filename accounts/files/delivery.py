"""How a private file reaches the browser of somebody whom its holder's view has let through."""

import logging
from functools import partial
from urllib.parse import quote

from django.conf import settings
from django.http import FileResponse, Http404, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header

from .images import BOXES, CONTENT_TYPE
from .models import private_storage
from .ranges import answer_in_part

# The only types a browser may show in our name; anything else is saved, not opened.
SHOWN = {"image/jpeg": "jpg", "video/mp4": "mp4", "video/webm": "webm"}
# Saved under their own type: a sandbox keeps browsers from showing a PDF, and without one its scripts would be ours.
SAVED = {
    "application/pdf": "pdf",
    "text/csv": "csv",
    "application/zip": "zip",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
}
POLICY = "default-src 'none'; sandbox"
VIDEO_POLICY = "default-src 'none'; media-src 'self'; sandbox"  # a browser that opens one by itself has to load it
MAX_AGE = 24 * 60 * 60  # what lies under an id never changes
MAX_AGE_OF_STAND_IN = 10  # but the variant that is asked for may be made any moment

log = logging.getLogger(__name__)


def deliver(request, private_file, variant=None, name=None):
    """The answer that carries the file, or `variant` of it: "thumb" or "large", the photo itself until that is made.

    `name`, without an ending, is what it is saved as; by default its id.
    The caller has found the file through its own scope. Knows HEAD and If-None-Match, and Range for videos, without
    which iPhones play none. Raises Http404 for a discarded file, one that is not clean yet or never was, a variant
    that is none, and bytes that are gone. With X_ACCEL_PREFIX the front server sends
    the bytes, and has to add `X-Content-Type-Options` and the policy itself: it drops ours.
    """
    if private_file.deleted_at or not private_file.is_clean or (variant is not None and variant not in BOXES):
        raise Http404
    stored = private_file.shown_as(variant)
    etag = f'"{private_file.sha256[:32]}{stored.variant}"'
    response = get_conditional_response(request, etag=etag) or _with_bytes(request, private_file, stored, name, etag)
    max_age = MAX_AGE if stored.variant == (variant or "") else MAX_AGE_OF_STAND_IN
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = f"private, max-age={max_age}" + (", immutable" if max_age == MAX_AGE else "")
    return response


def _with_bytes(request, private_file, stored, name, etag):
    if settings.X_ACCEL_PREFIX:
        response = HttpResponse()
        response.headers["X-Accel-Redirect"] = f"{settings.X_ACCEL_PREFIX.rstrip('/')}/{quote(stored.name)}"
    elif private_file.is_video and not stored.variant:
        response = answer_in_part(request, stored.size, etag, partial(_open, stored.name))
    elif request.method == "HEAD":
        response = HttpResponse(headers={"Content-Length": stored.size})
    else:
        response = FileResponse(_open(stored.name))
    kind = CONTENT_TYPE if stored.variant else private_file.content_type
    return _described(response, kind, name or private_file.pk)


def _open(name):
    try:
        return private_storage().open(name)
    except FileNotFoundError:
        log.error("The private file %s has a row and no bytes.", name)
        raise Http404 from None


def _described(response, kind, name):
    shown, endings = kind in SHOWN, SHOWN | SAVED
    kind = kind if kind in endings else "application/octet-stream"
    response.headers["Content-Type"] = kind
    response.headers["Content-Disposition"] = content_disposition_header(
        not shown, f"{name}.{endings.get(kind, 'bin')}"
    )
    response.headers["Content-Security-Policy"] = VIDEO_POLICY if kind.startswith("video/") else POLICY
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
