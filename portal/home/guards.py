"""What every page of an owner starts with: logged in, never in a shared cache, a home of one's own."""

from functools import wraps

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.utils import timezone
from django.views.decorators.cache import cache_control

from .homes import homes_of


def private(view):
    """Logged in, never kept by a shared cache, and shown in the home's own time zone."""

    @wraps(view)
    @login_required
    @cache_control(private=True, no_store=True)
    def wrapped(request, *args, **kwargs):
        with timezone.override(None):
            return view(request, *args, **kwargs)

    return wrapped


def own_home(request, home_id):
    home = next((home for home in homes_of(request) if home.pk == home_id), None)
    if home is None:
        raise Http404
    timezone.activate(home.development.time_zone)
    request.home = home
    return home


def show_home(request, home_id):
    """Let the page's frame name this home, as long as it is the person's: what is left of a former one has none."""
    home = next((home for home in homes_of(request) if home.pk == home_id), None)
    if home is not None:
        request.home = home
