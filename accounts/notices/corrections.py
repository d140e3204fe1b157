"""Addresses that take nothing any more, and are then put right.

Somebody has to put them right: upper apps listen. Each registers its own in `AppConfig.ready`:

@on_suppressed
class PutRight(Listener):
    def suppressed(self, person, address, *, at): ...
"""

import structlog
from django.db import transaction

log = structlog.get_logger(__name__)

_listeners = []


class Listener:
    """Called in the transaction that makes the change. What goes wrong in it is logged and undoes nothing else."""

    def suppressed(self, person, address, *, at):
        """The Address `address` of an Owner or User is not written to any more."""

    def corrected(self, person, *, by, at):
        """It was written anew, or proved, where this Owner or User is reached."""


def on_suppressed(listener):
    """Class decorator: tell this one, too."""
    _listeners.append(listener())
    return listener


def say_suppressed(person, address, *, at):
    """Tell the listeners: the Address is not written to any more."""
    for each in _listeners:
        _say(each.suppressed, person, address, at=at)


def say_corrected(person, *, by, at):
    """Tell the listeners: this Owner or User may be reached again."""
    for each in _listeners:
        _say(each.corrected, person, by=by, at=at)


def _say(hook, *args, **kwargs):
    try:
        with transaction.atomic():
            hook(*args, **kwargs)
    except Exception:
        log.exception("address_listener_failed", listener=type(hook.__self__).__name__)
