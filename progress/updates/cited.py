"""What somebody said, cited in an update that tells what was changed because of it: apps above this one know the words.

    @source
    def words(update):
        return [LocalizedText, …]

    @when_published
    def tell_the_cited(update, *, at): ...

Modules that register are imported in their app's `AppConfig.ready`.
"""

_sources, _listeners = {}, {}


def source(function):
    """Register `function(update)`, which returns the words cited there, without names."""
    _sources[f"{function.__module__}.{function.__qualname__}"] = function
    return function


def when_published(function):
    """Register `function(update, *, at)`, called in the transaction that publishes."""
    _listeners[f"{function.__module__}.{function.__qualname__}"] = function
    return function


def cited_in(update):
    return [words for function in _sources.values() for words in function(update)]


def note_published(update, *, at):
    for function in _listeners.values():
        function(update, at=at)
