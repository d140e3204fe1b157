"""Calendar files, read back by the library and line by line as RFC 5545 asks."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from icalendar import Calendar

from progress.feeds import ics
from progress.feeds.models import FeedEntry
from progress.feeds.sources import FeedDate
from tests.factories import NOW

DAY = date(2026, 12, 22)
CHINESE = "预计：您家厨房安装完成，随后验收；请留意时间变化" * 6


def entry(title="Forecast: Kitchen", start=DAY, cancelled=False, sequence=3, **fields):
    said = FeedDate("1", title, start, **fields).content
    return FeedEntry(
        content=said, key="milestone:1", sequence=sequence, changed_at=NOW, cancelled_at=NOW if cancelled else None
    )


def read(content):
    return Calendar.from_ical(content)


def event_of(content):
    (event,) = read(content).events
    return event


def timed(year, month, day, hour, zone, hours=1, minute=0):
    start = datetime(year, month, day, hour, minute, tzinfo=UTC)
    return entry(start=start, end=start + timedelta(hours=hours), zone=zone)


def test_a_whole_day_ends_the_day_after():
    event = event_of(ics.feed_file([entry()]))
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (DAY, date(2026, 12, 23))


def test_an_entry_has_what_a_calendar_needs_to_follow_it():
    one = entry()
    event = event_of(ics.feed_file([one]))
    said = {name: event[name] for name in ("UID", "SEQUENCE", "SUMMARY", "CLASS", "TRANSP", "STATUS")}
    assert said == {
        "UID": str(one.pk),
        "SEQUENCE": 3,
        "SUMMARY": "Forecast: Kitchen",
        "CLASS": "PRIVATE",
        "TRANSP": "TRANSPARENT",
        "STATUS": "CONFIRMED",
    }
    assert (event["DTSTAMP"].dt, event["LAST-MODIFIED"].dt) == (NOW, NOW)


def test_the_calendar_says_whose_it_is_and_how_often_to_ask():
    lines = ics.feed_file([entry()]).decode().split("\r\n")
    head = set(lines[: lines.index("BEGIN:VEVENT")])
    assert head == {
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "PRODID:-//Yanxia Homes//Homeowners portal//EN",
        "NAME:Yanxia Homes",
        "X-WR-CALNAME:Yanxia Homes",
        "REFRESH-INTERVAL;VALUE=DURATION:PT12H",
        "X-PUBLISHED-TTL:PT12H",
    }


def test_the_same_entries_make_the_same_bytes():
    entries = [entry(), timed(2026, 7, 1, 9, "Europe/London")]
    assert ics.feed_file(entries) == ics.feed_file(entries)


def test_no_line_is_longer_than_75_octets_and_no_character_is_torn():
    content = ics.feed_file([entry(title=CHINESE, description=CHINESE)])
    lines = content.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert all(line.decode() is not None for line in lines)
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert event_of(content)["SUMMARY"] == CHINESE


def test_commas_semicolons_and_backslashes_arrive_as_they_were():
    title = r"Doors, windows; C:\plans, 3 rooms"
    content = ics.feed_file([entry(title=title, place=title)])
    assert rb"SUMMARY:Doors\, windows\; C:\\plans\, 3 rooms" in content
    assert (event_of(content)["SUMMARY"], event_of(content)["LOCATION"]) == (title, title)


def test_nothing_can_be_smuggled_in_by_a_line_break():
    content = ics.feed_file([entry(title="Kitchen\r\nURL:https://evil.example/\r\nATTENDEE:mailto:x@y.example")])
    assert re.findall(rb"(?m)^(?:URL|ATTENDEE|ATTACH)", content) == []
    assert b"evil" not in content


def test_nothing_in_it_can_be_followed():
    content = ics.feed_file([entry(), entry(cancelled=True), timed(2026, 7, 1, 9, "Asia/Shanghai")])
    assert re.findall(rb"(?i)https?:|mailto:|www\.|ORGANIZER|ATTENDEE|ATTACH|URL", content) == []


@pytest.mark.parametrize(
    ("zone", "stamp", "local"),
    [
        ("Asia/Shanghai", (2026, 7, 1, 9), "20260701T170000"),
        ("Europe/London", (2026, 3, 29, 0), "20260329T000000"),  # an hour before the clocks go forward
        ("Europe/London", (2026, 3, 29, 1), "20260329T020000"),
        ("Europe/London", (2026, 10, 24, 23), "20261025T000000"),
        ("Europe/London", (2026, 10, 25, 2), "20261025T020000"),
        ("America/New_York", (2026, 11, 1, 7), "20261101T020000"),
    ],
)
def test_times_stand_in_the_zone_of_the_place_which_is_explained(zone, stamp, local):
    content = ics.feed_file([timed(*stamp, zone)])
    assert f"DTSTART;TZID={zone}:{local}".encode() in content
    (explained,) = read(content).timezones
    assert explained["TZID"] == zone
    start = event_of(content)["DTSTART"].dt
    assert start.astimezone(UTC) == datetime(*stamp, tzinfo=UTC)
    assert explained.to_tz().utcoffset(start.replace(tzinfo=None)) == start.utcoffset()


@pytest.mark.parametrize(("minute", "hour"), [(30, 0), (30, 1)])
def test_in_the_hour_that_comes_twice_a_time_is_written_so_that_it_is_one(hour, minute):
    content = ics.feed_file([timed(2026, 10, 25, hour, "Europe/London", minute=minute, hours=3)])
    assert f"DTSTART:20261025T{hour:02}{minute}00Z".encode() in content
    assert event_of(content)["DTSTART"].dt == datetime(2026, 10, 25, hour, minute, tzinfo=UTC)


def test_several_zones_are_explained_in_one_order():
    entries = [timed(2026, 7, 1, 9, zone) for zone in ("Europe/London", "Asia/Shanghai", "America/New_York")]
    names = [zone["TZID"] for zone in read(ics.feed_file(entries)).timezones]
    assert names == ["America/New_York", "Asia/Shanghai", "Europe/London"]


def test_days_alone_explain_no_zone():
    assert read(ics.feed_file([entry()])).timezones == []


def test_what_is_called_off_says_so_in_the_feed():
    event = event_of(ics.feed_file([entry(cancelled=True)]))
    assert (event["STATUS"], event["SUMMARY"]) == ("CANCELLED", "Forecast: Kitchen")


def test_one_date_is_published_and_called_off_under_the_same_number():
    put = entry()
    published = ics.calendar_file(put)
    put.cancelled_at, put.sequence = NOW, 4
    called_off = ics.calendar_file(put)
    assert (read(published)["METHOD"], read(called_off)["METHOD"]) == ("PUBLISH", "CANCEL")
    before, after = event_of(published), event_of(called_off)
    assert before["UID"] == after["UID"]
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert after["STATUS"] == "CANCELLED"
    assert b"REQUEST" not in called_off


def test_a_single_file_comes_from_the_company_and_names_nobody_else(settings):
    settings.DEFAULT_FROM_EMAIL = "Yanxia Homes <portal@yanxia.example>"
    event = event_of(ics.calendar_file(entry()))
    assert (event["ORGANIZER"], event["ORGANIZER"].params["CN"]) == ("mailto:portal@yanxia.example", "Yanxia Homes")
    assert "ATTENDEE" not in event
