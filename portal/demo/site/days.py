"""The days that the site's texts name, in the words of their language."""

from datetime import timedelta

from portal.demo.journeys import HANDED_OVER, named_days
from portal.demo.news import WEEKDAYS

OPEN_DAY, SITE_WALK, MEASURED = 15, 22, -67  # days from the newest Friday; the first two are Saturdays


class Day:
    """A day in a text: `{keys}` in full, `{keys:month}`, `{half_planned:day}` without its year, `{open_day:meet}`."""

    def __init__(self, day, language):
        self.day, self.language = day, language

    def __format__(self, kind):
        written = IN_CHINESE if self.language == "zh" else IN_ENGLISH
        return written[kind](self.day)


IN_ENGLISH = {
    "": lambda day: f"{day.day} {day:%B %Y}",
    "day": lambda day: f"{day.day} {day:%B}",
    "month": lambda day: f"{day:%B %Y}",
    "meet": lambda day: f"{day:%A} {day.day} {day:%B}",
}
IN_CHINESE = {
    "": lambda day: f"{day.year}年{day.month}月{day.day}日",
    "day": lambda day: f"{day.month}月{day.day}日",
    "month": lambda day: f"{day.year}年{day.month}月",
    "meet": lambda day: f"{day.month}月{day.day}日（周{WEEKDAYS[day.weekday()]}）",
}


def days_of(friday, language):
    """{name: Day} as texts in `language` ("en", "zh") use them; `friday` is the newest one."""
    days = named_days(friday) | {
        "handed": friday + timedelta(days=HANDED_OVER),
        "open_day": friday + timedelta(days=OPEN_DAY),
        "site_walk": friday + timedelta(days=SITE_WALK),
        "measured": friday + timedelta(days=MEASURED),
    }
    return {name: Day(day, language) for name, day in days.items()}
