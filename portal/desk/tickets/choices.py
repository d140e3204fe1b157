"""Which acts are offered for a ticket, by its state; the action itself decides what it lets pass."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.tickets.clocks.models import Pause
from portal.tickets.models.tickets import OPEN

OVER = ("resolved", "closed")
FIXED = {"repair", "complaint"}  # kinds of which one asks first whether it is fixed

# slug of the page: (in which states, words, icon)
OFFERED = {
    "assign": (OPEN, _("Who looks after it"), "user"),
    "route": (OPEN, _("Kind, part, team, priority"), "filter"),
    "visit": (OPEN, _("Ask for a visit"), "calendar"),
    "pause": (OPEN, _("Wait for something"), "clock"),
    "postpone": (OPEN, _("Another date"), "calendar"),
    "warranty": (OPEN, _("What the warranty covers"), "shield"),
    "resolve": (OPEN, _("What came of it"), "check"),
    "call": (OVER, _("Write down the call"), "phone"),
    "take_up": (OVER, _("Open it again"), "undo"),
    "merge": (OPEN, _("Merge into another"), "undo"),
}
# What needs no form, by state: (slug, words, icon)
AT_ONCE = {
    "paused": [("resume", _("Go on"), "clock")],
    "resolved": [("confirm", _("The owner says that it is done"), "phone")],
    "merged": [("unmerge", _("Take it apart again"), "undo")],
}


def acts_for(ticket):
    """[(words, address, icon)] of the pages on which something is done with this ticket."""
    return [
        (words, reverse(f"desk_ticket:{slug}", args=[ticket.pk]), icon)
        for slug, (states, words, icon) in OFFERED.items()
        if ticket.state in states
    ]


def first_acts(ticket):
    """What stands on top of the page: {"links": [(words, address, icon, kind)], "posts": [(view, words, icon)]}."""
    posts = [(f"desk_ticket:{slug}", words, icon) for slug, words, icon in AT_ONCE.get(ticket.state, [])]
    if not ticket.is_open:
        return {"links": [], "posts": posts}
    resolve, pause = (reverse(f"desk_ticket:{slug}", args=[ticket.pk]) for slug in ("resolve", "pause"))
    links = [(_("Wait for the owner"), f"{pause}?why=owner", "clock", "second")] if ticket.state != "paused" else []
    if ticket.kind in FIXED:
        links.append((_("Mark as fixed"), f"{resolve}?outcome=fixed", "check", ""))
    else:
        links.append((_("Mark as answered"), f"{resolve}?outcome=answered", "check", ""))
    return {"links": links, "posts": posts}


def asked_of_owner(ticket):
    """The pause to which the owner has not said yes or no, or None."""
    return Pause.objects.filter(ticket=ticket, state=Pause.State.ASKED).first()
