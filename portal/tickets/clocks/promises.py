"""What whoever reports something is promised: an answer, news, and that it is solved. Its clocks warn, these do not."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.tickets.models import Ticket
from progress.models import Assignment
from progress.promises.kinds import Kind, Step, register

from .reckoning import RESOLUTION, RESPONSE, UPDATE


class OfTicket(Kind):
    team = Assignment.Role.CUSTOMER_SERVICE
    steps = (Step("due", to=()),)

    def prepare(self, promises):
        tickets = {str(ticket.pk): ticket for ticket in _tickets([each.subject_id for each in promises])}
        for promise in promises:
            promise.ticket = tickets.get(promise.subject_id)

    def words(self, promise):
        ticket = getattr(promise, "ticket", None) or _tickets([promise.subject_id]).first()
        return self.about(ticket) if ticket else str(self.label)

    def url(self, promise):
        return reverse("desk_ticket:inspect", args=[promise.subject_id])


def _tickets(pks):
    return Ticket.objects.filter(pk__in=pks).only("number")


@register("ticket-response")
class Response(OfTicket):
    label = gettext_lazy("We answer what you reported")

    def about(self, ticket):
        return _("We answer %(number)s") % {"number": ticket.number}


@register("ticket-update")
class Update(OfTicket):
    label = gettext_lazy("News about what you reported")
    shown = False  # one after each answer: the ticket's own page shows it

    def about(self, ticket):
        return _("News about %(number)s") % {"number": ticket.number}


@register("ticket-resolution")
class Resolution(OfTicket):
    label = gettext_lazy("What you reported is solved")

    def about(self, ticket):
        return _("%(number)s is solved") % {"number": ticket.number}


PROMISED = {RESPONSE: "ticket-response", UPDATE: "ticket-update", RESOLUTION: "ticket-resolution"}
