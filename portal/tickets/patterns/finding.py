"""Looks for patterns every night: a few queries over half a year of tickets, never one a ticket."""

from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Count, Max

from accounts.events.actions import record
from accounts.notices.actions import tell
from progress.models import Assignment
from progress.promises.sweep import colleagues

from .models import Pattern, defects, given_jobs

COMMON = ("house_type", "contractor")  # what homes may have in common


def find_patterns(at):
    """Write down each that is new, and tell the supervisors there. Twice in a row changes nothing. Returns the new."""
    since = at - timedelta(days=settings.TICKET_PATTERNS["days"])
    return [pattern for common in COMMON for pattern in _found(common, since=since, at=at)]


def _found(common, *, since, at):
    standing = set(Pattern.objects.unsettled().values_list("development", "component", common))
    settled = Pattern.objects.filter(settled_at__gt=since).order_by()
    settled = {
        tuple(row[:3]): row[3] for row in settled.values_list("development", "component", common, Max("settled_at"))
    }
    for key in _groups(common, since=since, at=at):
        if key in standing:
            continue
        begins = settled.get(key)
        if begins and key not in _groups(common, since=begins, at=at, only=key):
            continue
        if pattern := _write_down(common, key, since=begins or since, at=at):
            yield pattern


def _groups(common, *, since, at, only=None):
    """(development, component, house type or contractor) where enough homes have the same defect."""
    path = "home__house_type" if common == "house_type" else "jobs__contractor"
    rows = defects().filter(reported_at__gt=since, reported_at__lte=at).exclude(**{path: None})
    if common == "contractor":
        rows = rows.filter(jobs__in=given_jobs())
    if only:
        rows = rows.filter(development=only[0], component=only[1], **{path: only[2]})
    keys = rows.order_by().values_list("development", "component", path).annotate(homes=Count("home", distinct=True))
    return [tuple(row[:3]) for row in keys.filter(homes__gte=settings.TICKET_PATTERNS["homes"])]


def _write_down(common, key, *, since, at):
    development, component, shared = key
    values = {"development_id": development, "component_id": component, f"{common}_id": shared}
    try:
        with transaction.atomic():
            pattern = Pattern.objects.create(since=since, found_at=at, **values)
            record("found", pattern, by=None)
            tell(supervisors_of(pattern), "ticket-pattern", pattern, at=at)
    except IntegrityError:  # another process was faster
        return None
    return pattern


def supervisors_of(pattern):
    """Who hears of it."""
    return colleagues(pattern.development, Assignment.Role.SUPERVISOR)
