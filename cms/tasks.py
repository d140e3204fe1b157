"""Recurring work on pages."""

from django.core.management import call_command

from accounts import jobs


@jobs.every_minute
def publish_scheduled_pages(*, at):
    """Wagtail's own sweep: pages go live and expire at their time."""
    call_command("publish_scheduled", verbosity=0)
