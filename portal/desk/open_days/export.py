"""The bookings of an open day as a table for a spreadsheet: CSV or XLSX, never a formula among them."""

from django.http import Http404, HttpResponse
from django.utils.formats import date_format
from django.utils.text import slugify
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.again import ask_again
from accounts.events.actions import record
from progress.imports.export_actions import CONTENT_TYPES

from ..sheets import as_csv, as_xlsx
from .access import own_open_day, seeing_bookings
from .booking_filters import BookingsForm, not_all_accepted

STEP = 500


@seeing_bookings
@require_POST
def export(request, pk):
    """What the list shows with the same filters. That somebody took it out is noted."""
    open_day, kind = own_open_day(request, pk), request.POST.get("kind", "")
    if kind not in CONTENT_TYPES:
        raise Http404
    ask_again(request)
    rows = BookingsForm(request.POST, open_day=open_day).chosen()
    content = (as_csv if kind == "csv" else as_xlsx)(_heading(), _lines(rows))
    record("exported", open_day, by=request.user, reason=f"bookings, {kind}")
    answer = HttpResponse(content, content_type=CONTENT_TYPES[kind])
    name = slugify(open_day.title_en) or "open-day"
    answer["Content-Disposition"] = f'attachment; filename="{name}-bookings.{kind}"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def _heading():
    return [
        _("Time"),
        _("Building"),
        _("Home"),
        _("Booked for"),
        _("Adults"),
        _("Children"),
        _("Way without steps"),
        _("Needs"),
        _("Visitors"),
        _("Rules accepted by all"),
        _("State"),
        _("Booked at"),
    ]


def _lines(rows):
    """Lines of text and numbers, in a fixed number of queries a few hundred bookings."""
    rows = rows.with_slot().annotate(behind=not_all_accepted()).prefetch_related("visitors")
    for booking in rows.iterator(chunk_size=STEP):
        home = booking.home
        yield [
            _moment(booking.slot.starts),
            home.building.title if home and home.building else "",
            home.number if home else "",
            booking.owner.name if booking.owner else "",
            booking.adults,
            booking.children,
            _("yes") if booking.step_free else "",
            booking.needs,
            ", ".join(visitor.name for visitor in booking.visitors.all() if visitor.name),
            "" if booking.behind else _("yes"),
            booking.get_state_display(),
            _moment(booking.created_at),
        ]


def _moment(at):
    return date_format(localtime(at), "Y-m-d H:i")
