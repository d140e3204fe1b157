"""The owner's dates in their own calendar: the page about it, one date as a file, the address without a login."""

from hashlib import sha256

import segno
from allauth.core.internal import ratelimit
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_POST, require_safe

from accounts.links import check_mac
from progress.feeds import actions, ics
from progress.feeds.actions import FeedError
from progress.feeds.models import Feed

from .guards import private
from .homes import homes_of


def _own_feed(request):
    """Their address as it is, alive or not; None where there never was one."""
    return Feed.objects.for_user(request.user).select_related("owner__user").first()


@private
@require_safe
def feed(request):
    """What it is, the address as often as one wants to see it, and the ways to end it."""
    homes, found = [home for home in homes_of(request) if home.is_followed], _own_feed(request)
    alive = found if found and found.is_alive and found.opens(at=timezone.now()) else None
    if not homes and not alive:
        raise Http404
    return render(request, "home/feed.html", {"feed": alive, "homes": homes, **(_ways_in(alive) if alive else {})})


def _ways_in(feed):
    link = settings.BASE_URL + feed.path
    subscribe = "webcal://" + link.split("://", 1)[1]
    code = segno.make(subscribe, error="m").svg_inline(scale=5, border=3, light="#fff", svgclass=None, lineclass=None)
    return {"link": link, "subscribe": subscribe, "code": mark_safe(code)}  # noqa: S308  of digits and strokes


@private
@require_POST
def make(request):
    owner = getattr(request.user, "owner", None)
    if owner is None:
        raise Http404
    try:
        actions.make_feed(owner, by=request.user, at=timezone.now())
        messages.success(request, _("This is the address of your calendar."))
    except FeedError as error:
        raise Http404 from error
    return redirect("home:feed")


@private
@require_POST
def renew(request):
    found = get_object_or_404(Feed.objects.for_user(request.user))
    try:
        actions.renew_address(found, by=request.user, at=timezone.now())
        messages.success(request, _("This is the new address. The one before it answers no more."))
    except FeedError as error:
        messages.error(request, str(error))
    return redirect("home:feed")


@private
@require_POST
def switch_off(request):
    found = get_object_or_404(Feed.objects.for_user(request.user))
    actions.switch_off(found, by=request.user, at=timezone.now())
    messages.success(request, _("The address answers no more. Please delete the calendar on your devices, too."))
    return redirect("home:feed" if any(home.is_followed for home in homes_of(request)) else "home:front")


def handed_out(user):
    """The keys of the dates that calendars of this person may hold."""
    return actions.keys_handed_out(user.owner)


@private
@require_safe
def date_file(request, kind, pk):
    """One date, to be put into a calendar; one that was withdrawn since, to be taken out of it again."""
    owner = getattr(request.user, "owner", None)
    entry = actions.entry_of(owner, f"{kind}:{pk}", at=timezone.now()) if owner else None
    if entry is None:
        raise Http404
    response = HttpResponse(ics.calendar_file(entry), content_type=f"{ics.CONTENT_TYPE}; method={ics.method_of(entry)}")
    response.headers["Content-Disposition"] = 'attachment; filename="date.ics"'
    return response


@require_safe
def calendar(request, pk, mac):
    """What a calendar fetches, by the address alone. A wrong, an old and an ended address are not told apart."""
    now = timezone.now()
    found = Feed.objects.select_related("owner__user").filter(pk=pk).first()
    if not check_mac("feed", pk, found.version if found else 0, mac) or not found.opens(at=now):
        allowed = _is_allowed(request, "unknown_feed")
        return _bare(HttpResponse(status=404 if allowed else 429, content_type="text/plain"), "no-store")
    if not _is_allowed(request, "feed", key=str(found.pk)):
        return _bare(HttpResponse(status=429, headers={"Retry-After": "3600"}, content_type="text/plain"), "no-store")
    entries = actions.entries_of(found, at=now)
    actions.note_fetch(found, at=now)
    with override(found.owner.reading_language):
        body = ics.feed_file(entries)
    response = HttpResponse(body, content_type=ics.CONTENT_TYPE)
    response.headers["ETag"] = etag = quote_etag(sha256(body).hexdigest())
    return _bare(get_conditional_response(request, etag=etag, response=response), "no-cache")


def _is_allowed(request, action, **by):
    return ratelimit.consume(request, app="allauth.account", action=action, limit_get=True, **by) is not None


def _bare(response, caching):
    """For programs, and for nobody's index or shared cache."""
    response.headers["Cache-Control"] = f"private, {caching}"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
