"""The gate on a phone: today's open days, the list of one of them, who is inside, and the list on paper."""

from datetime import timedelta

from django.db.models import OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.events.actions import record
from accounts.models import Owner
from portal.bookings.models import Booking
from progress.designs.people import phones_of

from .access import TELEPHONES, at_the_gate, open_days_of, own_open_day
from .rows import inside, parties_of, times_of

SHOWN = timedelta(days=1)  # for which a day that is over stays at hand
MOST = 30


@at_the_gate
@require_safe
def front(request):
    """Today's first, then those to come."""
    now = timezone.now()
    people = Booking.objects.filter(open_day=OuterRef("pk"), state=Booking.State.ARRIVED).order_by().values("open_day")
    days = open_days_of(request.user).published().with_times().filter(last_ends__gt=now - SHOWN)
    days = days.annotate(inside=Coalesce(Subquery(people.annotate(n=Sum("people")).values("n")), 0))
    days = list(days.order_by("first_starts", "pk")[:MOST])
    context = {
        "today": [day for day in days if is_today(day, now=now)],
        "others": [day for day in days if not is_today(day, now=now)],
    }
    return render(request, "site/gate/front.html", context)


def is_today(day, *, now):
    with timezone.override(day.development.time_zone):
        return timezone.localdate(day.first_starts) <= timezone.localdate(now) <= timezone.localdate(day.last_ends)


@at_the_gate
@require_safe
def gate_day(request, pk):
    """Time by time who comes, who is inside, who has left. `?q=` finds by name or number without script, too."""
    open_day = own_open_day(request, pk)
    parties = parties_of(open_day)
    sought = request.GET.get("q", "").casefold().split()
    found = [party for party in parties if all(word in party.words.casefold() for word in sought)]
    times = times_of(open_day, found)
    context = {
        "open_day": open_day,
        "times": [time for time in times if time.parties] if sought else times,
        "q": request.GET.get("q", ""),
        "people_inside": inside(parties)[1],
        "rules": open_day.rules.all(),
        "now": timezone.now(),
    }
    return render(request, "site/gate/day.html", context)


@at_the_gate
@require_safe
def gate_inside(request, pk):
    """Who has come in and not left, the longest first."""
    open_day = own_open_day(request, pk)
    parties, people = inside(parties_of(open_day))
    _add_phones(request, parties)
    context = {"open_day": open_day, "parties": parties, "people": people, "now": timezone.now()}
    return render(request, "site/gate/inside.html", context)


@at_the_gate
@require_safe
def gate_list(request, pk):
    """On paper, a sheet for each time: names, and a column in which each says that they have read the rules."""
    open_day = own_open_day(request, pk)
    parties = parties_of(open_day)
    _add_phones(request, parties)
    context = {
        "open_day": open_day,
        "times": times_of(open_day, parties),
        "rules": open_day.rules.all(),
        "made_at": timezone.now(),
    }
    record("fetched", open_day, by=request.user)
    return render(request, "site/gate/list.html", context)


def _add_phones(request, parties):
    """For those who may see them."""
    if not request.user.has_perm(TELEPHONES):
        return
    found = phones_of(Owner.objects.filter(pk__in={party.booking.owner_id for party in parties} - {None}))
    for party in parties:
        party.phones = found.get(party.booking.owner_id, [])
