"""Who sees checks and their forms on the desk: staff whose groups open them; forms change who works everywhere."""

from functools import wraps

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from portal.care.checks.models import Check, CheckForm

from ..scoped import EverywherePolicy, ScopedPolicy, register, within, works_everywhere

SEE, CHANGE_FORM = "care_checks.view_check", "care_checks.change_checkform"


class FormPolicy(EverywherePolicy):
    """A form counts in all developments: whoever makes checks reads it."""

    def user_has_permission(self, user, action):
        everywhere = works_everywhere(user) or action == "view"
        return ScopedPolicy.user_has_permission(self, user, action) and everywhere


register(Check, ScopedPolicy(Check, "development"))
register(CheckForm, FormPolicy(CheckForm, "pk"))


def seeing(permission=SEE):
    """Decorator: a page for staff whose groups say so, in the company's time."""

    def decorate(view):
        @wraps(view)
        @login_required
        def guarded(request, *args, **kwargs):
            if not request.user.has_perm(permission):
                raise Http404
            with timezone.override(None):
                return view(request, *args, **kwargs)

        return guarded

    return decorate


def may_write(user):
    return user.has_perm(CHANGE_FORM) and works_everywhere(user)


def seen_check(request, pk):
    rows = within(Check, request.user).select_related(
        "home__development", "home__building", "development", "form", "visit__person", "promise", "filled_by", "pdf"
    )
    return get_object_or_404(rows, pk=pk)


def seen_form(request, pk):
    return get_object_or_404(within(CheckForm, request.user).select_related("made_by"), pk=pk)


def own_form(request, pk):
    """A version that this person may decide on; 404 for any other."""
    if not may_write(request.user):
        raise Http404
    return seen_form(request, pk)
