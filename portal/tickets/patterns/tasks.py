"""The worker's entry point."""

from accounts.jobs import nightly

from .finding import find_patterns


@nightly
def find(*, at):
    """Patterns among the tickets of the last half year."""
    find_patterns(at)
