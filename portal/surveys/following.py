"""Who hears of an answer: the apps that asked. Each registers for its own subjects in `AppConfig.ready`:

@when_answered("tickets.ticket")
def call_back(satisfaction, *, by, at): ...

It runs in the transaction of the answer.
"""

_followers = {}


def when_answered(subject_kind):
    """Decorator: `function(satisfaction, *, by, at)` hears of answers about subjects of this kind, "app.model"."""

    def decorate(function):
        followers = _followers.setdefault(subject_kind, {})
        followers[f"{function.__module__}.{function.__qualname__}"] = function
        return function

    return decorate


def tell_followers(satisfaction, *, by, at):
    for function in _followers.get(satisfaction.subject_kind, {}).values():
        function(satisfaction, by=by, at=at)
