"""Public holidays and make-up working days by country, from the library `holidays`."""

from functools import cache

import holidays
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


@cache
def country(code):
    """The holidays of a country ("CN") or of a part of one ("GB-ENG"). Raises NotImplementedError for an unknown one.

    Kept for the life of the process: a year is worked out once.
    """
    land, _hyphen, part = code.partition("-")
    return holidays.country_holidays(land, subdiv=part or None)


def known_calendar(code):
    """A validator: a country that the library knows."""
    try:
        country(code)
    except NotImplementedError:
        raise ValidationError(_("This country is not known. Examples: CN, GB-ENG.")) from None


def is_working_day(code, day):
    """Whether people work: no weekend and no holiday, or a weekend day that makes up for one."""
    return country(code).is_working_day(day)


def name_of_holiday(code, day):
    """What is celebrated on `day`, or "". In the country's own words."""
    return country(code).get(day) or ""
