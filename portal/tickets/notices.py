"""What those who raised a ticket are told; registered in `TicketsConfig.ready`."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.notices import topics
from accounts.notices.kinds import Kind, register

from .mail.addresses import reply_address
from .models import Message, Ticket


class OfTicket(Kind):
    """To whoever raised it, as long as they may see it."""

    topic = topics.TICKETS
    mandatory = True
    action = gettext_lazy("See how it stands")
    why = gettext_lazy("You receive this message because you reported it to us.")

    def ticket(self, subject):
        raise NotImplementedError

    def still_concerns(self, subject, person):
        ticket = self.ticket(subject)
        if ticket.owner_id != person.pk:
            return False
        return person.user is None or Ticket.objects.of_people(person.user).filter(pk=ticket.pk).exists()

    def zone(self, subject):
        return self.ticket(subject).development.time_zone

    def url(self, subject):
        return reverse("home:ticket", args=[self.ticket(subject).pk])

    def reply_to(self, subject, person):
        return reply_address(self.ticket(subject), person)

    def context(self, subject):
        """Where mail is taken in, the e-mail says so."""
        if not settings.SERVICE_ADDRESS:
            return {}
        return {"why": _("You reported this to us. You can simply answer this e-mail: it comes to the same ticket.")}

    def words(self, subject):
        ticket = self.ticket(subject)
        return {"number": ticket.number, "title": ticket.title, "hotline": settings.COMPANY_HOTLINE}


@register("ticket-received")
class Received(OfTicket):
    label = gettext_lazy("We have what you reported")
    model = Ticket

    def subjects(self):
        return Ticket.objects.select_related("development", "owner__user")

    def ticket(self, ticket):
        return ticket

    def title(self, ticket):
        return _("We have it: %(number)s, %(title)s") % self.words(ticket)

    def paragraphs(self, ticket):
        if ticket.is_emergency:
            said = [
                _("This sounds like an emergency. Those on duty have been alerted. Please ring us now: %(hotline)s.")
            ]
        else:
            said = [
                _("Thank you. Its number is %(number)s. You see at any time who looks after it, and by when."),
                _("If it can't wait, please ring us, day and night: %(hotline)s."),
            ]
        return [words % self.words(ticket) for words in said]


@register("ticket-reply")
class Replied(OfTicket):
    """With the words of the answer."""

    label = gettext_lazy("Our answers to what you reported")
    model = Message
    action = gettext_lazy("Open the conversation")

    def subjects(self):
        return Message.objects.public().select_related("ticket__development", "ticket__owner__user")

    def ticket(self, message):
        return message.ticket

    def title(self, message):
        return _("Our answer: %(number)s, %(title)s") % self.words(message)

    def paragraphs(self, message):
        said = [line for line in message.text.splitlines() if line.strip()]
        if message.attachments.exists():
            said.append(_("There are photos or files with it; you see them in the portal."))
        return said

    def in_brief(self, message):
        return self.paragraphs(message)[:1]
