"""Pages without a line: which of them a phone may keep, for whom, and when it must forget them.

One mechanism for everybody. Each `Area`, the owners' pages and those of staff on phones, has its service worker
(`worker.py`), which keeps what an answer allows by `X-Offline-Keep`, for the person whom `X-Offline-Person` stands for;
store and queue are one. Decision 32 says why pages that no cache may store are kept after all.
"""

from dataclasses import dataclass, field

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_safe

from accounts.links import make_mac

OWNERS = "/my/"
DOORS = "/account/"  # the log-in, and the second factor: what is sent there has not arrived


@dataclass(frozen=True, eq=False)
class Area:
    """What lies below one address: which of its pages are kept (names of views), and which addresses are files.

    `files`: {name of a view: what stands for its arguments}; without any, no picture is kept either. Its namespace
    names the views `worker`, `offline` (the page that stands in for others) and `offline-ahead`.
    """

    below: str
    namespace: str
    pages: set
    files: dict = field(default_factory=dict)

    def address(self, name):
        return reverse(f"{self.namespace}:{name}")


_areas = {}


def register(area):
    """Called by the app that has the pages, in `AppConfig.ready`."""
    _areas[area.below] = area


def area_of(path):
    """The area in which an address lies, or None."""
    return next((area for below, area in _areas.items() if path.startswith(below)), None)


def person_of(user):
    """What stands for a person on their phone: nobody can tell from it who it is."""
    return make_mac("offline", user.pk, 0)


def is_ahead(request):
    """Whether the phone fetches a page to keep it: nobody reads it now."""
    return request.headers.get("X-Offline") == "keep"


def is_sent(request):
    """Whether the phone's queue sends what was written earlier: nobody sees a page in answer.

    JSON with `said` in it, of whatever status, is shown to the person in those words.
    """
    return request.headers.get("X-Offline") == "send"


def offline(request):
    """Context processor: `offline`, worked out only where a page shows it."""
    return {"offline": SimpleLazyObject(lambda: _offline(request))}


def _offline(request):
    user = getattr(request, "user", None)
    area = area_of(request.path_info) or area_of(OWNERS)
    if user is None or area is None or not user.is_authenticated:
        return {}
    worker = area.address("worker") if settings.OFFLINE else ""
    return {"person": person_of(user), "scope": area.below, "page": area.address("offline"), "worker": worker}


class OfflineMiddleware:
    """Says with each answer of an area whose it is and whether it may be kept.

    Whoever signs out or in leaves nothing behind in the browser of those before. To the phone that sends by itself what
    waited there, a redirect is told as what it means: done, or nobody is signed in.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if over := getattr(request, "offline_is_over", ""):
            response.headers["Clear-Site-Data"] = over
        if area := area_of(request.path_info):
            response = _told(request, response)
            _mark(request, response, area)
        return response


def _told(request, response):
    asked = request.headers.get("X-Offline")
    if asked not in {"keep", "send"} or not 300 <= response.status_code < 400:
        return response
    door = DOORS if asked == "send" else resolve_url(settings.LOGIN_URL)
    if response.headers.get("Location", "").startswith(door):
        return HttpResponse(status=401)
    return HttpResponse(status=204) if asked == "send" else response


def _mark(request, response, area):
    if not request.user.is_authenticated:
        return
    response.headers["X-Offline-Person"] = person_of(request.user)
    name = request.resolver_match.view_name if request.resolver_match else ""
    if settings.OFFLINE and name in area.pages and response.status_code == 200 and not _is_passing(request):
        response.headers["X-Offline-Keep"] = "page"


def _is_passing(request):
    """A part of a page, or one that says "Thank you": once, not for seven days."""
    return bool(getattr(request, "htmx", None)) or getattr(getattr(request, "_messages", None), "used", False)


def signed_out(sender, request, **kwargs):
    """A receiver: what the browser holds of this person goes, cached photos and papers included."""
    if request is not None:
        request.offline_is_over = '"cache", "storage"'


def signed_in(sender, request, **kwargs):
    """A receiver: what somebody else has left in this browser goes."""
    if request is not None:
        request.offline_is_over = '"storage"'


@require_safe
def state(request):
    """Who is signed in here, and a fresh token for what waits to be sent. 401: nobody."""
    if not request.user.is_authenticated:
        return HttpResponse(status=401)
    return JsonResponse({"person": person_of(request.user), "token": get_token(request)})
