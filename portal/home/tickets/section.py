"""What tickets bring to other pages of an owner: what waits for them on the front page, and what their search finds."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.search.sources import Hit, source, titles_first
from cms.search.words import words_of
from portal.home.needs import Need
from portal.home.needs import source as needs_source
from portal.tickets.clocks.models import Pause
from portal.tickets.clocks.pausing import may_answer
from portal.tickets.models import Ticket

MOST = 5


@needs_source
def tickets_to_confirm(user, home):
    """Done as we see it; whether it is, the household says."""
    waiting = Ticket.objects.of_people(user).filter(home=home, state=Ticket.State.RESOLVED, of_former=False)
    return [
        Need(
            title=_("Is it done? %(title)s") % {"title": ticket.title},
            text=_("We think so. It closes when you say so."),
            url=reverse("home:ticket", args=[ticket.pk]),
            action=_("Look and say so"),
            icon="check",
        )
        for ticket in waiting.order_by("resolved_at", "pk")[:MOST]
    ]


@needs_source
def pauses_to_agree_to(user, home):
    """A repair waits only with the agreement of its people."""
    theirs = Ticket.objects.of_people(user).filter(home=home).order_by().values("pk")
    asked = Pause.objects.filter(state=Pause.State.ASKED, ticket__in=theirs).select_related("ticket__owner")
    return [
        Need(
            title=_("May it wait? %(title)s") % {"title": pause.ticket.title},
            text=str(pause.reason),
            url=reverse("home:ticket", args=[pause.ticket_id]),
            action=_("Agree or not"),
            icon="clock",
        )
        for pause in asked.order_by("asked_at", "pk")[:MOST]
        if may_answer(pause.ticket, user)
    ]


@source("tickets", label=gettext_lazy("Your requests"), icon="wrench")
def own_tickets(question, *, reader, limit):
    """The reader's tickets by number, title, what they are about, and what was said with them in public."""
    found = Ticket.objects.of_people(reader.user).exclude(state=Ticket.State.MERGED)
    for word in words_of(question):
        about = Q(title__icontains=word) | Q(text__icontains=word) | Q(number__icontains=word)
        said = Q(pk__in=_said_in(word, reader.user))
        found = found.filter(about | said)
    hits = [_hit(ticket) for ticket in found.select_related("home__development").order_by("-reported_at")[:limit]]
    return titles_first(hits, question)


def _said_in(word, user):
    tickets = Ticket.objects.of_people(user).order_by()
    return tickets.filter(messages__internal=False, messages__text__icontains=word).values("pk")


def _hit(ticket):
    place = f"{ticket.number} · {ticket.home}"
    url = reverse("home:ticket", args=[ticket.pk])
    return Hit(ticket.title, url, ticket.text, day=ticket.reported_at, place=place)
