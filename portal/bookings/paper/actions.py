"""What may happen to a ticket on paper: asked for, made, fetched for a week, thrown away."""

from datetime import timedelta

import structlog
from django.conf import settings
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.events.actions import record
from accounts.files.rendering import RenderError, pdf_ahead, render_pdf
from portal.bookings.errors import BookingError
from portal.bookings.models import Booking
from portal.bookings.tickets import address_of, code_png, ticket_of
from progress.leaflets import making
from progress.leaflets.making import LostLeaseError

from .models import TicketPrint

MOST_A_DAY = 20
A_DAY = timedelta(days=1)

log = structlog.get_logger(__name__)
State = TicketPrint.State


def ask_ticket(booking, *, language, by, at):
    """Have the ticket printed for a member of the household. While it is being made, that print is returned.

    Raises BookingError for what is no ticket any more, while another of theirs is being made, and for the twenty-first
    within a day.
    """
    if not booking.is_live:
        raise BookingError(_("This booking is cancelled, so there is no ticket to print."))
    theirs = TicketPrint.objects.filter(asked_by=by)
    if current := theirs.waiting().first():
        return _same(current, booking)
    if theirs.filter(asked_at__gt=at - A_DAY).count() >= MOST_A_DAY:
        raise BookingError(_("That is enough for one day. Please ask again tomorrow."))
    values = {"booking": booking, "language": language, "digest": ticket_of(booking).digest}
    try:
        with transaction.atomic():
            print_ = TicketPrint.objects.create(asked_by=by, asked_at=at, **values)
            record("asked for", print_, by=by, home=booking.home)
            making.queue(print_)
    except IntegrityError:  # asked twice at the same moment
        return _same(theirs.waiting().get(), booking)
    return print_


def _same(current, booking):
    if current.booking_id != booking.pk:
        raise BookingError(_("Another print of yours is being made. Please wait until it is ready."))
    return current


def make(print_, *, clock):
    """Print it, unless another worker is at it. Running it twice prints it once."""
    lease = making.claim(print_, at=clock())
    if lease is None:
        return
    print_ = TicketPrint.objects.select_related("asked_by").get(pk=print_.pk)
    bookings = Booking.objects.own(print_.asked_by).live().with_slot().select_related("slot__guide", "open_day__guide")
    booking = bookings.filter(pk=print_.booking_id).first()
    try:
        if booking is None:  # cancelled, or the home was sold, meanwhile
            making.drop(print_, lease)
            return
        ticket = ticket_of(booking)
        pdf = _printed(print_, ticket)
        _finish(print_, lease, pdf, ticket.digest, at=clock())
    except LostLeaseError:
        log.info("ticket_print_left", print=str(print_.pk))
    except RenderError as error:
        log.error("ticket_not_printed", print=str(print_.pk), why=str(error))
        making.let_go(print_, lease)


def _printed(print_, ticket):
    names, booking = settings.COMPANY_NAME, ticket.booking
    with translation.override(print_.language), timezone.override(ticket.open_day.zone):
        context = {
            "ticket": ticket,
            "booking": booking,
            "home": booking.home,
            "address": address_of(booking),
            "as_of": print_.as_of,
            "company": {"name": names.get(print_.language, names["en"]), "hotline": settings.COMPANY_HOTLINE},
        }
        html = render_to_string("pdf/ticket.html", context)
    return render_pdf(html, images={"code": code_png(booking)}, at=print_.as_of)


def _finish(print_, lease, pdf, digest, *, at):
    """The file's row and the print's come together, or not at all; the one before goes."""
    with pdf_ahead(pdf, name="ticket", by=None) as file:
        found = making.held(print_, lease)
        same = {"asked_by": found.asked_by_id, "booking": found.booking_id}
        making.forget(TicketPrint.objects.filter(state=State.READY, **same), at=at)
        making.end(found, State.READY)
        found.file, found.digest, found.ready_at = file, digest, at
        found.save()
        record("made", found, by=None)


@transaction.atomic
def give_up(print_, *, at):
    """After three attempts without a result: the page says so."""
    found = TicketPrint.objects.to_begin(at=at).select_for_update(of=("self",)).filter(pk=print_.pk).first()
    if found:
        log.error("ticket_print_given_up", print=str(found.pk))
        making.end(found, State.FAILED)
        found.save()
        record("given up", found, by=None)
