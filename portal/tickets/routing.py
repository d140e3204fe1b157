"""Where a ticket goes: touchpoint, team and priority follow from its component, its kind, and the words in it."""

import re
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from progress.models import Assignment
from progress.touchpoints.models import Touchpoint

from .errors import TicketError
from .locking import lock_ticket
from .models import EmergencyWord, Route, Step, Ticket
from .states import check_version
from .steps import take_step

Priority = Ticket.Priority
BY_SENSITIVITY = {"A": Priority.HIGH, "B": Priority.NORMAL, "C": Priority.LOW}
CHINESE = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True)
class Routing:
    """What a ticket is routed to. `touchpoint` None: no route is known; customer service has it then."""

    touchpoint: Touchpoint | None
    team: str
    priority: str

    @property
    def sensitivity(self):
        return self.touchpoint.sensitivity if self.touchpoint else "C"


def route(kind, component, text=""):
    """The Routing of a ticket of `kind` about `component` (or None) with these words. Two queries."""
    chosen = _most_specific(kind, component)
    danger = kind != Ticket.Kind.PRAISE and means_danger(text)
    if chosen is None:
        priority = Priority.EMERGENCY if danger else Priority.NORMAL
        return Routing(None, Assignment.Role.CUSTOMER_SERVICE, priority)
    usual = chosen.priority or BY_SENSITIVITY[chosen.touchpoint.sensitivity]
    return Routing(chosen.touchpoint, chosen.team, Priority.EMERGENCY if danger else usual)


def _most_specific(kind, component):
    """Of the component before that of its room before none; of the kind before any."""
    places = [None, component.parent_id, component.pk] if component else [None]
    routes = Route.objects.filter(kind__in=[kind, ""]).select_related("touchpoint")
    found = [each for each in routes if each.component_id in places]
    order = {pk: number for number, pk in enumerate(places)}
    return max(found, key=lambda each: (order[each.component_id], each.kind == kind), default=None)


def means_danger(text):
    """Whether one of the words for danger stands in `text`: English ones as a whole word, Chinese ones anywhere."""
    said = text.casefold()
    return any(_stands_in(word.casefold(), said) for word in EmergencyWord.objects.values_list("word", flat=True))


def _stands_in(word, said):
    if CHINESE.search(word):
        return word in said
    return re.search(rf"(?<![^\W_]){re.escape(word)}(?![^\W_])", said) is not None


@transaction.atomic
def reroute(ticket, *, kind, component, priority, team, reason, seen, by, at):
    """Sort a ticket anew, with a reason; touchpoint and sensitivity follow from kind and component.

    Raises OvertakenError when somebody changed it since version `seen`, TicketError without a reason or when it is
    over.
    """
    ticket = lock_ticket(ticket.pk)
    check_version(ticket, seen)
    if not ticket.is_open:
        raise TicketError(_("This ticket is %(state)s; that can't follow.") % {"state": ticket.get_state_display()})
    if not reason.strip():
        raise TicketError(_("Please say why."))
    routing = route(kind, component)
    was = {"kind": ticket.kind, "priority": ticket.priority, "team": ticket.team}
    ticket.kind, ticket.component, ticket.priority, ticket.team = kind, component, priority, team
    ticket.touchpoint, ticket.sensitivity = routing.touchpoint, routing.sensitivity
    ticket.version += 1
    ticket.save()
    now = {"kind": kind, "priority": priority, "team": team}  # the clocks go by these
    take_step(ticket, Step.What.ROUTED, by=by, at=at, reason_en=reason.strip(), was=was, **now)
    if priority == Priority.EMERGENCY != was["priority"]:
        from .emergencies import alert  # local: it tells by kinds of notices, which read tickets

        alert(ticket, at=at)
    return ticket
