"""Who has booked an open day, and who waits: lists with filters, in a fixed number of queries."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Prefetch, Sum
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal.bookings import waiting as line
from portal.bookings.errors import BookingError
from portal.bookings.models import Visitor, WaitingEntry

from .access import BOOK, booking_for, own_entry, own_open_day, seeing_bookings
from .booking_filters import BookingsForm, not_all_accepted

PAGE = 50


@seeing_bookings
@require_safe
def bookings(request, pk):
    open_day = own_open_day(request, pk)
    form = BookingsForm(request.GET, open_day=open_day)
    rows = form.chosen()
    listed = rows.with_slot().annotate(behind=not_all_accepted())
    listed = listed.prefetch_related(Prefetch("visitors", Visitor.objects.exclude(name="").order_by("order")))
    context = {
        "open_day": open_day,
        "form": BookingsForm(initial=request.GET.dict(), open_day=open_day),
        "page": Paginator(listed, PAGE).get_page(request.GET.get("page")),
        "sum": rows.order_by().aggregate(parties=Count("pk"), people=Sum("people")),
        "query": request.GET.urlencode(),
        "may_book": request.user.has_perm(BOOK),
    }
    return render(request, "desk/open_days/bookings.html", context)


@seeing_bookings
@require_safe
def waiting(request, pk):
    """The lines of an open day, in their order; below, what became of the others and why."""
    open_day = own_open_day(request, pk)
    entries = WaitingEntry.objects.filter(slot__open_day=open_day).with_slot().prefetch_related("steps")
    over = entries.exclude(state__in=(WaitingEntry.State.WAITING, WaitingEntry.State.OFFERED))
    context = {
        "open_day": open_day,
        "line": Paginator(entries.live().order_by("slot__starts", "joined_at", "pk"), PAGE).get_page(
            request.GET.get("page")
        ),
        "over": Paginator(over.order_by("-joined_at", "pk"), PAGE).get_page(request.GET.get("over")),
        "may_book": request.user.has_perm(BOOK),
    }
    return render(request, "desk/open_days/waiting.html", context)


@booking_for
@require_POST
def take_off(request, pk):
    """Take a party off the waiting list, because they said so."""
    entry = own_entry(request, pk)
    try:
        line.leave(entry, by=request.user, at=timezone.now())
        messages.success(request, _("Taken off the waiting list."))
    except BookingError as error:
        messages.error(request, str(error))
    return redirect("desk_openday:waiting", entry.slot.open_day_id)
