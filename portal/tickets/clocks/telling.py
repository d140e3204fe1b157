"""Owners hear of a new date: of the promise that it is solved, whoever or whatever has moved it."""

from accounts.notices.actions import tell
from progress.promises.models import PromiseMove

from .ledger import key_of
from .reckoning import RESOLUTION


def tell_of_date(ticket, clock, *, at):
    """Tell the owner of `ticket` that `clock` has another date now. Of one that is past already, nothing is said."""
    if clock.kind != RESOLUTION or ticket.owner is None or clock.promised_at <= at:
        return
    moves = PromiseMove.objects.filter(promise__key=key_of(clock))
    if move := moves.order_by("at", "pk").last():
        tell([ticket.owner], "ticket-postponed", move, at=at)
