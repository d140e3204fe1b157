"""What erasing a customer means for the complaints board: their cases are taken down."""

from django.utils.translation import gettext as _

from accounts.privacy.consequences import Consequence, register
from portal.tickets.locking import lock_ticket

from .actions import State, take_down
from .models import Entry


@register
class BoardEntries(Consequence):
    def told(self, owner):
        if count := Entry.objects.published().filter(ticket__owner=owner).count():
            yield _("What stands on the complaints board is taken down: %(count)s.") % {"count": count}, False

    def carry_out(self, owner, *, by, at):
        over = (State.DECLINED, State.WITHDRAWN)
        for entry in Entry.objects.filter(ticket__owner=owner).exclude(state__in=over).order_by("pk"):
            entry.ticket = lock_ticket(entry.ticket_id)
            take_down(entry, by=by, at=at)
