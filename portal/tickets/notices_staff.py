"""What staff are told about tickets; registered in `TicketsConfig.ready`."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.notices import topics
from accounts.notices.kinds import EMAIL, INBOX, SMS, Kind, register

from .models import Message, Ticket


class ForStaff(Kind):
    """Never with the words that an owner wrote: they are read at the desk."""

    topic = topics.DESK
    model = Ticket
    channels = (INBOX,)
    why = gettext_lazy("You receive this message because you look after this development.")

    def subjects(self):
        return Ticket.objects.select_related("development", "home__development", "home__building")

    def ticket(self, subject):
        return subject

    def still_concerns(self, subject, person):
        return Ticket.objects.of_staff(person).filter(pk=self.ticket(subject).pk).exists()

    def zone(self, subject):
        return self.ticket(subject).development.time_zone

    def url(self, subject):
        return reverse("desk_ticket:inspect", args=[self.ticket(subject).pk])

    def words(self, subject):
        ticket = self.ticket(subject)
        return {"number": ticket.number, "kind": ticket.get_kind_display(), "home": ticket.home}

    def paragraphs(self, subject):
        return [_("%(home)s: %(kind)s") % self.words(subject)]


@register("ticket-assigned")
class Assigned(ForStaff):
    label = gettext_lazy("A ticket is yours")
    channels = (INBOX, EMAIL)

    def still_true(self, ticket):
        return ticket.is_open

    def still_concerns(self, ticket, person):
        return ticket.assignee_id == person.pk and super().still_concerns(ticket, person)

    def title(self, ticket):
        return _("Yours: %(number)s, %(home)s") % self.words(ticket)


@register("ticket-unassigned")
class Unassigned(ForStaff):
    label = gettext_lazy("A ticket that nobody looks after yet")

    def still_true(self, ticket):
        return ticket.is_open and ticket.assignee_id is None

    def title(self, ticket):
        return _("Nobody’s yet: %(number)s, %(home)s") % self.words(ticket)


@register("ticket-wrote")
class Wrote(ForStaff):
    """Its people wrote, or a colleague left a note."""

    label = gettext_lazy("Something was written to a ticket of yours")
    model = Message

    def subjects(self):
        return Message.objects.select_related("ticket__development", "ticket__home__development")

    def ticket(self, message):
        return message.ticket

    def title(self, message):
        words = _("A note: %(number)s, %(home)s") if message.internal else _("They wrote: %(number)s, %(home)s")
        return words % self.words(message)


@register("ticket-emergency")
class Emergency(ForStaff):
    """On every channel, and at night."""

    label = gettext_lazy("An emergency")
    channels = (INBOX, EMAIL, SMS)
    mandatory = True
    emergency = True

    def still_true(self, ticket):
        return ticket.is_open and ticket.is_emergency

    def title(self, ticket):
        return _("EMERGENCY %(number)s: %(home)s") % self.words(ticket)

    def paragraphs(self, ticket):
        return [
            _("Please ring the home at once: %(home)s.") % self.words(ticket),
            _("Part of the home: %(component)s") % {"component": ticket.component or "—"},
        ]
