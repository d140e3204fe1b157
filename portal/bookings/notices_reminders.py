"""The reminders of what a household has booked; registered in `BookingsConfig.ready`."""

from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.notices import topics
from accounts.notices.kinds import EMAIL, INBOX, SMS, Kind, register
from portal.ui.dates import full_date

from .households import follows
from .models import Reminder


class AboutBooking(Kind):
    """Asked anew at sending: whether the party still comes, at that time, and belongs to the household."""

    topic = topics.APPOINTMENTS
    model = Reminder
    action = gettext_lazy("Open your booking")
    why = gettext_lazy("You receive this message because you have booked places at an open day.")

    def subjects(self):
        return Reminder.objects.select_related("booking__slot", "booking__open_day__development")

    def freshen(self, reminder, *, at):
        """How far off it is now, which may not be what was meant: the message may be late."""
        zone = ZoneInfo(self.zone(reminder))
        reminder.days = (localdate(reminder.starts, zone) - localdate(at, zone)).days

    def still_true(self, reminder):
        return reminder.holds

    def still_concerns(self, reminder, person):
        return follows(reminder.booking.home_id, person)

    def zone(self, reminder):
        return reminder.booking.open_day.development.time_zone

    def url(self, reminder):
        return reverse("home:booking", args=[reminder.booking_id])

    def title(self, reminder):
        days = getattr(reminder, "days", None)  # a summary doesn't say how far off things are
        words = {
            "title": reminder.booking.open_day.title,
            "time": f"{localtime(reminder.starts):%H:%M}",
            "moment": full_date(reminder.starts),
            "days": days,
        }
        if days is None or days < 0:
            return _("%(moment)s: %(title)s") % words
        if days == 0:
            return _("Today at %(time)s: %(title)s") % words
        if days == 1:
            return _("Tomorrow at %(time)s: %(title)s") % words
        return ngettext("In %(days)s day: %(title)s", "In %(days)s days: %(title)s", days) % words

    def paragraphs(self, reminder):
        booking = reminder.booking
        expected = ngettext(
            "%(moment)s: we expect you, %(n)s person.", "%(moment)s: we expect you, %(n)s people.", booking.people
        )
        day = booking.open_day
        return [
            expected % {"moment": full_date(reminder.starts), "n": booking.people},
            day.meeting_point,
            day.route,
            day.bring,
        ]


@register("open-day-soon")
class OpenDaySoon(AboutBooking):
    """A week before, and the day before."""

    label = gettext_lazy("Reminders of open days")
    channels = (INBOX, EMAIL)

    def paragraphs(self, reminder):
        plans = _("If your plans have changed, please say so in the portal: others wait for a place.")
        return [*super().paragraphs(reminder), plans]


@register("open-day-today")
class OpenDayToday(AboutBooking):
    """Two hours before, or on the evening before an early one: on the telephone, since people are on their way."""

    label = gettext_lazy("Reminders shortly before an open day")
    channels = (INBOX, SMS)

    def sms(self, reminder):
        words = {"when": self.title(reminder), "where": reminder.booking.open_day.meeting_point}
        return _("%(when)s. We meet here: %(where)s") % words if words["where"] else words["when"]
