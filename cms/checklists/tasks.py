"""Recurring work on checklists: what falls due is found as guides, milestones and households change."""

from datetime import timedelta
from time import monotonic

from django.core.cache import cache
from django.utils import timezone

from accounts import jobs

from . import promising, sweep
from .reminding import remind
from .signs import signs_of_change

BUDGET = timedelta(seconds=20)
SEEN = "checklists:seen"


@jobs.every_minute
def find_due_entries(*, at):
    """Only where something has changed since; what is not done within its time goes on in the next minute."""
    on = _today(at)
    signs = signs_of_change(on=on)
    if cache.get(SEEN) != signs and _bring_up_to_date(on=on, at=at, ends=monotonic() + BUDGET.total_seconds()):
        cache.set(SEEN, signs, timeout=None)


@jobs.nightly
def find_all_due_entries(*, at):
    """Whatever the signs say."""
    _bring_up_to_date(on=_today(at), at=at, ends=float("inf"))


@jobs.nightly
def remind_of_due_entries(*, at):
    remind(at=at)


def _bring_up_to_date(*, on, at, ends):
    def enough():
        return monotonic() > ends

    return sweep.bring_up_to_date(on=on, enough=enough) and promising.bring_up_to_date(at=at, enough=enough)


def _today(at):
    return timezone.localdate(at, timezone.get_default_timezone())
