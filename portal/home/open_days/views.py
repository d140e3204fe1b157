"""Open days as owners find them: all of a home, and one with its times, on whose page they book or stand in line."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.notices.actions import mark_read_about
from portal.bookings import booking as actions
from portal.bookings import waiting
from portal.bookings.errors import BookingError
from portal.home.guards import own_home, private
from portal.home.visits.section import visits_at
from portal.ui.offline import is_ahead

from .forms import ComeForm, party_of
from .own import bookings_at, entries_at, followed_home, open_days_of, own_open_day
from .slots import choices_of

A_PAGE = 20


@private
@require_safe
def visits(request, home_id):
    """Where one has to be, and where one may go. Tenants find their own visits alone."""
    home, now = own_home(request, home_id), timezone.now()
    context = {"home": home, "now": now, **visits_at(request, home)}
    if home.is_followed:
        context |= _open_days_at(request, home, at=now)
    return render(request, "home/open_days/visits.html", context)


def _open_days_at(request, home, *, at):
    """Bookings still to come, places in lines, open days to choose from; behind them what is past."""
    bookings = bookings_at(request.user, home).select_related("slot", "open_day__development")
    entries = list(entries_at(request.user, home).live().with_slot().order_by("slot__starts", "pk"))
    coming = list(bookings.live().filter(slot__ends__gt=at).order_by("slot__starts", "pk"))
    days = open_days_of(request.user).open_to(home).published().upcoming(at=at).select_related("development")
    known = {booking.open_day_id for booking in coming}
    past = bookings.exclude(pk__in=[booking.pk for booking in coming]).order_by("-slot__starts", "pk")
    return {
        "coming": coming,
        "offers": [entry for entry in entries if entry.is_offered],
        "lines": [entry for entry in entries if entry.is_waiting],
        "open_days": [day for day in days if day.pk not in known],
        "past": Paginator(past, A_PAGE).get_page(request.GET.get("page")),
    }


@private
@require_safe
def open_day(request, home_id, pk):
    home = followed_home(request, home_id)
    day = own_open_day(request, home, pk)
    if request.method == "GET" and not is_ahead(request):
        mark_read_about(day, user=request.user, at=timezone.now())
    return _page(request, home, day, ComeForm(open_day=day, initial={"slot": request.GET.get("time")}))


def _page(request, home, day, form):
    now = timezone.now()
    bookings = list(bookings_at(request.user, home).live().filter(open_day=day).select_related("slot").order_by("slot"))
    entries = list(entries_at(request.user, home).live().filter(slot__open_day=day).select_related("slot"))
    booked = bookings[0] if bookings and day.one_per_home else None
    if booked and not form.is_bound:
        form.initial |= party_of(booked)
    choices = choices_of(day, at=now, bookings=bookings, entries=entries, people=form.people)
    days = {timezone.localdate(choice.slot.starts) for choice in choices if choice.slot.is_open}
    may_wait = any(choice.may_wait and not (booked and choice.fits) for choice in choices)
    context = {
        "home": home,
        "open_day": day,
        "form": form,
        "choices": choices,
        "days": sorted(days),
        "minutes": _minutes(choices),
        "bookings": bookings,
        "lines": [(entry, waiting.position(entry)) for entry in entries],
        "booked": booked,
        "takes_bookings": day.takes_bookings(at=now) and any(choice.is_open for choice in choices),
        "is_over": day.is_over(at=now),
        "now": now,
        "chosen": _chosen(form, choices, only_full=booked is not None),
        "page": day.page and day.page.in_language(get_language()),
        "may_come": not booked or may_wait,
        "may_wait": may_wait,
    }
    return render(request, "home/open_days/open_day.html", context)


def _minutes(choices):
    """How long a visit takes; None where the times differ."""
    found = {int((choice.slot.ends - choice.slot.starts).total_seconds() // 60) for choice in choices}
    return found.pop() if len(found) == 1 else None


def _chosen(form, choices, *, only_full):
    """The id of the time that is marked: the one that was chosen, else the first with room, else one to wait for."""
    if form.chosen:
        return form.chosen
    full = [choice for choice in choices if choice.may_wait and not choice.fits]
    free = [choice for choice in choices if choice.fits and not choice.own]
    return str(next((choice.pk for choice in (full if only_full else free + full)), ""))


def _sent(request, home_id, pk):
    """(home, open day, form) of what an owner has sent."""
    home = followed_home(request, home_id)
    day = own_open_day(request, home, pk)
    return home, day, ComeForm(request.POST, open_day=day)


def _who(request, home, form):
    given = form.cleaned_data
    return {
        "slot": given["slot"],
        "home": home,
        "owner": request.user.owner,
        "accepted": given["rules"],
        "by": request.user,
        "at": timezone.now(),
        **form.party,
    }


@private
@require_POST
def book(request, home_id, pk):
    home, day, form = _sent(request, home_id, pk)
    if form.is_valid():
        try:
            booking = actions.book(booking_id=form.cleaned_data["op"], **_who(request, home, form))
        except BookingError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("You have your place. Show the code below at the gate."))
            return redirect("home:booking", booking.pk)
    return _page(request, home, day, form)


@private
@require_POST
def wait(request, home_id, pk):
    home, day, form = _sent(request, home_id, pk)
    if form.is_valid():
        try:
            entry = waiting.join(entry_id=form.cleaned_data["op"], **_who(request, home, form))
        except BookingError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("You are in the line. We tell you as soon as a place comes free for you."))
            return redirect("home:waiting", entry.pk)
    return _page(request, home, day, form)
