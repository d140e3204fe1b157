"""The page behind the link that unsubscribes: it needs no login, and mail programs post to it themselves."""

from django.conf import settings
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from . import unsubscribing
from .messages import language_of


@csrf_exempt  # RFC 8058: the mail program has neither cookie nor token; the link is the proof
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request, notice_id, mac):
    """GET shows what would be switched off; the POST that RFC 8058 names does it, and once more does no harm."""
    now = timezone.now()
    try:
        link = unsubscribing.find(notice_id, mac, at=now)
    except unsubscribing.UnknownLinkError:
        return _page(request, {"state": "unknown"}, status=404)
    except unsubscribing.ExpiredLinkError:
        return _page(request, {"state": "expired"}, status=410)
    state, status = ("done" if link.is_done else "open"), 200
    if request.method == "POST":
        name, value = unsubscribing.BODY
        if request.POST.get(name) == value:
            unsubscribing.unsubscribe(link, at=now)
            state = "done"
        else:
            status = 400
    known = settings.LANGUAGE_COOKIE_NAME in request.COOKIES or request.user.is_authenticated
    with translation.override(translation.get_language() if known else language_of(link.person)):
        return _page(request, {"state": state, "link": link, "body": unsubscribing.BODY}, status=status)


def _page(request, context, *, status):
    """The link is a secret: no other site is told of it."""
    response = render(request, "accounts/unsubscribe.html", context, status=status)
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
