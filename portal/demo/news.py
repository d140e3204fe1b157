"""What the demonstration's sites have written, read from news.toml, with its days put in."""

import tomllib
import uuid
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from .journeys import named_days

HERE = Path(__file__).parent
NAMES = uuid.UUID("5a0c1f0e-6a1f-4a43-9c5b-2f6d3f1f7a10")
FRIDAY = 4


def newest_friday(today):
    """The Friday of the newest update, two to eight days ago."""
    return today - timedelta(days=2 + (today.weekday() - 2 - FRIDAY) % 7)


def coming_friday(today):
    """The next Friday after today."""
    return today + timedelta(days=1 + (FRIDAY - today.weekday() - 1) % 7)


def afternoon(day, hour=16):
    """Half past `hour` on `day` at the sites."""
    return datetime.combine(day, time(hour, 30), ZoneInfo(settings.TIME_ZONE))


def read_news():
    """The updates of news.toml: (those that are published, those that are scheduled or drafts)."""
    items = tomllib.loads((HERE / "news.toml").read_text(encoding="utf-8"))["update"]
    prepared = [item for item in items if item.get("coming") or item.get("draft")]
    return [item for item in items if item not in prepared], prepared


def id_of(key):
    """The id of the update called `key`, the same in every demonstration."""
    return uuid.uuid5(NAMES, key)


def published_at(item, friday):
    return afternoon(friday - timedelta(weeks=item["weeks"], days=item.get("days", 0)), item.get("hour", 16))


def texts_of(item, friday):
    """The four text fields; what is not written in a language is empty there."""
    days = named_days(friday)
    texts = {}
    for code, written in (("en", _in_english), ("zh", _in_chinese)):
        words = {name: written(day, with_year=name == "keys") for name, day in days.items()}
        for field in ("title", "body"):
            texts[f"{field}_{code}"] = item.get(f"{field}_{code}", "").strip().format_map(words)
    return texts


def _in_english(day, *, with_year):
    return f"{day.day} {day:%B %Y}" if with_year else f"{day.day} {day:%B}"


def _in_chinese(day, *, with_year):
    year = f"{day.year}年" if with_year else ""
    return f"{year}{day.month}月{day.day}日"


def photos_of(item):
    """The photos of an update, as a site manager's browser would send them."""
    return [_upload(photo["file"]) for photo in item.get("photo", [])]


def _upload(name):
    content = (HERE / "photos" / f"{name}.jpg").read_bytes()
    return SimpleUploadedFile(f"{name}.jpg", content, content_type="image/jpeg")
