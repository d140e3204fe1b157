"""What open days came to, in numbers that the database counts: never a query a row."""

from datetime import timedelta

from django.db.models import Case, Count, F, IntegerField, OuterRef, Q, Subquery, Sum, When
from django.db.models.functions import Coalesce

from .models import Booking, Slot, WaitingEntry

STEPS = ((0, 1), (1, 3), (3, 7), (7, 14), (14, None))  # days before the visit: from, below
NOT_TAKEN = (WaitingEntry.State.DECLINED, WaitingEntry.State.EXPIRED)


def with_totals(open_days):
    """Adds `capacity` and `taken` (people) over the times that are not cancelled, and `waiting` (parties)."""
    slots = Slot.objects.filter(open_day=OuterRef("pk"), state=Slot.State.OPEN)
    bookings = Booking.objects.occupying().filter(open_day=OuterRef("pk"))
    waiting = WaitingEntry.objects.waiting().filter(slot__open_day=OuterRef("pk"))
    return open_days.annotate(
        capacity=_number(slots, "open_day", Sum("capacity")),
        taken=_number(bookings, "open_day", Sum("people")),
        waiting=_number(waiting, "slot__open_day", Count("pk")),
    )


def _number(rows, group, counted):
    values = rows.order_by().values(group).annotate(number=counted).values("number")
    return Coalesce(Subquery(values), 0)


def shown_up(bookings, group="open_day"):
    """Of parties whose time came: {key of `group`: {"came", "missed"}}. Walk-ins had not booked, so don't count."""
    parties = bookings.filter(walk_in=False).order_by().values(group)
    came = Q(state__in=(Booking.State.ARRIVED, Booking.State.LEFT))
    rows = parties.annotate(came=Count("pk", filter=came), missed=Count("pk", filter=Q(state=Booking.State.MISSED)))
    return {row[group]: {"came": row["came"], "missed": row["missed"]} for row in rows}


def how_early(bookings):
    """How many parties booked how many days before their time: [(from days, below days or None, parties)].

    Walk-ins and those cancelled don't count; who was moved counts from when they booked first.
    """
    begun = [When(created_at__gt=F("slot__starts") - timedelta(days=ends), then=begins) for begins, ends in STEPS[:-1]]
    step = Case(*begun, default=STEPS[-1][0], output_field=IntegerField())
    counted = bookings.filter(walk_in=False).exclude(state=Booking.State.CANCELLED).order_by()
    found = dict(
        counted.annotate(step=step).values("step").annotate(parties=Count("pk")).values_list("step", "parties")
    )
    return [(begins, ends, found.get(begins, 0)) for begins, ends in STEPS]


def waiting_outcomes(entries):
    """What became of those who stood in line: {"taken", "not_taken", "withdrawn", "closed", "open"}."""
    state = WaitingEntry.State
    return entries.order_by().aggregate(
        taken=Count("pk", filter=Q(state=state.TAKEN)),
        not_taken=Count("pk", filter=Q(state__in=NOT_TAKEN)),
        withdrawn=Count("pk", filter=Q(state=state.WITHDRAWN)),
        closed=Count("pk", filter=Q(state=state.CLOSED)),
        open=Count("pk", filter=Q(state__in=(state.WAITING, state.OFFERED))),
    )
