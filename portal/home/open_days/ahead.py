"""What the front page tells of open days: the next appointment, and what waits for the owner."""

from django.db.models import Exists, F, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portal.bookings.models import OpenDay
from portal.bookings.templatetags.bookings import hours, party, when_in_full
from portal.home import appointments, needs
from portal.home.needs import Need

from .own import bookings_at, entries_at

MOST = 3  # of a kind


@appointments.source
def booked(user, home, *, at):
    """The next booking."""
    if not home.is_followed:
        return
    rows = bookings_at(user, home).live().filter(slot__ends__gt=at)
    for booking in rows.select_related("slot", "open_day").order_by("slot__starts", "pk")[:1]:
        words = {"hours": hours(booking.slot), "party": party(booking)}
        yield appointments.Appointment(
            title=booking.open_day.title,
            starts=booking.slot.starts,
            ends=booking.slot.ends,
            url=reverse("home:booking", args=[booking.pk]),
            place=booking.open_day.meeting_point,
            note=_("%(hours)s, %(party)s") % words,
        )


@needs.source
def offers(user, home):
    """A place that is held for them: it goes to somebody else in hours."""
    if not home.is_followed:
        return []
    rows = entries_at(user, home).offered().filter(offer_until__gt=timezone.now())
    return [_of_offer(entry) for entry in rows.select_related("slot__open_day").order_by("offer_until", "pk")[:MOST]]


def _of_offer(entry):
    until = date_format(timezone.localtime(entry.offer_until), "DATETIME_FORMAT")
    return Need(
        title=_("A place is held for you: %(title)s") % {"title": entry.slot.open_day.title},
        text=_("%(time)s. Until %(moment)s nobody else can have it.")
        % {"time": when_in_full(entry.slot), "moment": until},
        url=reverse("home:waiting", args=[entry.pk]),
        action=_("Take it or leave it"),
        icon="clock",
    )


@needs.source
def rules_anew(user, home):
    """The rules of the site have changed since the party accepted them."""
    if not home.is_followed:
        return []
    rows = bookings_at(user, home).booked().filter(slot__ends__gt=timezone.now())
    rows = rows.filter(rules_version__lt=F("open_day__rules_version"), open_day__state=OpenDay.State.PUBLISHED)
    return [
        Need(
            title=_("The rules of the site have changed: %(title)s") % {"title": booking.open_day.title},
            text=_("Please read them before you come, and let each of you accept them."),
            url=reverse("home:booking", args=[booking.pk]) + "#rules",
            action=_("Read the rules"),
            icon="helmet",
        )
        for booking in rows.select_related("open_day").order_by("created_at", "pk")[:MOST]
    ]


@needs.source
def to_book(user, home):
    """An open day that can be booked now, of a home that has neither a place nor a turn in the line."""
    if not home.is_followed:
        return []
    now = timezone.now()
    days = OpenDay.objects.published().open_to(home).filter(opens_at__lte=now, closes_at__gt=now).upcoming(at=now)
    days = days.filter(
        ~Exists(bookings_at(user, home).filter(open_day=OuterRef("pk"))),
        ~Exists(entries_at(user, home).filter(slot__open_day=OuterRef("pk"))),
    )
    return [_of_open_day(day, home) for day in days[:MOST]]


def _of_open_day(day, home):
    moment = date_format(timezone.localtime(day.closes_at), "DATETIME_FORMAT")
    return Need(
        title=_("Open day: %(title)s") % {"title": day.title},
        text=_("Choose your time by %(moment)s.") % {"moment": moment},
        url=reverse("home:open-day", args=[home.pk, day.pk]),
        action=_("Choose a time"),
        icon="calendar",
    )
