"""What erasing a customer means for their open tickets: what nobody is left to hear of ends, repairs go on."""

from django.utils.translation import gettext as _

from accounts.privacy.consequences import Consequence, register
from progress.models import Home

from .locking import lock_ticket
from .models import Ticket
from .steps import take_step


@register
class Tickets(Consequence):
    """Their own and their record are locked by then. What becomes of their words is said in `privacy`."""

    def told(self, owner):
        open_ones = Ticket.objects.open().filter(owner=owner)
        ending = _ending(owner).count()
        if ending:
            yield _("Tickets that are open end, as if withdrawn: %(count)s.") % {"count": ending}, False
        if going_on := open_ones.count() - ending:
            yield (
                _("Repairs of a home in which others live go on, without their words: %(count)s.")
                % {"count": going_on},
                False,
            )

    def carry_out(self, owner, *, by, at):
        for pk in list(_ending(owner).order_by("pk").values_list("pk", flat=True)):
            _end(lock_ticket(pk), at=at)


def _ending(owner):
    """All but the repairs of homes in which somebody else still lives."""
    theirs = Ticket.objects.open().filter(owner=owner)
    lived_in = Home.objects.exclude(pk__in=Home.objects.left_empty_by(owner).values("pk"))
    return theirs.exclude(kind=Ticket.Kind.REPAIR, home__in=lived_in)


def _end(ticket, *, at):
    if not ticket.is_open:
        return
    ticket.state, ticket.outcome = Ticket.State.CLOSED, Ticket.Outcome.WITHDRAWN
    ticket.closed_at, ticket.closed_how = at, Ticket.ClosedHow.STAFF
    ticket.unanswered_since = None
    ticket.version += 1
    ticket.save(update_fields=["state", "outcome", "closed_at", "closed_how", "unanswered_since", "version"])
    take_step(ticket, "withdrawn", by=None, at=at, because="erased")
