"""Answering public pages from what was rendered before. docs/decisions/0028-page-cache.md says why it is safe."""

import re
from time import monotonic

import structlog
from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.utils.translation import get_language_from_path

from . import generations
from .kept import Answer, Kept

HALF_A_SECOND = 0.5  # so old may the state be that a process knows
FRESH = (
    "public, max-age=0, must-revalidate"  # browsers and proxies may keep it, and ask each time whether it still is so
)
FRAGMENTS = {"HTTP_HX_REQUEST", "HTTP_X_REQUESTED_WITH"}  # whoever asks so may get less than the page
CAMPAIGN = {"utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content"}
PAGE_NUMBER = re.compile(r"[1-9][0-9]{0,3}")


def mark(response):
    """Say that this answer is the same for everybody, so that it may be kept."""
    response.is_public = True
    response.headers["Cache-Control"] = FRESH
    return response


class PageCacheMiddleware:
    """Keeps what is marked as public, for as long as nothing that editors change did, and a minute at most."""

    def __init__(self, get_response):
        if not settings.PAGE_CACHE_SECONDS:
            raise MiddlewareNotUsed
        self.get_response = get_response
        self.kept = Kept()
        self.known = None, float("-inf")  # the site's state, and until when to believe it

    def __call__(self, request):
        key = key_of(request)
        if key is None:
            return self.get_response(request)
        at = monotonic()
        generation = self.generation_at(at)
        answer = self.kept.get(key, generation=generation, at=at)
        if answer is not None:
            structlog.contextvars.bind_contextvars(kept=True)
            return answer.respond(request)
        response = self.get_response(request)
        if not may_be_kept(request, response):
            return response
        answer = Answer.of(response)
        self.kept.put(key, answer, generation=generation, until=at + settings.PAGE_CACHE_SECONDS)
        first = answer.respond(request)
        first._resource_closers.extend(response._resource_closers)
        return first

    def generation_at(self, at):
        generation, until = self.known
        if at >= until:
            generation = generations.current()
            self.known = generation, at + HALF_A_SECOND
        return generation


def key_of(request):
    """What tells one public answer from another, or None: scheme and host (an allowed one), path and page number.

    The language stands in the path. A preview of Wagtail's runs through the middleware at its page's address.
    """
    if request.method not in {"GET", "HEAD"} or getattr(request, "is_dummy", False) or FRAGMENTS & request.META.keys():
        return None
    number = page_number(request) if get_language_from_path(request.path_info) else None
    return None if number is None else (request.scheme, request.get_host(), request.path_info, number)


def page_number(request):
    """The one thing that a query may ask for: "" without it, None where anything else is asked."""
    asked = {name: values for name, values in request.GET.lists() if name not in CAMPAIGN}
    if not asked:
        return ""
    if asked.keys() == {"page"} and len(asked["page"]) == 1 and PAGE_NUMBER.fullmatch(asked["page"][0]):
        return asked["page"][0]
    return None


def may_be_kept(request, response):
    """Whether it is marked, whole and nobody's own: made for no login and no campaign, and without a cookie in it."""
    return (
        getattr(response, "is_public", False)
        and response.status_code == 200
        and request.method == "GET"
        and response.headers.get("Cache-Control") == FRESH
        and not (response.streaming or response.cookies or response.has_header("Vary"))
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
        and not CAMPAIGN & request.GET.keys()
    )
