"""Who hears of what becomes of a visit: the apps that asked for it. Each registers in `AppConfig.ready`:

@follows("care_checks.check")
def note_time(visit, verb, *, by, at): ...

It runs in the transaction of the change; `verb` is "booked", "cancelled", "done" or "missed".
"""

_followers = {}


def follows(subject_kind):
    """Decorator: `function(visit, verb, *, by, at)` hears of visits that rows of this kind, "app.model", asked for."""

    def decorate(function):
        followers = _followers.setdefault(subject_kind, {})
        followers[f"{function.__module__}.{function.__qualname__}"] = function
        return function

    return decorate


def tell_followers(visit, verb, *, by, at):
    for function in _followers.get(visit.subject_kind, {}).values():
        function(visit, verb, by=by, at=at)
