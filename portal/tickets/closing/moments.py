"""When what happens by itself falls due: never at night, never in a hurry after the worker stood still."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from accounts.notices.quiet import night_ends
from progress.calendar.clock import clock_of

REMINDED_AFTER = (timedelta(days=2), timedelta(days=5))
CLOSED_AFTER = timedelta(days=7)
REOPENED_WITHIN = 30  # days after the day it was closed
AT_LEAST = timedelta(days=1)  # between one reminder and the next, however late the first was
LAST_WORD = timedelta(days=2)  # between the last reminder and the end
CALLED_WITHIN = 2  # working days after the end of a repair


def next_moment(resolution, *, after=None):
    """When the next reminder goes out, or the ticket closes; `after`: when the last reminder did.

    A worker that stood still makes up for a reminder, and its reader has two days left all the same.
    """
    return _moment(resolution, resolution.reminders, after)


def closes_at(resolution):
    """When it closes if nobody says anything from now on."""
    moment = resolution.next_at or next_moment(resolution)
    for sent in range(resolution.reminders + 1, len(REMINDED_AFTER) + 1):
        moment = _moment(resolution, sent, moment)
    return moment


def _moment(resolution, sent, after):
    """What comes after so many reminders."""
    last = sent == len(REMINDED_AFTER)
    planned, pause = (CLOSED_AFTER, LAST_WORD) if last else (REMINDED_AFTER[sent], AT_LEAST)
    moment = resolution.quiet_since + planned
    return by_day(max(moment, after + pause) if after else moment, resolution.ticket.development.time_zone)


def by_day(moment, zone):
    """The moment itself; of one at night, the morning after."""
    return night_ends(at=moment, zone=zone) or moment


def last_day_to_reopen(ticket):
    """The last day, at the home, on which a closed ticket is opened again by one tap."""
    return timezone.localdate(ticket.closed_at, ZoneInfo(ticket.development.time_zone)) + timedelta(
        days=REOPENED_WITHIN
    )


def can_be_reopened(ticket, *, at):
    """Whether its people may open it again themselves."""
    if ticket.state != ticket.State.CLOSED:
        return False
    return timezone.localdate(at, ZoneInfo(ticket.development.time_zone)) <= last_day_to_reopen(ticket)


def call_due(development, *, at):
    """By when the owner is called after a repair: the end of the second working day."""
    clock = clock_of(development)
    return clock.closing(clock.add_days(timezone.localdate(at, clock.zone), CALLED_WITHIN))


def call_back_due(development, *, at):
    """Within one working day: at this hour of the next working day, or when work begins after it."""
    clock = clock_of(development)
    local = clock.add(at, timedelta()).astimezone(clock.zone)
    day = clock.add_days(local.date(), 1)
    moment = datetime.combine(day, local.timetz().replace(tzinfo=None) or time(), tzinfo=clock.zone)
    return clock.add(moment, timedelta())
