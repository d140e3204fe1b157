"""Recurring work on open days. Run twice, late or on two machines, each step is taken once."""

from accounts import jobs

from . import gate, reminders, waiting


@jobs.every_minute
def move_waiting_lists_on(*, at):
    """Offers that have run out end, what is free is offered anew, and lines close when it is too late."""
    waiting.expire_offers(at=at)


@jobs.every_minute
def remind_of_open_days(*, at):
    reminders.remind(at=at)


@jobs.every_minute
def note_who_did_not_come(*, at):
    gate.sweep_no_shows(at=at)
