"""Recurring work on documents."""

from accounts import jobs

from .actions import dismiss_forgotten


@jobs.nightly
def throw_away_forgotten_batches(*, at):
    """Files that were sent and never placed do not stay."""
    dismiss_forgotten(at=at)
