"""The owner's pages without a line: which of them a phone may keep, for whom, and when it must forget them.

The service worker (`worker.py`) keeps what an answer allows by `X-Offline-Keep`, for the person whom `X-Offline-Person`
stands for. Decision 32 says why pages that no cache may store are kept after all.
"""

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render, resolve_url
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_safe

from accounts.links import make_mac

from .guards import private

BELOW = "/my/"
PAGES = {
    "home:front",
    "home:home",
    "home:journey",
    "home:documents",
    "home:guides",
    "home:guide",
    "home:offline",
}


def person_of(user):
    """What stands for a person on their phone: nobody can tell from it who it is."""
    return make_mac("offline", user.pk, 0)


def is_ahead(request):
    """Whether the phone fetches a page to keep it: nobody reads it now."""
    return request.headers.get("X-Offline") == "keep"


def offline(request):
    """Context processor: `offline`, worked out only where a page shows it."""
    return {"offline": SimpleLazyObject(lambda: _offline(request))}


def _offline(request):
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {"person": person_of(user), "is_on": settings.OFFLINE}


class OfflineMiddleware:
    """Says with each answer below /my/ whose it is and whether it may be kept.

    Whoever signs out or in leaves nothing behind in the browser of those before. To the phone that sends by itself what
    waited there, a redirect is told as what it means: done, or nobody is signed in.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if over := getattr(request, "offline_is_over", ""):
            response.headers["Clear-Site-Data"] = over
        if request.path_info.startswith(BELOW):
            response = _told(request, response)
            _mark(request, response)
        return response


def _told(request, response):
    asked = request.headers.get("X-Offline")
    if asked not in {"keep", "send"} or not 300 <= response.status_code < 400:
        return response
    if response.headers.get("Location", "").startswith(resolve_url(settings.LOGIN_URL)):
        return HttpResponse(status=401)
    return HttpResponse(status=204) if asked == "send" else response


def _mark(request, response):
    if not request.user.is_authenticated:
        return
    response.headers["X-Offline-Person"] = person_of(request.user)
    name = request.resolver_match.view_name if request.resolver_match else ""
    if settings.OFFLINE and name in PAGES and response.status_code == 200 and not _is_passing(request):
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


@private
@require_safe
def page(request):
    """What stands in for a page that is not kept: it says so, and lists those that are."""
    return render(request, "home/offline.html")


@require_safe
def state(request):
    """Who is signed in here, and a fresh token for what waits to be sent. 401: nobody."""
    if not request.user.is_authenticated:
        return HttpResponse(status=401)
    return JsonResponse({"person": person_of(request.user), "token": get_token(request)})
