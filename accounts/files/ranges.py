"""Parts of a file (RFC 9110, 14): players ask for a video bit by bit, and those of iPhones play nothing else."""

import re

from django.http import FileResponse, HttpResponse

RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})", re.ASCII)


class Part:
    """`length` bytes of an open file, from `first` on: what a response reads, and closes."""

    def __init__(self, file, first, length):
        self.file, self.left = file, length
        self.file.seek(first)

    def read(self, size=-1):
        found = self.file.read(self.left if size < 0 else min(size, self.left))
        self.left -= len(found)
        return found

    def close(self):
        self.file.close()


def answer_in_part(request, size, etag, opened):
    """The part that is asked for, or all of it; `opened()` is the file. Several parts at once are answered with all."""
    asked = _asked_for(request, etag)
    first, last = _within(size, *asked) if asked else (0, size - 1)
    if first > last:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}", "Accept-Ranges": "bytes"})
    length = last - first + 1
    response = HttpResponse() if request.method == "HEAD" else FileResponse(Part(opened(), first, length))
    response.headers["Content-Length"], response.headers["Accept-Ranges"] = length, "bytes"
    if asked:
        response.status_code = 206
        response.headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    return response


def _asked_for(request, etag):
    """The two numbers of the header, as it has them; None where it has to be passed over."""
    found = RANGE.fullmatch(request.headers.get("Range", ""))
    if request.method != "GET" or not found or found.groups() == ("", ""):
        return None
    return found.groups() if request.headers.get("If-Range", etag) == etag else None


def _within(size, first, last):
    """The first and the last byte; the first comes after the last where the file has no such part."""
    if not first:
        return max(0, size - int(last)), size - 1
    return int(first), min(int(last or size), size - 1)
