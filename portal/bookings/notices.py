"""What is told of open days and of what was booked; registered in `BookingsConfig.ready`."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import Owner
from accounts.notices import topics
from accounts.notices.kinds import EMAIL, INBOX, SMS, Kind, register
from portal.ui.dates import full_date
from progress.models import Ownership

from .households import told_of
from .models import Booking, OpenDay, OpenDayChange

OFF = (Booking.Because.OPEN_DAY, Booking.Because.WEATHER)


class AboutBooking(Kind):
    topic = topics.APPOINTMENTS
    mandatory = True
    model = Booking
    action = gettext_lazy("See your booking")
    why = gettext_lazy("You receive this message because your home has booked an open day.")

    def subjects(self):
        return Booking.objects.select_related("slot", "open_day__development", "home__development", "home__building")

    def still_true(self, booking):
        return booking.is_booked

    def still_concerns(self, booking, person):
        """Whoever sold meanwhile, or was taken out of the household, is not told any more."""
        return Ownership.objects.live().follows_progress().filter(home=booking.home_id, owner=person).exists()

    def zone(self, booking):
        return booking.open_day.development.time_zone

    def url(self, booking):
        return reverse("home:booking", args=[booking.pk])


def party(booking):
    """For 3 people, of Qinghuai Lane 3-1102."""
    words = ngettext("%(home)s, %(count)d person", "%(home)s, %(count)d people", booking.people)
    return words % {"home": booking.home, "count": booking.people}


def where(open_day):
    """The meeting point and the way there, each in its language, as paragraphs."""
    return [text for text in (open_day.meeting_point, open_day.route) if text]


@register("booking-confirmed")
class BookingConfirmed(AboutBooking):
    label = gettext_lazy("Confirmations of what you have booked")
    action = gettext_lazy("Open your ticket")

    def title(self, booking):
        return _("Booked: %(title)s, %(moment)s") % {
            "title": booking.open_day.title,
            "moment": full_date(booking.slot.starts),
        }

    def paragraphs(self, booking):
        day = booking.open_day
        last = _("You can change or cancel it until %(moment)s.") % {"moment": full_date(day.change_until)}
        bring = [day.bring] if day.bring else []
        return [f"{full_date(booking.slot.starts)}. {party(booking)}.", *where(day), *bring, last]


@register("booking-changed")
class BookingChanged(AboutBooking):
    label = gettext_lazy("Changes of what you have booked")
    action = gettext_lazy("Open your ticket")

    def title(self, booking):
        return _("Changed: %(title)s, %(moment)s") % {
            "title": booking.open_day.title,
            "moment": full_date(booking.slot.starts),
        }

    def paragraphs(self, booking):
        now = _("Your booking now: %(moment)s. %(party)s.")
        return [now % {"moment": full_date(booking.slot.starts), "party": party(booking)}, *where(booking.open_day)]


@register("booking-cancelled")
class BookingCancelled(AboutBooking):
    """Given back by the household, or by staff for them."""

    label = gettext_lazy("Cancellations of what you have booked")

    def still_true(self, booking):
        return booking.state == Booking.State.CANCELLED

    def cancelled_at(self, booking):
        return booking.slot.starts

    def title(self, booking):
        return _("Cancelled: %(title)s, %(moment)s") % {
            "title": booking.open_day.title,
            "moment": full_date(booking.slot.starts),
        }

    def paragraphs(self, booking):
        return [_("Your places are free again for others. Thank you for telling us.")]


@register("booking-called-off")
class BookingCalledOff(BookingCancelled):
    """We have called off one time of the open day; the others take place."""

    label = gettext_lazy("Times of open days that we call off")
    channels = (INBOX, EMAIL, SMS)
    action = gettext_lazy("Choose another time")

    def title(self, booking):
        return _("Called off: %(title)s, %(moment)s") % {
            "title": booking.open_day.title,
            "moment": full_date(booking.slot.starts),
        }

    def paragraphs(self, booking):
        other = _("We are sorry. If another time suits you, please book it: the open day itself takes place.")
        return [text for text in (booking.slot.note, other) if text]

    def url(self, booking):
        return reverse("home:open-day-anywhere", args=[booking.open_day_id])


class AboutOpenDay(Kind):
    topic = topics.APPOINTMENTS
    model = OpenDay
    action = gettext_lazy("See the open day")
    why = gettext_lazy("You receive this message because you follow the progress of a home there.")

    def subjects(self):
        return OpenDay.objects.select_related("development")

    def zone(self, open_day):
        return open_day.development.time_zone

    def url(self, open_day):
        return reverse("home:open-day-anywhere", args=[open_day.pk])

    def still_concerns(self, subject, person):
        """One query for all whom a batch tells of it."""
        if not hasattr(subject, "addressees"):
            return self.people(subject).filter(pk=person.pk).exists()
        if not hasattr(subject, "still_concerned"):
            keys = [each.pk for each in subject.addressees]
            subject.still_concerned = set(self.people(subject).filter(pk__in=keys).values_list("pk", flat=True))
        return person.pk in subject.still_concerned


@register("open-day-published")
class OpenDayPublished(AboutOpenDay):
    label = gettext_lazy("New open days")
    action = gettext_lazy("Choose a time")

    def people(self, open_day):
        return open_day.people()

    def still_true(self, open_day):
        return open_day.is_published

    def title(self, open_day):
        return _("You are invited: %(title)s") % {"title": open_day.title}

    def paragraphs(self, open_day):
        starts = open_day.slots.open().order_by("starts").values_list("starts", flat=True).first()
        words = {"opens": full_date(open_day.opens_at), "closes": full_date(open_day.closes_at)}
        booking = _("You can book from %(opens)s until %(closes)s.") % words
        first = [_("It begins on %(moment)s.") % {"moment": full_date(starts)}] if starts else []
        return [text for text in (open_day.summary, *first, booking) if text]


@register("open-day-cancelled")
class OpenDayCancelled(AboutOpenDay):
    """To those who were booked: also at night, when it would have been within 24 hours."""

    label = gettext_lazy("Open days that we call off")
    mandatory = True
    channels = (INBOX, EMAIL, SMS)
    action = gettext_lazy("Read why")
    why = gettext_lazy("You receive this message because your home has booked an open day.")

    def people(self, open_day):
        return owners_told_of(open_day.bookings.filter(cancelled_at=open_day.cancelled_at, cancelled_because__in=OFF))

    def still_true(self, open_day):
        return open_day.is_cancelled

    def cancelled_at(self, open_day):
        slots = open_day.slots.open().filter(ends__gt=open_day.cancelled_at)
        return slots.order_by("starts").values_list("starts", flat=True).first()

    def title(self, open_day):
        return _("Called off: %(title)s") % {"title": open_day.title}

    def paragraphs(self, open_day):
        return [open_day.cancel_reason, _("Your booking is cancelled; please don't come. We are sorry.")]

    def sms(self, open_day):
        words = {"title": open_day.title, "reason": open_day.cancel_reason}
        return _("Called off: %(title)s. %(reason)s Please don't come.") % words


@register("open-day-changed")
class OpenDayIsChanged(AboutOpenDay):
    """To those whom it concerns: another time those booked for it, another place or other rules all who are booked."""

    label = gettext_lazy("Changes of open days that you have booked")
    mandatory = True
    model = OpenDayChange
    channels = (INBOX, EMAIL, SMS)
    why = gettext_lazy("You receive this message because your home has booked an open day.")

    def subjects(self):
        return OpenDayChange.objects.select_related("open_day__development")

    def people(self, change):
        bookings = change.open_day.bookings.booked()
        if not (change.place or change.rules):
            bookings = bookings.filter(slot__in=change.slot_ids())
        return owners_told_of(bookings)

    def still_true(self, change):
        return change.open_day.is_published

    def zone(self, change):
        return change.open_day.development.time_zone

    def url(self, change):
        return reverse("home:open-day-anywhere", args=[change.open_day_id])

    def title(self, change):
        return _("Changed: %(title)s") % {"title": change.open_day.title}

    def paragraphs(self, change):
        moved = _("Not %(old)s, but %(new)s.")
        lines = [moved % {"old": full_date(row[0]), "new": full_date(row[2])} for row in change.moved()]
        if change.place:
            lines += [_("The way there has changed. It is now:"), *where(change.open_day)]
        if change.rules:
            lines.append(_("The rules of the site have changed. Please read and accept them again on your booking."))
        return [*lines, _("If it no longer suits you, please change or cancel your booking.")]

    def sms(self, change):
        return _("Changed: %(title)s. Please look at your booking.") % {"title": change.open_day.title}


def owners_told_of(bookings):
    """The Owners who hear of these bookings, each once; two queries, however many there are."""
    told = told_of(list(bookings.only("pk", "home", "owner")))
    return Owner.objects.active().filter(pk__in={pk for owners in told.values() for pk in owners})
