"""The one sweep over the clocks: warns, escalates, gives dates. Run twice, late or on two machines, each thing once.

A batch costs the same few queries however many of its clocks are due; a new date for an owner costs its own.
"""

import structlog
from django.db import connection, transaction

from accounts.notices import kinds
from accounts.notices.actions import notices_of, queue_delivery
from accounts.notices.addresses import with_addresses
from accounts.notices.models import Notice
from portal.tickets.models import Ticket

from .escalation import Colleagues
from .keeping import LEVELS, Reckoner, plan_warning
from .models import Clock, Pause
from .pausing import review
from .postponing import postpone_by_itself

BATCH = 1000
WARNING, AT_ONCE = "ticket-warning", "ticket-warning-urgent"

log = structlog.get_logger(__name__)


def sweep(*, at):
    """Take every clock and every pause to where it should be at `at`. Returns how many clocks were due.

    One that cannot be taken care of is logged and does not hold up the others.
    """
    _review_pauses(at=at)
    taken, broken, common = 0, set(), Reckoner()
    while due := _sweep_batch(at=at, broken=broken, common=common):
        taken += due
    return taken


def _review_pauses(*, at):
    """Asked a day late, as after a standstill, a pause ends a working day after that."""
    for pause in Pause.objects.to_review(at=at).order_by("next_at", "pk"):
        try:
            review(pause, at=at)
        except Exception:
            log.exception("pause_not_reviewed", pause=str(pause.pk))


@transaction.atomic
def _sweep_batch(*, at, broken, common):
    """How many clocks of a batch were due. Tickets that another worker has are left to it.

    The tickets are locked by a statement of their own, and the clocks read after it: as they are then.
    """
    due = Clock.objects.to_advance(at=at).exclude(ticket__in=broken).order_by("next_warning_at")
    tickets = Ticket.objects.filter(pk__in=due.values("ticket")[:BATCH]).order_by("pk")
    tickets = tickets.select_for_update(
        of=("self",), no_key=True, skip_locked=connection.features.has_select_for_update_skip_locked
    )
    held = {ticket.pk: ticket for ticket in tickets.select_related("development", "home", "owner", "assignee")}
    clocks = list(Clock.objects.to_advance(at=at).filter(ticket__in=held).order_by("next_warning_at", "pk"))
    for clock in clocks:
        clock.ticket = held[clock.ticket_id]
    _warn(clocks, Colleagues(held.values()), at=at)
    Clock.objects.bulk_update(clocks, ["warned", "next_warning_at"], batch_size=200)
    for clock in clocks:
        if clock.near_at is not None and clock.near_at <= at:
            _give_date(clock, common, broken, at=at)
    return len(clocks)


def _warn(clocks, colleagues, *, at):
    """Of each clock the highest level that it has passed; of those before it, nobody hears."""
    hearing = []  # (Clock, level, [User])
    for clock in clocks:
        level = max((level for level, name in LEVELS.items() if getattr(clock, name) <= at), default=0)
        if level > clock.warned:
            hearing.append((clock, level, colleagues.hearing(clock.ticket, level)))
            clock.warned = level
        plan_warning(clock, at=at)
    _tell(hearing, at=at)


def _tell(hearing, *, at):
    people = {user.pk: user for user in with_addresses({user for _c, _l, users in hearing for user in users})}
    notices = []
    for clock, level, users in hearing:
        kind = kinds.get(AT_ONCE if clock.ticket.priority == Ticket.Priority.EMERGENCY else WARNING)
        to, step = [people[user.pk] for user in users], f"{clock.due_at:%Y%m%d%H%M}-{level}"
        notices += notices_of(to, kind, clock, at=at, due=at, step=step)
    Notice.objects.bulk_create(notices, batch_size=500, ignore_conflicts=True)
    if notices:
        queue_delivery()


def _give_date(clock, common, broken, *, at):
    ticket = clock.ticket
    try:
        with transaction.atomic():
            terms = common.policies.terms_at(ticket.reported_at)(ticket.kind, ticket.priority)
            postpone_by_itself(ticket, clock, terms=terms, work=common.clock_of(ticket), at=at)
    except Exception:
        log.exception("clock_not_advanced", ticket=str(ticket.pk))
        broken.add(ticket.pk)
