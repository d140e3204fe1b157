"""Recurring work on households."""

from accounts import jobs

from .actions import close_invitations_of_former_hosts


@jobs.every_minute
def close_orphaned_invitations(*, at):
    """Whoever has lost the home invites nobody to it: also when the right ended by its date, or by staff's hand."""
    close_invitations_of_former_hosts(by=None, at=at)
