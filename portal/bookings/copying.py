"""A new open day from an earlier one: the same words, rules and hours of the clock, on other days."""

from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.events.actions import record

from .errors import BookingError
from .models import OpenDay, SafetyRule, Slot

LANGUAGES = ("en", "zh")
TAKEN_ALONG = (
    *(f"{text}_{code}" for text in ("title", "summary", "meeting_point", "route", "bring") for code in LANGUAGES),
    *("development_id", "page_id", "past_milestone", "min_age", "max_party", "one_per_home", "offer_hours"),
)
HORIZON = timedelta(days=366)


@transaction.atomic
def copy_open_day(open_day, *, by, at, first_day):
    """A draft whose first time is on `first_day`; every hour stays what it was by the clock of the development.

    Times that had been called off are there again. Raises BookingError when the day is past or over a year off.
    """
    today = timezone.localdate(at, open_day.zone)
    if not today <= first_day <= today + HORIZON:
        raise BookingError(_("Please choose a day within a year."))
    slots = list(open_day.slots.order_by("starts", "pk"))
    days = first_day - timezone.localdate(slots[0].starts if slots else open_day.opens_at, open_day.zone)
    shift = _shift(days, open_day.zone)
    copy = OpenDay(copied_from=open_day, created_by=by, created_at=at)
    for name in TAKEN_ALONG:
        setattr(copy, name, getattr(open_day, name))
    for name in ("opens_at", "closes_at", "change_until"):
        setattr(copy, name, shift(getattr(open_day, name)))
    copy.guide = open_day.guide if open_day.guide and open_day.guide.is_active else None
    copy.save(force_insert=True)
    copy.buildings.set(open_day.buildings.all())
    _copy_parts(open_day, copy, slots, shift)
    record("created", copy, by=by, reason=str(open_day.pk))
    return copy


def _copy_parts(open_day, copy, slots, shift):
    SafetyRule.objects.bulk_create(
        SafetyRule(open_day=copy, order=rule.order, icon=rule.icon, text_en=rule.text_en, text_zh=rule.text_zh)
        for rule in open_day.rules.all()
    )
    Slot.objects.bulk_create(
        Slot(open_day=copy, starts=shift(slot.starts), ends=shift(slot.ends), capacity=slot.capacity) for slot in slots
    )


def _shift(days, zone):
    """A function that moves a moment by whole days of the zone's calendar: 09:00 stays 09:00 when clocks change."""

    def shifted(moment):
        wall = timezone.localtime(moment, zone)
        return datetime.combine(wall.date() + days, wall.time(), tzinfo=zone).astimezone(UTC)

    return shifted
