"""Who does checks: staff whose groups change them, where they are assigned."""

from functools import wraps

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from portal.care.checks.models import Check, ResultPhoto
from progress import scope

PERMISSION = "care_checks.change_check"


def checking(view):
    """Logged in, and in a group that does checks; where, the querysets say. Times are the place's own."""

    @wraps(view)
    @login_required
    def guarded(request, *args, **kwargs):
        if not request.user.has_perm(PERMISSION):
            raise Http404
        with timezone.override(None):
            return view(request, *args, **kwargs)

    return guarded


def checks_of(user):
    """Checks of the developments where this person works, but for those that owners make themselves."""
    checks = Check.objects.filter(scope.of_assigned(user, Check, "development"), self_check=False)
    return checks.select_related(
        "home__development", "home__building", "development", "form", "visit__person", "promise"
    )


def own_check(request, pk):
    check = get_object_or_404(checks_of(request.user), pk=pk)
    timezone.activate(check.development.time_zone)
    return check


def own_photo(request, pk):
    photos = ResultPhoto.objects.filter(result__check_of__in=checks_of(request.user).order_by().values("pk"))
    return get_object_or_404(photos.select_related("file"), pk=pk)
