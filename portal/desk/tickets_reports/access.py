"""Who sees the figures of tickets and the patterns: whoever sees tickets; whoever may change patterns acts on them."""

from functools import wraps

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from portal.tickets.models import Ticket
from portal.tickets.patterns.models import Pattern
from progress import scope

from ..scoped import ScopedPolicy, register, within

CHANGE = "ticket_patterns.change_pattern"
register(Pattern, ScopedPolicy(Pattern, "development"))


def _guarding(may):
    def decorate(view):
        @wraps(view)
        @login_required
        def guarded(request, *args, **kwargs):
            if not may(request.user):
                raise Http404
            with timezone.override(None):
                return view(request, *args, **kwargs)

        return guarded

    return decorate


looking = _guarding(lambda user: scope.may_view(user, Ticket))
seeing_patterns = _guarding(lambda user: scope.may_view(user, Pattern))
acting = _guarding(lambda user: user.has_perm(CHANGE))


def own_pattern(request, pk):
    """Of the developments where this person works. Sets the time zone."""
    pattern = get_object_or_404(within(Pattern, request.user).with_place(), pk=pk)
    timezone.activate(pattern.development.time_zone)
    return pattern
