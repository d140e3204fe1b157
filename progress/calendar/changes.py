"""Who reckons anew when staff change a day of a calendar. Upper apps say so in `AppConfig.ready`:

@on_change
def recount_later(): ...

It is called in the transaction of the change, so whatever takes long is queued there and done by the worker.
"""

_followers = {}


def on_change(function):
    """Decorator: call `function()` whenever a day was changed, or is as it was before."""
    _followers[f"{function.__module__}.{function.__qualname__}"] = function
    return function


def changed():
    """Let all of them know."""
    for function in list(_followers.values()):
        function()
