"""Calendar files (RFC 5545) of what somebody's calendars are told. The same entries make the same bytes."""

from datetime import date, timedelta
from email.utils import parseaddr
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.dateparse import parse_date, parse_datetime
from icalendar import Calendar, Event, Timezone, vCalAddress, vDuration

from accounts.invitations import company_name

REFRESH = timedelta(hours=12)
CONTENT_TYPE = "text/calendar; charset=utf-8"


def feed_file(entries):
    """All of `entries` as a calendar to subscribe to."""
    calendar = _calendar("PUBLISH")
    calendar.calendar_name = company_name()
    calendar.add("REFRESH-INTERVAL", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("X-PUBLISHED-TTL", vDuration(REFRESH).to_ical().decode())
    return _finished(calendar, entries)


def calendar_file(entry):
    """One date to be put into a calendar, or taken out of it: called off, it is METHOD:CANCEL with the same UID."""
    calendar = _calendar(method_of(entry))
    return _finished(calendar, [entry], organizer=_organizer())


def method_of(entry):
    """The METHOD of a file that holds this date alone."""
    return "CANCEL" if entry.cancelled_at else "PUBLISH"


def _calendar(method):
    calendar = Calendar()
    calendar.add("PRODID", f"-//{settings.COMPANY_NAME['en']}//Homeowners portal//EN")
    calendar.add("VERSION", "2.0")
    calendar.add("CALSCALE", "GREGORIAN")
    calendar.add("METHOD", method)
    return calendar


def _organizer():
    """The company, as RFC 5546 asks of a file that is sent: at the address from which all its messages come."""
    organizer = vCalAddress(f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}")
    organizer.params["CN"] = company_name()
    return organizer


def _finished(calendar, entries, organizer=None):
    for entry in entries:
        calendar.add_component(_event(entry, organizer))
    if years := [moment.year for moment in _local_moments(calendar)]:
        for name in sorted(calendar.get_missing_tzids(), reverse=True):
            calendar.subcomponents.insert(0, _explained(name, min(years), max(years)))
    return calendar.to_ical()


@lru_cache(maxsize=64)
def _explained(name, first, last):
    """The time zone as calendars read it, for these years; to work it out takes longer than all the rest."""
    return Timezone.from_tzid(name, first_date=date(first, 1, 1), last_date=date(last + 1, 1, 1))


def _local_moments(calendar):
    """The times that are written in a time zone of their own, for which the zone has to be explained."""
    stamps = [event[name].dt for event in calendar.events for name in ("DTSTART", "DTEND") if name in event]
    return [stamp for stamp in stamps if isinstance(getattr(stamp, "tzinfo", None), ZoneInfo)]


def _event(entry, organizer):
    said = entry.content
    event = Event()
    event.add("UID", str(entry.pk))
    event.add("SEQUENCE", entry.sequence)
    event.add("DTSTAMP", entry.changed_at)
    event.add("LAST-MODIFIED", entry.changed_at)
    event.add("SUMMARY", said["title"])
    _add_times(event, said)
    for name, text in (("DESCRIPTION", said["description"]), ("LOCATION", said["place"])):
        if text:
            event.add(name, text)
    event.add("CLASS", "PRIVATE")  # whoever shares a calendar shows that there is something, not what
    event.add("TRANSP", "TRANSPARENT")
    if organizer:
        event.add("ORGANIZER", organizer)
    event.add("STATUS", "CANCELLED" if entry.cancelled_at else "CONFIRMED")
    return event


def _add_times(event, said):
    if said["zone"]:
        zone = ZoneInfo(said["zone"])
        event.add("DTSTART", _at(said["start"], zone))
        if said["end"]:
            event.add("DTEND", _at(said["end"], zone))
        return
    first = parse_date(said["start"])
    event.add("DTSTART", first)
    event.add("DTEND", (parse_date(said["end"]) if said["end"] else first) + timedelta(days=1))  # the day after


def _at(written, zone):
    """In the time zone of the place; the hour that comes twice in autumn says nothing there, and is written in UTC."""
    moment = parse_datetime(written)
    local = moment.astimezone(zone)
    return moment if local.utcoffset() != local.replace(fold=1 - local.fold).utcoffset() else local
