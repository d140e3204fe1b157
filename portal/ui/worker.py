"""The service worker of an area: pages that open without a line. It is the same for everybody and tells of nobody."""

import hashlib
import json
import re
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_safe

from .offline import area_of

PARTS = ("ui/offline/store.js", "ui/offline/worker.js")
OFF = "ui/offline/off.js"
SHELL = (  # what every page is dressed in
    *(f"ui/css/{name}.css" for name in ("portal", "tokens", "base", "layout", "components")),
    *(f"ui/{name}.js" for name in ("ui", "gallery", "upload", "gate", "tickets", "offline")),
    *(f"ui/offline/{name}.js" for name in ("store", "shown", "away")),
    "django_htmx/htmx-2.min.js",
    "ui/icons.svg",
    "ui/art/mark.svg",
)
A_UUID = "00000000-0000-0000-0000-000000000000"


@require_safe
def worker(request):
    """Never cached, so that a new version is in every phone with its next page. OFFLINE off: one that goes away."""
    if settings.DEBUG:
        worker_script.cache_clear()
    script = worker_script(area_of(request.path_info), is_on=settings.OFFLINE)
    return HttpResponse(script, content_type="text/javascript; charset=utf-8")


@cache
def worker_script(area, *, is_on):
    if not is_on:
        return _read(OFF).decode()
    parts = [_read(name) for name in PARTS]
    shell = {name: static(name) for name in SHELL}
    seed = hashlib.sha256(repr(sorted(shell.values())).encode())
    for content in [*parts, *(_read(name) for name in SHELL)]:
        seed.update(content)
    config = {
        "version": seed.hexdigest()[:12],
        "shell": list(shell.values()),
        "static": settings.STATIC_URL,
        "media": settings.MEDIA_URL,
        "files": [_pattern(name, arguments) for name, arguments in area.files.items()],
        "page": area.address("offline"),
        "ahead": area.address("offline-ahead"),
    }
    return "\n".join([f"const CONFIG = {json.dumps(config)};", *(part.decode() for part in parts)])


def _read(name):
    return Path(finders.find(name)).read_bytes()


def _pattern(name, arguments):
    """A regular expression for the addresses of the files of one kind."""
    address = re.escape(reverse(name, args=arguments)).replace(re.escape(A_UUID), "[0-9a-f-]{36}")
    return f"^{address.replace('/x/', '/[-a-z_]+/')}$"
