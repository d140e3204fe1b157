"""What colleagues are told when owners say something about the end of a ticket."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.notices import topics
from accounts.notices.kinds import register
from portal.surveys.models import Satisfaction
from portal.tickets.models import Ticket

from .notices import HowContent, ToOwner


class ToColleagues(ToOwner):
    topic = topics.DESK
    mandatory = False
    action = gettext_lazy("Open the ticket")
    why = gettext_lazy("You receive this message because you look after tickets there.")

    def reply_to(self, subject, person):
        return ""

    def context(self, subject):
        return {}

    def still_concerns(self, subject, person):
        return Ticket.objects.for_user(person).filter(pk=self.ticket(subject).pk).exists()

    def url(self, subject):
        return reverse("desk_ticket:inspect", args=[self.ticket(subject).pk])

    def paragraphs(self, subject):
        ticket = self.ticket(subject)
        return [_("%(number)s, %(home)s.") % {"number": ticket.number, "home": ticket.home}]


@register("ticket-reopened")
class Reopened(ToColleagues):
    label = gettext_lazy("Tickets that owners open again")

    def still_true(self, ticket):
        return ticket.is_open

    def title(self, ticket):
        return _("Not done, says the owner: %(title)s") % self.words(ticket)


@register("ticket-withdrawn")
class Withdrawn(ToColleagues):
    label = gettext_lazy("Tickets that owners withdraw")

    def still_true(self, ticket):
        return ticket.state == Ticket.State.CLOSED

    def title(self, ticket):
        return _("Withdrawn by its owner: %(title)s") % self.words(ticket)


@register("ticket-low-score")
class LowScore(ToColleagues):
    """At once, so that somebody rings within a working day. What the owner wrote stands in the portal only."""

    label = gettext_lazy("Owners who are not content")
    model = Satisfaction
    mandatory = True
    subjects, ticket = HowContent.subjects, HowContent.ticket

    def still_true(self, question):
        return question.is_low

    def title(self, question):
        return _("%(score)s of 5, please ring: %(title)s") % {"score": question.score, **self.words(question)}
