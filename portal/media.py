"""Editors' pictures, where no front server has them: in a bucket, or on a machine of one's own."""

import mimetypes
import posixpath

from django.core.exceptions import SuspiciousOperation
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404
from django.views.decorators.http import require_safe

LONGEST = 200  # twice of what a picture may be called
CLOSED = {"documents", "..", ""}  # the folder, and the ways back to it: from above, and from the root of the disk
POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@require_safe
def media(request, path):
    """A picture of the public site. Documents have views of their own, which ask who may read them."""
    if posixpath.normpath(path) != path or len(path) > LONGEST or path.split("/")[0] in CLOSED:
        raise Http404
    try:
        response = FileResponse(default_storage.open(path))
    except (FileNotFoundError, IsADirectoryError, SuspiciousOperation, ValueError):
        raise Http404 from None
    response.headers["Content-Type"] = mimetypes.guess_type(path)[0] or "application/octet-stream"
    response.headers["Cache-Control"] = "public, max-age=3600"
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
