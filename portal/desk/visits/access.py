"""Who works with visits: staff whose groups say so, where they are assigned, and at the visits that they make."""

from functools import wraps

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from accounts.events.looks import note_look
from accounts.models import Owner
from portal.visits.models import Visit
from portal.visits.people import household
from progress.designs.people import phones_of

PERMISSION = "visits.change_visit"
TELEPHONES = "accounts.view_owner"


def visiting(view):
    """Logged in, and in a group that makes visits; where, the querysets say. Times are the place's own."""

    @wraps(view)
    @login_required
    def guarded(request, *args, **kwargs):
        if not request.user.has_perm(PERMISSION):
            raise Http404
        with timezone.override(None):
            return view(request, *args, **kwargs)

    return guarded


def visits_of(user):
    return Visit.objects.of_staff(user).with_place()


def own_visit(request, pk):
    visit = get_object_or_404(visits_of(request.user), pk=pk)
    timezone.activate(visit.zone)
    return visit


def telephones(visit, user):
    """[(name, numbers)] of those who expect the visit: for whoever makes it, and who knows customers' numbers anyway.

    Whoever is shown them has looked at a customer's file, so the caller notes it.
    """
    if visit.person_id != user.pk and not user.has_perm(TELEPHONES):
        return []
    if visit.enquiry is not None:
        return [(visit.enquiry.name, [visit.enquiry.phone.as_e164])]
    owners = household(visit)
    numbers = phones_of(owners)
    return [(owner.name, numbers.get(owner.pk, [])) for owner in Owner.objects.filter(pk__in=owners).order_by("name")]


def note_look_at(visit, *, by, at):
    note_look(visit, by=by, home_id=visit.home_id, at=at)
