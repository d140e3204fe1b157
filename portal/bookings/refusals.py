"""Why a booking can't be: each reason in words for whoever reads it. Times are written in the development's zone."""

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .errors import BookingError


def when(moment, open_day):
    """A moment as the clock at the development shows it."""
    return date_format(timezone.localtime(moment, open_day.zone), "DATETIME_FORMAT")


def refuse_party(open_day, *, adults, children):
    """Raises BookingError unless at least one adult comes, and no more people than a party may have."""
    if adults < 1 or children < 0:
        raise BookingError(_("Please say how many people come: at least one adult."))
    if adults + children > open_day.max_party:
        raise BookingError(
            ngettext(
                "A party may have %(count)d person at this open day.",
                "A party may have up to %(count)d people at this open day.",
                open_day.max_party,
            )
            % {"count": open_day.max_party}
        )


def refuse_closed(slot, *, at, by_staff=False):
    """Raises BookingError unless places of the slot may be booked now. Staff book before opening and after closing."""
    day = slot.open_day
    if day.is_draft:
        raise BookingError(_("This open day is not published yet."))
    if not by_staff and at < day.opens_at:
        raise BookingError(_("Booking opens on %(moment)s.") % {"moment": when(day.opens_at, day)})
    refuse_gone(slot, at=at)
    if not by_staff and at >= day.closes_at:
        raise BookingError(_("Booking has closed. Please ring us: we will see what we can do."))


def refuse_gone(slot, *, at):
    """Raises BookingError when nobody is let in at this time any more."""
    if slot.open_day.is_cancelled:
        raise BookingError(_("This open day has been called off."))
    if not slot.is_open:
        raise BookingError(_("This time has been called off. Please choose another one."))
    if slot.has_begun(at=at):
        raise BookingError(_("This time is past. Please choose another one."))


def refuse_late(slot, *, at):
    """Raises BookingError when owners can't change, move or cancel any more what they have booked."""
    day = slot.open_day
    if at >= day.change_until:
        raise BookingError(
            _("Changes were possible until %(moment)s. Please ring us.") % {"moment": when(day.change_until, day)}
        )
    if slot.has_begun(at=at):
        raise BookingError(_("This visit has begun. Please speak to us at the gate."))


def refuse_over(slot, people):
    """Raises BookingError unless so many more people fit into a slot `with_places`."""
    if people <= max(slot.free, 0):
        return
    if slot.free < 1:
        raise BookingError(_("This time is full. You can join its waiting list, or choose another time."))
    raise BookingError(
        ngettext(
            "Only %(count)d place is left at this time.", "Only %(count)d places are left at this time.", slot.free
        )
        % {"count": slot.free}
    )


def accepted_version(open_day, accepted):
    """The version of the rules that `accepted` says yes to: True, or the number of the version that was read.

    Raises BookingError when nobody has accepted them, or they have changed since they were read.
    """
    if not accepted:
        raise BookingError(_("Please accept the rules of the site; without them we can't let you in."))
    if accepted is not True and accepted != open_day.rules_version:
        raise BookingError(_("The rules of the site have changed meanwhile. Please read and accept them again."))
    return open_day.rules_version
