"""Recurring work on places."""

from django.utils import timezone

from accounts import jobs

from .actions import turn_rights


@jobs.every_minute
def turn_rights_today(*, at):
    """Ownerships and assignments begin and end on their day."""
    turn_rights(on=timezone.localdate(at))
