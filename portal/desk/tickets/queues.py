"""The queues of the desk: what is mine, my team's, nobody's, late, due today, waiting, an emergency; and a search."""

from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from portal.tickets.macros.models import Macro
from portal.tickets.models import Duty, EmergencyWord, Route, Ticket
from portal.tickets.words import number_in, search
from portal.ui.dates import full_date
from progress.scope import may_view

from .access import CHANGE, looking, tickets_of
from .counts import counted, in_words
from .filters import QueueForm
from .keyset import SIZE, Slice, heard, longest_waiting_first, newest_first, said, soonest_due_first

EVERYTHING = "all"
LABELS = {
    "mine": pgettext_lazy("tickets", "Mine"),
    "team": _("My team’s"),
    "unassigned": _("Nobody’s yet"),
    "late": pgettext_lazy("tickets", "Late"),
    "today": _("Due today"),
    "unanswered": _("Owner waits for an answer"),
    "waiting": _("Waiting for others"),
    "emergencies": _("Emergencies"),
    EVERYTHING: pgettext_lazy("tickets", "All"),
}
ORDERS = {"unanswered": longest_waiting_first, "waiting": newest_first, EVERYTHING: newest_first}  # else by their clock
STATE_TONES = {"new": "warning", "open": "info", "paused": "quiet", "resolved": "good", "closed": "quiet"}
SHOWN = ("home__development", "home__building", "development", "owner", "component__parent", "assignee")

SETTINGS = (
    (Macro, _("Ready sentences")),
    (Duty, _("Who is on duty")),
    (EmergencyWord, _("Words that mean an emergency")),
    (Route, _("Where tickets go")),
)


def queues_of(user, *, at):
    """{name: the tickets that stand in it} for this member of staff; the last has all, the closed ones too."""
    tickets, midnight = tickets_of(user), _midnight_after(at)
    return {
        "mine": tickets.mine(user),
        "team": tickets.of_team(user),
        "unassigned": tickets.unassigned(),
        "late": tickets.late(at=at),
        "today": tickets.due_before(midnight).filter(due_at__gte=at),
        "unanswered": tickets.unanswered(),
        "waiting": tickets.waiting(),
        "emergencies": tickets.emergencies(),
        EVERYTHING: tickets,
    }


def _midnight_after(at):
    here = timezone.localtime(at)
    return here.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


@dataclass
class Row:
    """One line of a queue, with its times in the zone of the development."""

    ticket: Ticket
    due: str
    is_late: bool
    tone: str

    @property
    def url(self):
        return reverse("desk_ticket:inspect", args=[self.ticket.pk])


def row_of(ticket, *, at):
    zone = ZoneInfo(ticket.development.time_zone)
    due = full_date(timezone.localtime(ticket.due_at, zone)) if ticket.due_at else ""
    return Row(ticket, due, bool(ticket.due_at and ticket.due_at < at), STATE_TONES.get(ticket.state, "quiet"))


@looking
@require_safe
def queues(request):
    """One queue. A search looks through all tickets, whichever queue was open: the newest first."""
    now, chosen = timezone.now(), queues_of(request.user, at=timezone.now())
    form = QueueForm(request.GET, user=request.user)
    narrowed = form.narrowed(chosen[EVERYTHING])
    name = EVERYTHING if form.words else request.GET.get("queue", "mine")
    name = name if name in chosen else "mine"
    if not form.words:
        narrowed = form.narrowed(chosen[name])
    page = _page(narrowed.select_related(*SHOWN), name, form.words, heard(request.GET.get("after", "")))
    counts = counted({each: rows for each, rows in chosen.items() if each != EVERYTHING}, request.user)
    context = {
        "queue": name,
        "label": LABELS[name],
        "tabs": [(each, label, in_words(counts[each]) if each in counts else "") for each, label in LABELS.items()],
        "form": QueueForm(initial=request.GET.dict(), user=request.user),
        "words": form.words,
        "rows": [row_of(ticket, at=now) for ticket in page.rows],
        "further": _address(request, after=page.after) if page.after else "",
        "beginning": _address(request) if request.GET.get("after") else "",
        "may_raise": request.user.has_perm(CHANGE),
        "settings": settings_for(request.user),
    }
    return render(request, "desk/tickets/queues.html", context)


def settings_for(user):
    """[(words, address)] of what decides how tickets are handled, as far as this person may look at it."""
    return [
        (label, reverse(f"desk_{model._meta.model_name}:index")) for model, label in SETTINGS if may_view(user, model)
    ]


def _page(tickets, name, words, after):
    if number := number_in(words):
        return Slice(list(tickets.filter(number=number)))
    if words:
        return _found(tickets, words, after)
    return ORDERS.get(name, soonest_due_first)(tickets, after)


def _found(tickets, words, after):
    found = search(words, tickets, size=SIZE, after=after if after and after[0] else None)
    return Slice(found.tickets, said(*found.further) if found.further else "")


def _address(request, **given):
    query = request.GET.copy()
    query.pop("after", None)
    for name, value in given.items():
        query[name] = value
    return "?" + query.urlencode()
