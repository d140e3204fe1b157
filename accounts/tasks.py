"""Recurring work on logins."""

from django.core.management import call_command

from . import jobs


@jobs.nightly
def forget_sessions(*, at):
    """Sessions that have ended leave the database."""
    call_command("clearsessions")
