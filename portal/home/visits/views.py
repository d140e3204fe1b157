"""Times to choose from, one visit, and what the household may do with it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.files.delivery import deliver
from accounts.notices.actions import mark_read_about
from portal.bookings.models import OpenDay
from portal.home.guards import own_home, private
from portal.home.homes import homes_of
from portal.visits.booking import book_visit, cancel_visit, move_visit
from portal.visits.errors import TakenError, VisitError
from portal.visits.models import VisitKind
from progress.feeds import ics

from .calendar import entry_of
from .forms import TimeForm, VisitForm
from .own import own_visit, visits_of, wish
from .page import page_of
from .times import Times, times_for


@private
def visit_times(request, home_id, kind):
    """Free times of a kind; choosing one books it. Who has such a visit already is led to it."""
    home = own_home(request, home_id)
    kind = _kind(kind)
    asked, now = wish(request, home, kind), timezone.now()
    if standing := visits_of(home).live().filter(kind=kind, starts__gt=now).first():
        return redirect("home:visit", standing.pk)
    times, problem = _times(request, home, kind, visit=asked)
    initial = {"visit_id": asked.pk} if asked else {}
    form = VisitForm(request.POST or None, times=times, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = {"visit_id": form.cleaned_data["visit_id"], "note": form.cleaned_data["note"], "starts": form.starts}
        try:
            visit = book_visit(kind=kind, home=home, by=request.user, at=now, **given)
        except VisitError as error:
            times = _refused(request, form, error, home, kind, visit=asked)
        else:
            messages.success(request, _("It is booked. We confirm it by the evening before."))
            return redirect("home:visit", visit.pk)
    return _choice(request, home, kind, asked, times=times, form=form, problem=problem)


@private
def visit_move(request, pk):
    """Another time; the one it has is kept until then."""
    visit, now = own_visit(request, pk), timezone.now()
    if visit.is_asked:
        return redirect("home:visit-times", visit.home_id, visit.kind)
    if not visit.can_be_changed(at=now):
        return redirect("home:visit", pk)
    times, problem = _times(request, visit.home, visit.kind, visit=visit)
    form = TimeForm(request.POST or None, times=times, now=visit.starts)
    if request.method == "POST" and form.is_valid():
        try:
            move_visit(visit, starts=form.starts, by=request.user, at=now)
        except VisitError as error:
            times = _refused(request, form, error, visit.home, visit.kind, visit=visit)
        else:
            messages.success(request, _("It is moved. We confirm the new time by the evening before."))
            return redirect("home:visit", pk)
    return _choice(request, visit.home, _kind(visit.kind), visit, times=times, form=form, problem=problem)


def _kind(code):
    if code not in VisitKind.values:
        raise Http404
    return VisitKind(code)


def _asked_day(request):
    """That of the time that was chosen, else the one in the address."""
    try:
        chosen = parse_datetime(request.POST.get("time", ""))
        if chosen and timezone.is_aware(chosen):
            return timezone.localdate(chosen).isoformat()
    except (ValueError, OverflowError):  # no such day, or one that ends in the year 10,000
        pass
    return request.GET.get("day", "")


def _times(request, home, kind, *, visit):
    """(Times, why there are none)."""
    try:
        found = times_for(home, kind, at=timezone.now(), asked_day=_asked_day(request), visit=visit)
    except VisitError as error:
        return Times([]), str(error)
    return found, ""


def _refused(request, form, error, home, kind, *, visit):
    """Say why under the times, which are looked up once more: what is taken stands there no longer."""
    form.add_error("time", str(error))
    if isinstance(error, TakenError):
        times, _problem = _times(request, home, kind, visit=visit)
        form.fields["time"].choices = type(form)(times=times).fields["time"].choices
        return times
    return _times(request, home, kind, visit=visit)[0]


def _choice(request, home, kind, visit, *, times, form, problem):
    context = {
        "home": home,
        "kind": _kind(kind),
        "visit": visit,
        "is_move": bool(visit and not visit.is_asked),
        "times": times,
        "form": form,
        "problem": problem,
    }
    return render(request, "home/visits/times.html", context)


@private
@require_safe
def visit(request, pk):
    """Who comes when, what it needs, and how far it is."""
    row = own_visit(request, pk)
    if request.method == "GET":
        mark_read_about(row, user=request.user, at=timezone.now())
    return render(request, "home/visits/visit.html", page_of(row, at=timezone.now()))


@private
@require_POST
def visit_cancel(request, pk):
    try:
        cancel_visit(own_visit(request, pk), by=request.user, at=timezone.now())
        messages.success(request, _("It is cancelled. Nobody comes."))
    except VisitError as error:
        messages.error(request, str(error))
    return redirect("home:visit", pk)


@private
@require_safe
def visit_ics(request, pk):
    """To be put into a calendar; cancelled, to be taken out of it again."""
    row = own_visit(request, pk)
    entry = entry_of(row, user=request.user, at=timezone.now())
    if entry is None:
        raise Http404
    response = HttpResponse(ics.calendar_file(entry), content_type=f"{ics.CONTENT_TYPE}; method={ics.method_of(entry)}")
    response.headers["Content-Disposition"] = 'attachment; filename="visit.ics"'
    return response


@login_required
@require_safe
def visitor_photo(request, pk, variant):
    """Of whoever comes, or came."""
    row = own_visit(request, pk)
    card = getattr(row.person, "card", None) if row.person else None
    if card is None or card.photo is None:
        raise Http404
    return deliver(request, card.photo, variant=variant)


@private
@require_safe
def open_day_anywhere(request, pk):
    """From the public site to an open day, at the first of the person's homes that it is for."""
    day = get_object_or_404(OpenDay.objects.for_user(request.user).exclude(state=OpenDay.State.DRAFT), pk=pk)
    homes = sorted(homes_of(request), key=lambda home: str(home.pk) != request.session.get("home"))
    for home in homes:
        if home.is_followed and OpenDay.objects.filter(pk=day.pk).open_to(home).exists():
            return redirect("home:open-day", home.pk, pk)
    raise Http404
