"""The sweep of care: opens what rules owe, lets it follow its occasions, and writes to households in time."""

from .advancing import advance
from .heartbeat import note_run
from .moving import move_promises
from .opening import open_promises


def sweep(*, at):
    """All of it. Run again, late or on two machines at once, everything happens once. Returns {what: how many}."""
    moved = move_promises(at=at)  # first: what is opened right after needs no second look
    done = {"opened": open_promises(at=at), "moved": moved, "sent": advance(at=at)}
    note_run(at=at, swept=True)
    return done
