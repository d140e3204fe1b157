"""What happens by itself: on the morning after, those who came are asked what they think."""

from datetime import time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from accounts import jobs
from accounts.notices.actions import tell
from portal.bookings.models import Booking

from .actions import CAME
from .models import OpinionRequest

MORNING, EVENING = time(9), time(20)
NEWEST = timedelta(days=7)  # older visits are not asked about any more
AT_ONCE = 500


@jobs.every_minute
def ask_for_opinions(*, at):
    """Ask each party that came once, from nine on the day after, before eight in the evening.

    What came due while the worker stood still is made up for within a week. Running it twice asks once.
    """
    came = Booking.objects.filter(state__in=CAME, owner__isnull=False, home__isnull=False)
    came = came.filter(slot__ends__range=(at - NEWEST, at), opinion_request=None, opinion=None)
    for booking in came.select_related("slot", "owner", "open_day__development").order_by("slot__ends")[:AT_ONCE]:
        if is_the_morning_after(booking, at=at):
            _ask(booking, at=at)


def is_the_morning_after(booking, *, at):
    zone = ZoneInfo(booking.open_day.development.time_zone)
    now, ended = at.astimezone(zone), booking.slot.ends.astimezone(zone)
    return now.date() > ended.date() and MORNING <= now.time() < EVENING


@transaction.atomic
def _ask(booking, *, at):
    _request, is_new = OpinionRequest.objects.get_or_create(booking=booking, defaults={"asked_at": at})
    if is_new:
        tell([booking.owner], "opinion-wanted", booking, at=at, expires=at + timedelta(days=14))
