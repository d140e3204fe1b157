"""What becomes of tickets when a home changes hands: the repairs stay with it, what was said with whoever said it."""

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts.events.actions import record_each
from progress.transfers.parts import Line, Part, register

from .models import Ticket


@register
class Tickets(Part):
    """Nothing is closed by it: a tap that drips goes on dripping, and whoever complained is owed an answer.

    The new household sees of a repair that it is done, or being done, and never a word of the conversation; the
    former one reads and follows its own for 180 days more.
    """

    def passes_on(self, home):
        repairs = home.tickets.filter(kind=Ticket.Kind.REPAIR)
        return [
            Line(_("repairs that are being done"), repairs.open().count()),
            Line(_("repairs that were done"), Ticket.objects.repairs_of(home).count()),
        ]

    def ends(self, home):
        return [
            Line(
                _("tickets that wait for us, which only those who raised them can still read"),
                home.tickets.filter(of_former=False).open().count(),
            )
        ]

    def carry_out(self, transfer, *, former, by, at):
        """Staff who have one of them open are told to look again: its people are others now."""
        theirs = transfer.home.tickets.filter(of_former=False)
        locked = list(theirs.select_for_update(no_key=True).order_by("pk"))  # as whoever merges two of them does
        going_on = [ticket for ticket in locked if ticket.is_open]
        theirs.update(of_former=True, version=F("version") + 1)
        record_each("passed on", going_on, by=by)
