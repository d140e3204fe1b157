"""Who else hears of each step of a ticket, in the same transaction. Apps register in `AppConfig.ready`:

@follows
def recompute(ticket, step, *, by, at): ...
"""

_followers = {}


def follows(function):
    """Call `function(ticket, step, *, by, at)` after each step. In the order of registration."""
    _followers[f"{function.__module__}.{function.__qualname__}"] = function
    return function


def tell_followers(ticket, step, *, by, at):
    """The ticket is locked, and what changed of it is saved."""
    for function in _followers.values():
        function(ticket, step, by=by, at=at)
