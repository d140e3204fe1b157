"""The people of a party: who they are, and that each has accepted the rules of the site."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.events.actions import record

from .errors import BookingError
from .locking import lock_homes_of
from .models import Booking, Visitor


class Party:
    """The rows of a party that is about to be booked; whoever books comes first, and has accepted the rules."""

    def __init__(self, booking):
        accepted = {"rules_version": booking.rules_version, "accepted_at": booking.accepted_at}
        self.visitors = [
            Visitor(booking=booking, order=order, is_child=order >= booking.adults, **({} if order else accepted))
            for order in range(booking.adults + booking.children)
        ]
        self.visitors[0].name = booking.owner.name[:80]

    def write(self):
        """By one statement, before the booking's own row: the database looks for that at the end."""
        Visitor.objects.bulk_create(self.visitors)


def visitors_of(booking):
    """The Party of a booking that is not written yet."""
    return Party(booking)


def fit_visitors(booking):
    """After a change of the party: as many adults and children as there are now; those who were named first stay."""
    known = list(booking.visitors.order_by("order"))
    kept = [each for each in known if not each.is_child][: booking.adults]
    kept += [Visitor(booking=booking) for _each in range(booking.adults - len(kept))]
    children = [each for each in known if each.is_child][: booking.children]
    children += [Visitor(booking=booking, is_child=True) for _each in range(booking.children - len(children))]
    rows = [*kept, *children]
    for order, visitor in enumerate(rows):
        visitor.order = order
    booking.visitors.all().delete()
    Visitor.objects.bulk_create(rows)


@transaction.atomic
def name_visitors(booking, *, visitors, by, at):
    """Who they are: [(name, whether they accept the rules), …], one for each of the party, adults first.

    What was accepted stays so as long as neither the name nor the rules are others. Once the first of them has
    accepted the present rules, so has the booking, as on the day it was made. Raises BookingError.
    """
    lock_homes_of(booking)
    booking = Booking.objects.select_for_update(of=("self",)).select_related("open_day", "home").get(pk=booking.pk)
    if not booking.is_live:
        raise BookingError(_("This booking has been cancelled."))
    rows = list(booking.visitors.order_by("order"))
    if len(visitors) != len(rows):
        raise BookingError(_("The party has changed meanwhile. Please look at who comes, and try again."))
    for row, (name, accepts) in zip(rows, visitors, strict=True):
        _write(row, " ".join(name.split()), accepts, version=booking.open_day.rules_version, at=at)
    Visitor.objects.bulk_update(rows, ["name", "rules_version", "accepted_at"])
    if rows[0].rules_version == booking.open_day.rules_version > booking.rules_version:
        booking.rules_version, booking.accepted_at = booking.open_day.rules_version, at
        booking.save(update_fields=["rules_version", "accepted_at"])
    record("named", booking, by=by, home=booking.home)
    return booking


def _write(visitor, name, accepts, *, version, at):
    if visitor.name and name != visitor.name:  # somebody else comes in their place
        visitor.rules_version, visitor.accepted_at = 0, None
    visitor.name = name
    if accepts and visitor.rules_version != version:
        visitor.rules_version, visitor.accepted_at = version, at
