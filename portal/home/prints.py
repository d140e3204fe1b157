"""Guides on paper: asked for, seen to grow, fetched."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from accounts.files.delivery import deliver
from cms.prints.actions import PrintError, ask_print, is_current
from cms.prints.models import GuidePrint

from .guards import own_home, private
from .guides import editions_at, read_at


@private
@require_safe
def guide_print(request, home_id, key=None):
    """The page one may leave and come back to; without `key`, of the set. htmx asks for the state alone."""
    home = own_home(request, home_id)
    context = {"home": home, "ask_url": _address("ask", home, key), "print": _last(request, home, key)}
    if request.htmx:
        return render(request, "home/guides/print_state.html", context)
    editions = editions_at(home, on=timezone.localdate())
    guides = read_at(request, home, editions.filter(guide_key=key) if key else editions[:1])
    if not guides:
        raise Http404
    return render(request, "home/guides/print.html", context | {"guide": guides[0] if key else None})


def _last(request, home, key):
    """The print that is shown: being made, ready and still true, or failed the last time."""
    theirs = GuidePrint.objects.for_user(request.user).filter(home=home, guide_key=key, language=get_language())
    newest = theirs.exclude(state=GuidePrint.State.GONE).select_related("home__development", "asked_by").first()
    if newest and newest.is_ready and not _is_good(newest, at=timezone.now()):
        return None
    return newest


def _is_good(found, *, at):
    return found.kept_until > at and is_current(found, at=at)


def _address(suffix, home, key):
    name = "guide-print" if key else "prints"
    return reverse(f"home:{name}-{suffix}" if suffix else f"home:{name}", args=[home.pk, key] if key else [home.pk])


@private
@require_POST
def guide_print_ask(request, home_id, key=None):
    home = own_home(request, home_id)
    try:
        ask_print(home, key=key, language=get_language(), by=request.user, at=timezone.now())
    except PrintError as error:
        messages.error(request, str(error))
    return redirect(_address("", home, key))


@login_required
@require_safe
def print_file(request, home_id, pk):
    """The PDF, to be saved; asked for anew each time, since a home can be left."""
    ready = GuidePrint.objects.for_user(request.user).to_be_fetched(at=timezone.now())
    found = get_object_or_404(ready.select_related("file"), pk=pk, home=home_id)
    name = f"guide-{timezone.localtime(found.ready_at):%Y-%m-%d}-{found.language}"
    response = deliver(request, found.file, name=name)
    response.headers["Cache-Control"] = "private, no-cache"
    return response
