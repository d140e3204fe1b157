"""The service worker, what it fetches ahead, and the manifest: the owner's pages as an app that opens without a line.

Worker and manifest are the same for everybody and tell nothing of anybody.
"""

import hashlib
import json
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.contrib.staticfiles import finders
from django.http import HttpResponse, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from .guides import editions_at, read_at
from .homes import homes_of
from .offline import person_of

PARTS = ("ui/offline/store.js", "ui/offline/worker.js")
OFF = "ui/offline/off.js"
SHELL = (  # what every page is dressed in
    *(f"ui/css/{name}.css" for name in ("portal", "tokens", "base", "layout", "components")),
    *(f"ui/{name}.js" for name in ("ui", "gallery", "offline", "offline/store", "offline/shown")),
    "django_htmx/htmx-2.min.js",
    "ui/icons.svg",
    "ui/art/mark.svg",
)
FILES = ("document", "photo-file", "evidence-photo", "contact-photo", "leaflet-file", "drawing")
A_UUID = "00000000-0000-0000-0000-000000000000"
PAPER = "#f7f6f2"
MOST_GUIDES = 40  # of one home that are fetched before anybody has opened them


@require_safe
def worker(request):
    """Never cached, so that a new version is in every phone with its next page. OFFLINE off: one that goes away."""
    if settings.DEBUG:
        worker_script.cache_clear()
    return HttpResponse(worker_script(is_on=settings.OFFLINE), content_type="text/javascript; charset=utf-8")


@cache
def worker_script(*, is_on):
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
        "files": [_pattern(name) for name in FILES],
        "page": reverse("home:offline"),
        "ahead": reverse("home:offline-ahead"),
    }
    return "\n".join([f"const CONFIG = {json.dumps(config)};", *(part.decode() for part in parts)])


def _read(name):
    return Path(finders.find(name)).read_bytes()


def _pattern(name):
    """A regular expression for the addresses of the files of one kind."""
    addresses = {"photo-file": [A_UUID, "x"], "leaflet-file": [A_UUID, "x"]}
    addresses |= {name: [A_UUID, "x"] for name in ("evidence-photo", "contact-photo")}
    address = reverse(f"home:{name}", args=addresses.get(name, [A_UUID]))
    return "^" + address.replace(A_UUID, "[0-9a-f-]{36}").replace("/x/", "/[-a-z_]+/") + "$"


@login_required
@require_safe
def ahead(request):
    """The pages that a phone fetches before anybody opens them: [[address, edition]], the guides above all.

    An edition is of one language: whoever changes theirs has all of them fetched again.
    """
    pages = [[reverse(f"home:{name}"), get_language()] for name in ("offline", "front")]
    for home in homes_of(request):
        pages += pages_of(request, home)
    return JsonResponse({"person": person_of(request.user), "pages": pages})


def pages_of(request, home):
    """[[address, edition]] of one home, to be read in the basement; guides for today's stage first."""
    language = get_language()
    guides = read_at(request, home, editions_at(home, on=timezone.localdate())[:MOST_GUIDES])
    others = [reverse(f"home:{name}", args=[home.pk]) for name in ("guides", "documents", "home")]
    return [
        *([reverse("home:guide", args=[home.pk, guide.key]), f"{language} {_edition(guide)}"] for guide in guides),
        *([address, language] for address in others),
    ]


def _edition(guide):
    """Changes whenever the text does."""
    return f"{guide.edition.pk} {guide.text.pk} {guide.text.amended_at}"


@require_safe
def manifest(request):
    """What a phone needs to put the portal among its apps. `?lang=` is the reader's language, no cookie comes along."""
    language = request.GET.get("lang")
    names = settings.COMPANY_NAME
    with translation.override(language if language in names else translation.get_language()):
        name = names.get(translation.get_language(), names["en"])
        content = {
            "id": reverse("home:front"),
            "name": name,
            "short_name": name,
            "description": _("Your home: where it stands, what comes next, your papers and guides."),
            "lang": translation.get_language(),
            "start_url": reverse("home:front"),
            "scope": "/",
            "display": "standalone",
            "background_color": PAPER,
            "theme_color": PAPER,
            "icons": [_icon("app-icon-192.png", 192), _icon("app-icon-512.png", 512), _icon("app-mask-512.png", 512)],
        }
    return JsonResponse(content, content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False})


def _icon(name, size):
    purpose = "maskable" if "mask" in name else "any"
    return {"src": static(f"ui/art/{name}"), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
