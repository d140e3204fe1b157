"""The calendar of the desk: a week or a month of open days and visits."""

from datetime import date, timedelta

from django import forms
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from .access import looking
from .diary_entries import DiaryForm, by_day, entries_of, gathered

A_DAY = timedelta(days=1)
EARLIEST, LATEST = date(2000, 2, 1), date(2199, 11, 30)


class DayForm(forms.Form):
    day = forms.DateField(required=False)


def _day(request):
    """The day that is asked for, or today. 404 for one that is none."""
    form = DayForm(request.GET)
    if not form.is_valid():
        raise Http404
    day = form.cleaned_data["day"] or timezone.localdate()
    if not EARLIEST <= day <= LATEST:
        raise Http404
    return day


@looking
@require_safe
def week(request):
    day = _day(request)
    first = day - day.weekday() * A_DAY
    days = [first + number * A_DAY for number in range(7)]
    return _show(request, "week", days, {"before": first - 7 * A_DAY, "after": first + 7 * A_DAY, "first": first})


@looking
@require_safe
def month(request):
    day = _day(request).replace(day=1)
    after = (day + 31 * A_DAY).replace(day=1)
    first, last = day - day.weekday() * A_DAY, after - A_DAY
    last += (6 - last.weekday()) * A_DAY
    days = [first + number * A_DAY for number in range((last - first).days + 1)]
    return _show(request, "month", days, {"before": (day - A_DAY).replace(day=1), "after": after, "first": day})


def _show(request, view, days, context):
    form = DiaryForm(request.GET, user=request.user)
    entries = entries_of(request.user, days[0], days[-1], form.chosen())
    found = by_day(gathered(entries) if view == "month" else entries)
    today, first = timezone.localdate(), context["first"]
    cells = [
        {
            "day": day,
            "entries": found.get(day, []),
            "today": day == today,
            "other": view == "month" and day.month != first.month,
        }
        for day in days
    ]
    query = request.GET.copy()
    query.pop("day", None)
    context |= {
        "view": view,
        "form": DiaryForm(initial=request.GET.dict(), user=request.user),
        "weeks": [cells[start : start + 7] for start in range(0, len(cells), 7)],
        "heads": days[:7],
        "query": query.urlencode(),
        "any": any(cell["entries"] for cell in cells),
        "last": days[-1],
        "today": today,
    }
    return render(request, f"desk/open_days/{view}.html", context)
