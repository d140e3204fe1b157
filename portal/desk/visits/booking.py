"""Staff book, move and cancel visits: for an owner on the telephone, or for whoever enquired."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.visits.asking import ask_for_visit
from portal.visits.booking import assign_visit, book_visit, cancel_visit, move_visit
from portal.visits.errors import VisitError
from portal.visits.models import VisitKind
from progress.enquiries.models import Enquiry
from progress.models import Home

from ..scoped import within
from .access import own_visit, visiting
from .forms import AssignForm, HomeForm, WhatForm, WhenForm, WishForm


@visiting
def new(request):
    """Which home: then what, who and when."""
    form = HomeForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        return redirect("desk_visit:book", form.cleaned_data["home"].pk)
    return render(request, "desk/visits/new.html", {"form": form, "media": form.media})


@visiting
def book(request, home_id):
    home = get_object_or_404(within(Home, request.user).with_place(), pk=home_id)
    return _book(request, home=home, enquiry=None)


@visiting
def book_enquiry(request, enquiry_id):
    """For somebody who has no home with us yet: told by the address and the number that they gave."""
    enquiry = get_object_or_404(within(Enquiry, request.user).select_related("development"), pk=enquiry_id)
    return _book(request, home=None, enquiry=enquiry)


def _book(request, *, home, enquiry):
    place = (home or enquiry).development
    timezone.activate((enquiry or place).time_zone)
    what = WhatForm(request.GET, place=place)
    kind, person = _chosen(what)
    form = WhenForm(_posted(request), home=home, enquiry=enquiry, kind=kind, person=person, at=timezone.now())
    if request.method == "POST" and form.is_valid():
        given = {"by": request.user, "at": timezone.now(), "by_staff": True, "home": home, "enquiry": enquiry}
        visit = _try(form, book_visit, kind=kind, person=person, **given, **form.cleaned_data)
        if visit:
            messages.success(request, _("Booked. They have been told."))
            return redirect("desk_visit:inspect", visit.pk)
    context = {"home": home, "enquiry": enquiry, "what": what, "form": form, "kind": kind}
    context["wish"] = WishForm(initial={"kind": kind}) if home else None
    return render(request, "desk/visits/book.html", context)


def _chosen(what):
    """(kind, person) that the list of times is for; what makes no sense counts as not said."""
    given = what.cleaned_data if what.is_valid() else {}
    return given.get("kind") or VisitKind.SURVEY, given.get("person")


def _posted(request):
    return request.POST if request.method == "POST" else None


def _try(form, act, *args, **given):
    """What the action returns; None where it refuses, its words on the form."""
    try:
        return act(*args, **given)
    except VisitError as error:
        form.add_error(None, str(error))
        return None


@visiting
@require_POST
def ask(request, home_id):
    """The household chooses the time by themselves."""
    home = get_object_or_404(within(Home, request.user).with_place(), pk=home_id)
    form = WishForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        within_days = (None, given["not_after"])
        try:
            visit = ask_for_visit(
                visit_id=given["visit_id"],
                kind=given["kind"],
                home=home,
                within=within_days,
                by=request.user,
                at=timezone.now(),
            )
            messages.success(request, _("They have been asked to choose a time."))
            return redirect("desk_visit:inspect", visit.pk)
        except VisitError as error:
            messages.error(request, str(error))
    else:
        messages.error(request, _("Please look at the form again."))
    return redirect("desk_visit:book", home.pk)


@visiting
def move(request, pk):
    """Another time for one that is booked; the first one for what was asked for."""
    visit, now = own_visit(request, pk), timezone.now()
    what = WhatForm(request.GET, place=visit.development, fixed=visit.kind)
    _kind, person = _chosen(what)
    place = {"home": visit.home, "enquiry": visit.enquiry}
    form = WhenForm(_posted(request), kind=visit.kind, person=person, at=now, visit=visit, **place)
    if request.method == "POST" and form.is_valid():
        given = {"person": person, "by": request.user, "at": now, "by_staff": True, **form.cleaned_data}
        if visit.is_asked:
            done = _try(form, book_visit, visit_id=visit.pk, kind=visit.kind, owner=visit.owner, **place, **given)
        else:
            done = _try(form, move_visit, visit, **given)
        if done:
            messages.success(request, _("It has its time. They have been told."))
            return redirect("desk_visit:inspect", pk)
    return render(request, "desk/visits/move.html", {"visit": visit, "what": what, "form": form})


@visiting
@require_POST
def cancel(request, pk):
    return _act(request, pk, _("Cancelled. They have been told."), cancel_visit, by_staff=True)


@visiting
@require_POST
def assign(request, pk):
    form = AssignForm(request.POST, visit=own_visit(request, pk))
    if not form.is_valid():
        messages.error(request, _("Please choose a colleague."))
        return redirect("desk_visit:inspect", pk)
    said = _("Somebody else comes now. All of them have been told.")
    return _act(request, pk, said, assign_visit, **form.cleaned_data)


def _act(request, pk, said, act, **given):
    try:
        act(own_visit(request, pk), by=request.user, at=timezone.now(), **given)
        messages.success(request, said)
    except VisitError as error:
        messages.error(request, str(error))
    return redirect("desk_visit:inspect", pk)
