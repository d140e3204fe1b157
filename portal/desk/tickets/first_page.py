"""What the desk's first page says of tickets: how many owners wait for an answer."""

from django.urls import reverse
from django.utils.translation import ngettext

from portal.tickets.models import Ticket
from progress.scope import may_view

from .access import tickets_of
from .counts import counted, in_words


def waiting(user):
    """(number, label, address, tone), for those who see tickets; counted up to a limit."""
    if not may_view(user, Ticket):
        return
    number = counted({"unanswered": tickets_of(user).unanswered()}, user)["unanswered"]
    label = ngettext("owner waits for an answer", "owners wait for an answer", number)
    yield in_words(number), label, reverse("desk_ticket:index") + "?queue=unanswered", "warning" if number else "quiet"
