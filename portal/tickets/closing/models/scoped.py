"""What belongs to a ticket is seen by whoever sees the ticket."""

from django.db import models

from portal.tickets.models import Ticket
from progress import scope


class OfTicket(models.QuerySet):
    """Rows with a foreign key `ticket`."""

    def for_user(self, user):
        return self.filter(ticket__in=Ticket.objects.for_user(user).order_by().values("pk"))


class OfDesk(models.QuerySet):
    """Rows with a foreign key `ticket` that owners never see."""

    path = "ticket__development"

    def for_user(self, user):
        """For staff who work with tickets, of the developments assigned to them."""
        return self.filter(scope.of_assigned(user, Ticket, self.path))
