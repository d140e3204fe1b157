"""Finished answers that a process keeps."""

import gzip
from collections import OrderedDict
from dataclasses import dataclass, field
from hashlib import blake2b
from threading import Lock

from django.http import HttpResponse
from django.utils.cache import get_conditional_response

ENTRIES, BYTES = 1_000, 32 * 1024 * 1024  # of one process, at most


@dataclass(frozen=True)
class Answer:
    """A page as it was rendered, and compressed: it holds no secret that its length could betray."""

    body: bytes
    headers: dict
    etag: str
    zipped: bytes = field(repr=False)

    @classmethod
    def of(cls, response):
        body = response.content
        etag = f'W/"{blake2b(body, digest_size=12).hexdigest()}"'
        headers = {name: value for name, value in response.items() if name != "Content-Length"}
        return cls(body, headers | {"ETag": etag, "Vary": "Accept-Encoding"}, etag, gzip.compress(body, 7, mtime=0))

    @property
    def size(self):
        return len(self.body) + len(self.zipped)

    def respond(self, request):
        """In the form that this visitor takes: compressed, headers alone, or nothing since they have it."""
        zipped = takes_gzip(request.META.get("HTTP_ACCEPT_ENCODING", ""))
        body = self.zipped if zipped else self.body
        response = HttpResponse(b"" if request.method == "HEAD" else body, headers=self.headers)
        response.headers["Content-Length"] = str(len(body))
        if zipped:
            response.headers["Content-Encoding"] = "gzip"
        if "HTTP_IF_NONE_MATCH" in request.META:
            return get_conditional_response(request, etag=self.etag, response=response)
        return response


def takes_gzip(accepted):
    for each in accepted.split(","):
        coding, _, quality = each.partition(";")
        if coding.strip().lower() == "gzip":
            return quality.replace(" ", "").lower() not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return False


class Kept:
    """Answers by key. The one that nobody asked for longest goes first; all go when the site's state is another."""

    def __init__(self, *, entries=ENTRIES, size=BYTES):
        self.most, self.largest = entries, size
        self.answers, self.size, self.generation, self.lock = OrderedDict(), 0, None, Lock()

    def get(self, key, *, generation, at):
        with self.lock:
            self._begin(generation)
            until, answer = self.answers.get(key, (0, None))
            if answer is None:
                return None
            if until <= at:
                self._drop(key)
                return None
            self.answers.move_to_end(key)
            return answer

    def put(self, key, answer, *, generation, until):
        """Keep it, unless the site's state became another while it was made."""
        with self.lock:
            if generation != self.generation or answer.size > self.largest // 16:
                return
            if key in self.answers:
                self._drop(key)
            self.answers[key] = (until, answer)
            self.size += answer.size
            while len(self.answers) > self.most or self.size > self.largest:
                self._drop(next(iter(self.answers)))

    def _begin(self, generation):
        if generation != self.generation:
            self.answers.clear()
            self.size, self.generation = 0, generation

    def _drop(self, key):
        _until, answer = self.answers.pop(key)
        self.size -= answer.size
