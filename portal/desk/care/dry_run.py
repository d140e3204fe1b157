"""Whom a version would reach, and when, before it is switched on: drawn, as a table, and as a file."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from accounts.again import ask_again
from accounts.events.actions import record
from portal.care.anchors import anchor_of
from portal.care.reach import LOOKED_AHEAD, begins, occasions_due, reach
from portal.care.switching import day_of
from progress.imports.export_actions import CONTENT_TYPES

from ..sheets import as_csv
from .access import own, seeing
from .rules import previews
from .words import TONES, Names, when

MOST = 20_000  # lines of a file
MONTHS = 12


@seeing
@require_safe
def dry_run(request, pk):
    rule = own(request, pk)
    today = day_of(rule, timezone.now())
    found = reach(rule, today=today)
    bars = _bars(found, today)
    context = {
        "rule": rule,
        "tone": TONES[rule.state],
        "when": when(rule, Names()),
        "found": found,
        "shown": [(each, _place_time(rule, each)) for each in found.first],
        "bars": bars,
        "most": max((bar["value"] for bar in bars), default=0) or 1,
        "of_enquiries": anchor_of(rule).of_enquiries(rule),
        "needs_approval": found.all_today or found.homes > settings.CARE_APPROVAL_ABOVE,
        "approval_above": settings.CARE_APPROVAL_ABOVE,
        "messages_shown": previews(rule, found.first[0].home if found.first else None, today=today),
    }
    return render(request, "desk/care/dry_run.html", context)


def _bars(found, today):
    """A bar each month of the coming year, also of those without; what lies farther off has bars where there is any."""
    months = {(today.replace(day=1) + timedelta(days=31 * n)).replace(day=1): 0 for n in range(MONTHS)}
    months |= dict(found.by_month)
    labels = [(month, _in_brief(month, today)) for month in sorted(months)] if found.by_month else []
    return [{"label": label, "value": months[month], "now": month == today.replace(day=1)} for month, label in labels]


def _in_brief(month, today):
    return date_format(month, "M") if month < (today + LOOKED_AHEAD).replace(day=1) else f"{month:%Y-%m}"


def _place_time(rule, reached):
    """The moment on the clock of the home."""
    place = reached.home.development if reached.home else rule.development
    return timezone.localtime(reached.due_at, ZoneInfo(place.time_zone) if place else None)


@seeing
@require_POST
def take_out(request, pk):
    """All that it would promise, a line each, as CSV. That somebody took it out is noted."""
    rule = own(request, pk)
    ask_again(request)
    today = day_of(rule, timezone.now())
    last = _last_day(reach(rule, today=today), today)
    if last is None:
        messages.error(request, _("That is too much for one file. Please look at one development at a time."))
        return redirect("desk_care:dry-run", rule.pk)
    rows = occasions_due(rule, first=begins(rule, today=today), last=last)
    heading = [_("Development"), _("Home"), _("Counted from"), pgettext("a promise", "Due")]
    answer = HttpResponse(as_csv(heading, (_line(rule, each) for each in rows)), content_type=CONTENT_TYPES["csv"])
    answer["Content-Disposition"] = f'attachment; filename="{rule.code}-{today}.csv"'
    answer["Cache-Control"] = "private, no-store"
    record("exported", rule, by=request.user, reason="dry run, csv")
    return answer


def _line(rule, reached):
    home = reached.home
    return [
        str(home.development) if home else "",
        str(home) if home else "",
        f"{reached.anchored_on}",
        f"{_place_time(rule, reached):%Y-%m-%d %H:%M}",
    ]


def _last_day(found, today):
    """Until when a file has room for all of it: a year, or as many whole months; None: for not even one."""
    room, last = MOST, None
    for month, promises in found.by_month:
        room -= promises
        if room < 0:
            return last
        last = (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return max(last or today, today + LOOKED_AHEAD)
