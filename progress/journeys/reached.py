"""Who wants to know that milestones were reached. Upper apps register in `AppConfig.ready`:

@when_reached
def introduce_after_signing(change, milestones, *, at): ...
"""

_listeners = []


def when_reached(function):
    """Decorator: call it in the transaction in which milestones become reached: approved, or where one is enough."""
    _listeners.append(function)
    return function


def say_reached(change, milestones, *, at):
    """Tell the listeners, in the caller's transaction: what one of them raises undoes the report, too."""
    for listener in _listeners:
        listener(change, milestones, at=at)
