"""Booking for an owner on the telephone: find the home, choose a time, say which deadlines are passed over."""

from django.contrib import messages
from django.db.models import Exists, OuterRef, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import Address, Channel, Owner
from portal.bookings import booking as acts
from portal.bookings import waiting as line
from portal.bookings.errors import BookingError
from portal.bookings.models import Booking
from progress.models import Home, Ownership

from ..scoped import within
from .access import booking_for, own_open_day, posted
from .booking_forms import CallForm, FindForm

FOUND = 30


@booking_for
@require_safe
def find(request, pk):
    """The homes of the development that answer to what was said; nothing said: none."""
    open_day = own_open_day(request, pk)
    form = FindForm(request.GET)
    words = form.cleaned_data["q"].strip() if form.is_valid() else ""
    context = {
        "open_day": open_day,
        "form": FindForm(initial={"q": words}),
        "words": words,
        "homes": _found(open_day, words, request.user) if words else [],
    }
    return render(request, "desk/open_days/find.html", context)


def _found(open_day, words, user):
    ties = Ownership.objects.live().follows_progress().filter(home=OuterRef("pk"), owner__erased_at__isnull=True)
    named = Exists(ties.filter(_called(words)))
    homes = within(Home, user).with_place().filter(development=open_day.development_id)
    homes = homes.filter(Q(number__icontains=words) | named)
    booked = Booking.objects.live().filter(open_day=open_day, home=OuterRef("pk"))
    invited = open_day.audience().filter(pk=OuterRef("pk"))
    homes = homes.annotate(owned=Exists(ties), booked=Exists(booked), invited=Exists(invited))
    return homes.order_by("building__name", "number")[:FOUND]


def _called(words):
    digits = "".join(letter for letter in words if letter.isdigit())
    called = Q(owner__name__icontains=words) | Q(owner__customer_no__iexact=words)
    if len(digits) < 5:
        return called
    numbers = Address.objects.filter(channel=Channel.SMS, value__endswith=digits)
    reached = Q(user__phone__endswith=digits) | Q(pk__in=numbers.values("owner")) | Q(user__in=numbers.values("user"))
    return called | Q(owner__in=Owner.objects.filter(reached))


@booking_for
def book(request, pk, home_id):
    """The form; `act` says whether they get the places or a place in the line."""
    open_day, now = own_open_day(request, pk), timezone.now()
    homes = within(Home, request.user).with_place().filter(development=open_day.development_id)
    home = get_object_or_404(homes, pk=home_id)
    if not open_day.is_published:
        raise Http404
    form = CallForm(posted(request), open_day=open_day, home=home, at=now)
    if request.POST.get("act") == "wait":
        form.fields["accepted"].required = True  # an offer that is taken is a booking
    if request.method == "POST" and form.is_valid():
        try:
            return _booked(request, open_day, home, form, now)
        except BookingError as error:
            form.add_error(None, str(error))
    live = Booking.objects.live().filter(open_day=open_day, home=home).with_slot()
    context = {
        "open_day": open_day,
        "home": home,
        "form": form,
        "passed": passed_over(open_day, home, live, at=now),
        "live": live,
        "rules": open_day.rules.all(),
    }
    return render(request, "desk/open_days/call.html", context)


def passed_over(open_day, home, live, *, at):
    """What would keep the owner from booking, in words for whoever books for them."""
    lines = []
    if at < open_day.opens_at:
        lines.append(_("Booking opens on %(day)s.") % {"day": _moment(open_day.opens_at)})
    if at >= open_day.closes_at:
        lines.append(_("Booking closed on %(day)s.") % {"day": _moment(open_day.closes_at)})
    if open_day.one_per_home and live:
        lines.append(_("This home has booked already, and the open day takes one booking a home."))
    if not open_day.audience().filter(pk=home.pk).exists():
        lines.append(_("This home is not among those invited."))
    return lines


def _moment(at):
    return date_format(timezone.localtime(at), "DATETIME_FORMAT")


def _booked(request, open_day, home, form, now):
    given = form.cleaned_data
    common = {"slot": given["slot"], "home": home, "owner": given["owner"], "accepted": given["accepted"]}
    common |= {**form.party(), "by": request.user, "at": now}
    if request.POST.get("act") == "wait":
        line.join(entry_id=given["booking_id"], **common)
        messages.success(request, _("They are on the waiting list. A place that comes free is offered to them."))
        return redirect("desk_openday:waiting", open_day.pk)
    booking = acts.book(booking_id=given["booking_id"], by_staff=True, **common)
    messages.success(request, _("Booked. The confirmation is on its way to %(name)s.") % {"name": given["owner"].name})
    return redirect("desk_openday:booking", booking.pk)
