"""Dates as words, in the reader's language; times in the zone that is active."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language

WEEKDAYS_ZH = "一二三四五六日"


def in_chinese():
    return (get_language() or "").startswith("zh")


def local(value):
    """A datetime in the active zone; a date as it is."""
    return timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value


def machine(value):
    """For `<time datetime>`: a day, or a moment with its offset."""
    return local(value).isoformat(timespec="minutes") if isinstance(value, datetime) else value.isoformat()


def weekday(value):
    """Sat, 周六."""
    value = local(value)
    return f"周{WEEKDAYS_ZH[value.weekday()]}" if in_chinese() else date_format(value, "D")


def short_date(value):
    """5 Dec 2026, 2026年12月5日."""
    return date_format(local(value), "Y年n月j日" if in_chinese() else "j M Y")


def full_date(value):
    """Saturday 5 December 2026, 2026年12月5日 周六; a moment also has its time, 10:30."""
    value = local(value)
    if in_chinese():
        words, clock = f"{short_date(value)} {weekday(value)}", " {:%H:%M}"
    else:
        words, clock = date_format(value, "l j F Y"), ", {:%H:%M}"
    return words + clock.format(value) if isinstance(value, datetime) else words
