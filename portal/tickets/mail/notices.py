"""What owners are told about mail: that it came to a ticket that is closed, and how to open it again."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.notices.kinds import register
from portal.tickets.models import Ticket
from portal.tickets.notices import OfTicket


@register("ticket-mail-closed")
class MailToClosed(OfTicket):
    """Once a day and ticket, however often they write; to whoever wrote, as long as they see it."""

    label = gettext_lazy("Your e-mails about tickets that are closed")
    model = Ticket

    def subjects(self):
        return Ticket.objects.select_related("development", "owner__user")

    def ticket(self, ticket):
        return ticket

    def still_true(self, ticket):
        return ticket.state == Ticket.State.CLOSED

    def still_concerns(self, ticket, person):
        return person.user is None or Ticket.objects.of_people(person.user).filter(pk=ticket.pk).exists()

    def title(self, ticket):
        return _("%(number)s is closed; we have your e-mail") % self.words(ticket)

    def paragraphs(self, ticket):
        return [
            _("Your e-mail stands in the ticket, and we read it. The ticket itself stays closed."),
            _("If it is not settled, please open it again: one tap on its page, for 30 days after it was closed."),
        ]
