"""All running clocks reckoned anew: each night, and whenever staff have changed the calendar.

History and calendar alone decide, so that nothing changes where nothing has changed; where a promise moves, its owner
hears of it.
"""

from collections import defaultdict

from django.db import transaction

from portal.tickets.models import Step, Ticket
from progress.promises.models import Promise

from . import ledger, telling
from .keeping import REASONS, Reckoner, Setting, in_both
from .models import Clock, Pause
from .promises import PROMISED
from .reckoning import review_moments

BATCH = 500


def recount(*, at):
    """Set all running clocks. Returns how many promises have moved."""
    common, moved = Reckoner(), 0
    running = Clock.objects.running().order_by("ticket").values_list("ticket", flat=True).distinct()
    pks = list(running)
    for start in range(0, len(pks), BATCH):
        moved += _recount(pks[start : start + BATCH], common, at=at)
    return moved


@transaction.atomic
def _recount(pks, common, *, at):
    tickets = Ticket.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=pks).order_by("pk")
    tickets = list(tickets.select_related("development", "home", "owner", "assignee", "touchpoint"))
    steps, rows, promises = _steps(pks), _rows(pks), _promises(pks)
    setting, reasons = Setting(at=at), in_both(REASONS["calendar"])
    for ticket in tickets:
        found = common.reckon(ticket, steps[ticket.pk])
        setting.set(ticket, found, rows[ticket.pk], promises[str(ticket.pk)], reasons=reasons)
    setting.write()
    _plan_reviews(tickets, common)
    for ticket, clock in setting.moved:
        telling.tell_of_date(ticket, clock, at=at)
    return len(setting.moved)


def _steps(pks):
    found = defaultdict(list)
    for step in Step.objects.filter(ticket__in=pks).order_by("ticket", "seq"):
        found[step.ticket_id].append(step)
    return found


def _rows(pks):
    found = defaultdict(dict)
    for clock in Clock.objects.filter(ticket__in=pks):
        found[clock.ticket_id][clock.kind] = clock
    return found


def _promises(pks):
    found = defaultdict(dict)
    subjects = [str(pk) for pk in pks]
    for promise in Promise.objects.filter(
        subject_kind=ledger.SUBJECT, subject_id__in=subjects, kind__in=PROMISED.values()
    ):
        found[promise.subject_id][promise.key] = promise
    return found


def _plan_reviews(tickets, common):
    """The mornings on which pauses are looked at again. Whoever has been asked already keeps their time to answer."""
    clocks = {ticket.pk: common.clock_of(ticket) for ticket in tickets}
    for pause in Pause.objects.live().filter(ticket__in=clocks, reviewed_at=None):
        moment = review_moments(pause.review_on, clocks[pause.ticket_id])[0]
        if moment != pause.next_at:
            Pause.objects.filter(pk=pause.pk).update(next_at=moment)
