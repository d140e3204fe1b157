"""The Wagtail admin's own doors: closed, or leading to the one log-in that everybody uses."""

from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.http import Http404
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

DESK = "wagtailadmin.access_admin"


def login(request):
    """To the one log-in, and back to where the person wanted to go; nothing that is posted here is looked at."""
    wanted = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure()):
        wanted = reverse("wagtailadmin_home")
    return redirect_to_login(wanted)


def gone(request, *args, **kwargs):
    """There is no such page, whoever asks."""
    raise Http404


def desk_only(view):
    """Nobody is asked to log in; a login without the desk is told that there is no such page.

    Wagtail would send the latter to the log-in as well, which sends back whoever is logged in, for ever.
    """

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not request.user.has_perm(DESK):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded
