"""What the demonstration's sites have written, read from the files in `news/`, with its days put in."""

import tomllib
import uuid
from datetime import datetime, time, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.files.images import read_photo

from .journeys import named_days

HERE = Path(__file__).parent
NAMES = uuid.UUID("5a0c1f0e-6a1f-4a43-9c5b-2f6d3f1f7a10")
FRIDAY = 4
WEEKDAYS = "一二三四五六日"
SEASONS = ("winter", "spring", "summer", "autumn")


def newest_friday(today):
    """The Friday of the newest update, two to eight days ago."""
    return today - timedelta(days=2 + (today.weekday() - 2 - FRIDAY) % 7)


def coming_friday(today):
    """The next Friday after today."""
    return next_weekday(today, FRIDAY)


def next_weekday(day, weekday):
    """The first such weekday after `day`; Monday is 0."""
    return day + timedelta(days=1 + (weekday - day.weekday() - 1) % 7)


def afternoon(day, hour=16):
    """Half past `hour` on `day` at the sites."""
    return datetime.combine(day, time(hour, 30), ZoneInfo(settings.TIME_ZONE))


@cache
def read_news():
    """The updates of all files: (those that are published, those that are scheduled or drafts)."""
    items = []
    for path in sorted((HERE / "news").glob("*.toml")):
        items += tomllib.loads(path.read_text(encoding="utf-8"))["update"]
    prepared = [item for item in items if item.get("coming") or item.get("draft")]
    return [item for item in items if item not in prepared], prepared


@cache
def read_questions():
    return tomllib.loads((HERE / "questions.toml").read_text(encoding="utf-8"))["question"]


def id_of(key):
    """The id of the update called `key`, the same in every demonstration."""
    return uuid.uuid5(NAMES, key)


def published_at(item, friday):
    return afternoon(day_of(item, friday), item.get("hour", 16))


def day_of(item, friday):
    return friday - timedelta(weeks=item["weeks"], days=item.get("days", 0))


def terms_of(item, friday, today):
    """How urgent an announcement is and how long it is valid; None for what is none."""
    terms = item.get("announcement")
    if terms is None:
        return None
    zone = ZoneInfo(settings.TIME_ZONE)
    return {
        "urgent": terms.get("urgent", False),
        "emergency": terms.get("emergency", False),
        "valid_from": None,
        "valid_until": datetime.combine(_day_meant(item, friday, today), time(terms["hour"]), zone),
    }


def _day_meant(item, friday, today):
    terms = item["announcement"]
    after = today if terms.get("current") else day_of(item, friday)
    return next_weekday(after, terms["weekday"])


def texts_of(item, friday, today=None):
    """The four text fields; what is not written in a language is empty there."""
    days = named_days(friday)
    if "announcement" in item:
        days["day"] = _day_meant(item, friday, today)
    texts = {}
    for code, written in (("en", _in_english), ("zh", _in_chinese)):
        words = {name: written(day, name) for name, day in days.items()}
        for field in ("title", "body"):
            texts[f"{field}_{code}"] = item.get(f"{field}_{code}", "").strip().format_map(words)
    return texts


def _in_english(day, name):
    if name == "day":
        return f"{day:%A} {day.day} {day:%B}"
    return f"{day.day} {day:%B %Y}" if name.startswith("keys") else f"{day.day} {day:%B}"


def _in_chinese(day, name):
    year = f"{day.year}年" if name.startswith("keys") else ""
    weekday = f"（周{WEEKDAYS[day.weekday()]}）" if name == "day" else ""
    return f"{year}{day.month}月{day.day}日{weekday}"


def photos_of(item, day):
    """The photos of an update written on `day`, as a site manager's form has checked them."""
    return [photo_called(file_of(photo, day)) for photo in item.get("photo", [])]


def file_of(photo, day):
    """Some views were photographed in each of the seasons."""
    return photo["file"].format(season=SEASONS[day.month % 12 // 3])


@cache
def photo_called(name):
    """Read and checked once, however often it is shown."""
    return read_photo(_upload(name))


def _upload(name):
    content = (HERE / "photos" / f"{name}.jpg").read_bytes()
    return SimpleUploadedFile(f"{name}.jpg", content, content_type="image/jpeg")
