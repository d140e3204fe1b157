"""Whoever makes visits, on a phone: those of today and tomorrow, and what is to be said about each."""

from datetime import timedelta

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.models import one_line
from portal.visits import day
from portal.visits.errors import VisitError
from portal.visits.models import Visit

from .access import note_look_at, own_visit, telephones, visiting, visits_of
from .rows import TONES, by_day, place_of

SHOWN = 100
State = Visit.State


class OutcomeForm(forms.Form):
    """What came of it, for the staff alone."""

    outcome = forms.CharField(
        label=gettext_lazy("What came of it"),
        max_length=300,
        required=False,
        validators=[one_line],
        help_text=gettext_lazy("Only we read it."),
    )


ACTS = {
    "confirm": (day.confirm_visit, gettext_lazy("Confirmed. They have been told.")),
    "way": (day.on_my_way, gettext_lazy("They know that you are on the way. Please ring first.")),
    "arrived": (day.arrive, gettext_lazy("They know that you are there.")),
    "done": (day.finish, gettext_lazy("Done. They have been thanked.")),
    "missed": (day.mark_missed, gettext_lazy("Noted. They have been asked to choose another time.")),
}
CLOSING = ("done", "missed")
# What can be said next, the likeliest first.
NEXT = {
    State.BOOKED: ("confirm", "way"),
    State.CONFIRMED: ("way", "arrived"),
    State.ON_WAY: ("arrived",),
    State.ARRIVED: ("done",),
}
OF_THE_WAY = ("way", "arrived")


@visiting
@require_safe
def my_visits(request):
    """Mine; with `?whose=all` everybody's where I work."""
    now, everybody = timezone.now(), request.GET.get("whose") == "all"
    visits = visits_of(request.user).live().filter(starts__lt=now + timedelta(days=3)).in_order()
    if not everybody:
        visits = visits.filter(person=request.user)
    return render(request, "site/visits/day.html", by_day(visits[:SHOWN], at=now) | {"everybody": everybody})


@visiting
@require_safe
def visit_page(request, pk):
    return _page(request, own_visit(request, pk), OutcomeForm())


def _page(request, visit, form):
    reached = telephones(visit, request.user)
    if reached:
        note_look_at(visit, by=request.user, at=timezone.now())
    context = {
        "visit": visit,
        "form": form,
        "reached": reached,
        "place": place_of(visit),
        "tone": TONES.get(visit.state, "quiet"),
        "acts": [act for act in NEXT.get(visit.state, ()) if not (visit.at_ours and act in OF_THE_WAY)],
        "begun": visit.is_live and visit.starts <= timezone.now() + day.NEAR,
    }
    return render(request, "site/visits/visit.html", context)


@visiting
@require_POST
def visit_act(request, pk, act):
    """Say it, and come back to the visit. Said twice, nothing changes."""
    if act not in ACTS:
        raise Http404
    visit, (do, said), given = own_visit(request, pk), ACTS[act], {}
    if act in CLOSING:
        form = OutcomeForm(request.POST)
        if not form.is_valid():
            return _page(request, visit, form)
        given = form.cleaned_data
    try:
        do(visit, by=request.user, at=timezone.now(), **given)
        messages.success(request, said)
    except VisitError as error:
        messages.error(request, str(error))
    return redirect("site:visit", visit.pk)
