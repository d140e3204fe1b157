"""What staff may write into the calendar."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from progress.calendar.hours import read_hours
from progress.calendar.models import CalendarOverride
from tests.factories import DevelopmentFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("09:00-18:00", [(540, 1080)]),
        ("9:00 - 12:00, 13:30–18:00", [(540, 720), (810, 1080)]),
        ("00:00-24:00", [(0, 1440)]),
    ],
)
def test_hours_are_read_as_people_write_them(text, minutes):
    assert [tuple(stretch) for stretch in read_hours(text)] == minutes


@pytest.mark.parametrize(
    "text",
    ["", "9-18", "18:00-09:00", "09:00-09:00", "09:00-24:30", "09:00-12:00 11:00-13:00", "09:60-10:00", "always"],
)
def test_hours_that_are_none_are_refused(text):
    with pytest.raises(ValidationError):
        read_hours(text)


def test_a_day_is_changed_once():
    CalendarOverride.objects.create(date=date(2027, 2, 14), working=True)
    with pytest.raises(ValidationError, match="changed already"):
        CalendarOverride(date=date(2027, 2, 14)).full_clean()


def test_a_day_off_has_no_hours():
    with pytest.raises(ValidationError, match="A day off has no hours"):
        CalendarOverride(date=date(2027, 2, 14), hours="09:00-12:00").full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        CalendarOverride.objects.create(date=date(2027, 2, 14), hours="09:00-12:00")


@pytest.mark.parametrize("code", ["XX", "", "CN-NOWHERE", "cn;drop"])
def test_an_unknown_country_is_refused(code):
    with pytest.raises(ValidationError):
        CalendarOverride(calendar=code, date=date(2027, 2, 14)).full_clean()
    development = DevelopmentFactory.build(calendar=code)
    with pytest.raises(ValidationError, match="calendar"):
        development.clean_fields()
