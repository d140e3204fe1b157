"""What is covered at one's home until when: all of it, drawn and listed, and each with its terms."""

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal.home.guards import own_home, private
from portal.tickets.models import Ticket
from progress.warranties.covering import terms_in_use
from progress.warranties.lasting import speaks_of
from progress.warranties.models import Warranty

from .timeline import drawn

SOON = 60  # days


def followed_home(request, home_id):
    """One of the person's homes whose progress they follow; tenants have no warranties. Raises Http404."""
    home = own_home(request, home_id)
    if not home.is_followed:
        raise Http404
    return home


@private
@require_safe
def warranties(request, home_id):
    """What runs, what ends first on top; then what is over, the last one on top."""
    home, today = followed_home(request, home_id), timezone.localdate()
    rows = [_dressed(row, today) for row in Warranty.objects.of_home(home)]
    running = [row for row in rows if not row.over]
    context = {
        "home": home,
        "running": running,
        "over": [row for row in reversed(rows) if row.over],
        "timeline": drawn(running, today=today),
    }
    return render(request, "home/warranties/list.html", context)


@private
@require_safe
def warranty(request, pk):
    """One of them: the terms, who stands for it, what made it longer, and what was repaired under it."""
    rows = Warranty.objects.standing().for_user(request.user).with_words()
    row = get_object_or_404(rows, pk=pk)
    home = followed_home(request, row.home_id)
    context = {"home": home, "warranty": _dressed(row, timezone.localdate()), "repairs": _repairs(row)}
    return render(request, "home/warranties/warranty.html", context)


def _dressed(row, today):
    row.over, row.days_left = row.is_over(on=today), (row.last_day - today).days
    row.soon = 0 <= row.days_left <= SOON
    return row


def _repairs(row):
    """What was reported while it ran, in what it speaks of, and repaired since; the newest first."""
    while_it_ran = (row.starts, row.last_day)
    done = Ticket.objects.repairs_of(row.home_id).filter(reported_at__date__range=while_it_ran)
    terms, done = [*terms_in_use()], done.filter(component__isnull=False)
    done = done.select_related("component__parent").order_by("-resolved_at", "pk")
    return [ticket for ticket in done if speaks_of(row, ticket.component, terms)]
