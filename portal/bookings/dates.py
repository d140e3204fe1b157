"""Open days in the owners' calendars: the bookings that stand, or stood and were kept."""

from django.utils.translation import gettext as _

from progress.feeds.sources import HISTORY, FeedDate, source

from .models import Booking


@source("open-day")
def booked_open_days(reader, *, at):
    """The way to the gate of a site is nobody's secret; who comes, and what they need, stays out."""
    if reader.owner.user is None:
        return
    homes = {home.pk: home for home in reader.homes}
    rows = Booking.objects.own(reader.owner.user).live().filter(home__in=homes, slot__starts__gt=at - HISTORY)
    for booking in rows.select_related("slot", "open_day").order_by("slot__starts", "pk"):
        home, day = homes[booking.home_id], booking.open_day
        words = {"place": day.meeting_point, "development": home.development}
        yield FeedDate(
            key=str(booking.pk),
            title=reader.named(home, _("Open day: %(title)s") % {"title": day.title}),
            start=booking.slot.starts,
            end=booking.slot.ends,
            zone=home.development.time_zone,
            place=_("%(place)s, %(development)s") % words if day.meeting_point else str(home.development),
            description=day.route,
        )
