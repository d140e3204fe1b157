"""What stands in the record: every version of the text, every home with its answers, every call."""

from itertools import groupby

from django.conf import settings
from django.utils.translation import get_language

from .standing import homes_by, rows_of, tally


def content_of(change, *, at):
    """The context of templates/pdf/design_record.html, in the active language and zone."""
    rows, counted = rows_of(change, homes_by(change, "")), tally(change)
    unowned = set(homes_by(change, "unowned").values_list("pk", flat=True))
    return {
        "company": {"name": settings.COMPANY_NAME.get(get_language(), settings.COMPANY_NAME["en"])},
        "change": change,
        "at": at,
        "over": change.is_over(at=at),
        "texts": [(text, list(change.drawings_of(text.version))) for text in change.texts.select_related("by")],
        "tally": counted | {"all": counted[""]},
        "buildings": [_building(list(some), unowned) for _pk, some in groupby(rows, lambda row: row.home.building_id)],
        "calls": [(row.home, call) for row in rows for call in row.calls],
    }


def _building(rows, unowned):
    """Its homes: each answer with its home, those who are silent, and those with nobody to ask."""
    waiting = [row for row in rows if not row.is_answered]
    return {
        "building": rows[0].home.building,
        "answered": [(row, answer) for row in rows for answer in row.answers],
        "silent": [row for row in waiting if row.home.pk not in unowned],
        "unowned": [row for row in waiting if row.home.pk in unowned],
    }
