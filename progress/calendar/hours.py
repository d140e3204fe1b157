"""Opening hours of one day, as people write them: "09:00-12:00 13:30-18:00"."""

import re
from itertools import pairwise
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

STRETCH = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)\s*[-–]\s*([01]?\d|2[0-4]):([0-5]\d)")
MIDNIGHT = 24 * 60


class Stretch(NamedTuple):
    """Minutes since midnight, from `opens` until `closes`."""

    opens: int
    closes: int


def read_hours(text):
    """The stretches in `text`, in order. Raises ValidationError when it is none, or they overlap."""
    closed_up = re.sub(r"\s*[-–]\s*", "-", text.strip())
    stretches = [_stretch(part) for part in re.split(r"[\s,;，；、]+", closed_up)]
    for earlier, later in pairwise(stretches):
        if later.opens < earlier.closes:
            raise ValidationError(_("These hours overlap or are out of order."))
    return tuple(stretches)


def _stretch(part):
    found = STRETCH.fullmatch(part)
    if not found:
        raise ValidationError(_("Please write hours like 09:00-12:00 13:30-18:00."))
    hours_from, minutes_from, hours_until, minutes_until = map(int, found.groups())
    opens, closes = hours_from * 60 + minutes_from, hours_until * 60 + minutes_until
    if not opens < closes <= MIDNIGHT:
        raise ValidationError(_("Hours end later than they begin, on the same day."))
    return Stretch(opens, closes)


def valid_hours(text):
    """A validator of hours."""
    read_hours(text)
