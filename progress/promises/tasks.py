"""Recurring work on promises."""

from accounts import jobs

from .sweep import sweep


@jobs.every_minute
def advance_promises(*, at):
    sweep(at=at)
