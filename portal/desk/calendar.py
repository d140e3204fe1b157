"""The working calendar on the desk: a year at a glance, and the days that staff have changed."""

from datetime import date, timedelta

from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.admin.widgets.button import HeaderButton

from accounts.events.actions import record
from progress.calendar.holidays import is_working_day, name_of_holiday
from progress.calendar.models import CalendarOverride
from progress.models import Development

from .scoped import EverywherePolicy, ScopedCreateView, ScopedIndexView, ScopedModelViewSet, within

ONE_DAY = timedelta(days=1)
YEARS = range(2000, 2100)


class CalendarIndexView(ScopedIndexView):
    page_title = _("Changed days")

    @cached_property
    def header_buttons(self):
        year = reverse("desk_calendaroverride:year", args=[timezone.localdate().year])
        return [*super().header_buttons, HeaderButton(_("The year"), year, icon_name="calendar-alt")]


class CalendarCreateView(ScopedCreateView):
    """Filled in with the day that was chosen in the year, as the opposite of what it is."""

    def get_initial(self):
        calendar, text = (self.request.GET.get(name, "") for name in ("calendar", "date"))
        try:
            day = date.fromisoformat(text)
            working = is_working_day(calendar, day)
        except (ValueError, NotImplementedError):
            return super().get_initial()
        return super().get_initial() | {"calendar": calendar, "date": day, "working": not working}


def year(request, year):
    """Twelve months of one calendar: what is worked, what is off and why, what staff have changed."""
    may = CalendarOverrideViewSet.policy_class(CalendarOverride, "pk").user_has_any_permission
    calendars = _calendars()
    calendar = request.GET.get("calendar") or calendars[0]
    if not may(request.user, ["view", "change"]) or calendar not in calendars or year not in YEARS:
        raise Http404
    changed = {day.date: day for day in CalendarOverride.objects.filter(calendar=calendar, date__year=year)}
    months = [_month(date(year, month, 1), calendar, changed) for month in range(1, 13)]
    context = {
        "year": year,
        "before": year - 1,
        "after": year + 1,
        "calendar": calendar,
        "calendars": calendars,
        "months": months,
    }
    return render(request, "desk/calendar.html", context)


def _calendars():
    """The usual one first, then those of the developments."""
    others = Development.objects.exclude(calendar=settings.WORK_CALENDAR).order_by("calendar")
    return [settings.WORK_CALENDAR, *others.values_list("calendar", flat=True).distinct()]


def _month(first, calendar, changed):
    """{"name", "first", "weeks"}: weeks from Monday, None where another month's days stand."""
    cells, day = [None] * first.weekday(), first
    while day.month == first.month:
        cells.append(_day(day, calendar, changed.get(day)))
        day += ONE_DAY
    cells += [None] * (-len(cells) % 7)
    weeks = [cells[start : start + 7] for start in range(0, len(cells), 7)]
    return {"name": date_format(first, "F"), "weeks": weeks}


def _day(day, calendar, changed):
    working = changed.working if changed else is_working_day(calendar, day)
    holiday = name_of_holiday(calendar, day)
    if changed:
        url = reverse("desk_calendaroverride:edit", args=[changed.pk])
    else:
        url = f"{reverse('desk_calendaroverride:add')}?calendar={calendar}&date={day.isoformat()}"
    kind = "changed" if changed else "holiday" if holiday and not working else ""
    kind = kind or ("made-up" if working and day.weekday() > 4 else "")
    why = changed.note if changed else holiday
    words = [date_format(day, "DATE_FORMAT"), gettext("working day") if working else gettext("day off"), why]
    return {"day": day, "working": working, "kind": kind, "url": url, "words": ", ".join(filter(None, words))}


@require_POST
def as_it_was(request, pk):
    """Take a change back: the day is what the holidays say again."""
    if not request.user.has_perm("calendar.change_calendaroverride"):
        raise Http404
    day = get_object_or_404(within(CalendarOverride, request.user), pk=pk)
    record("taken back", day, by=request.user)
    day.delete()
    messages.success(request, gettext("The day is as it was before."))
    return redirect("desk_calendaroverride:year", day.date.year)


class CalendarOverrideViewSet(ScopedModelViewSet):
    model = CalendarOverride
    path = "pk"
    policy_class = EverywherePolicy  # a calendar counts for several developments
    icon = "calendar-alt"
    menu_label = _("Working calendar")
    list_display = ["date", "calendar", "working", "hours", "note"]
    list_filter = ["calendar", "working"]
    index_view_class = CalendarIndexView
    add_view_class = CalendarCreateView
    inspect_view_fields = ["date", "calendar", "working", "hours", "note"]
    panels = [
        FieldRowPanel([FieldPanel("date"), FieldPanel("calendar")]),
        FieldRowPanel([FieldPanel("working"), FieldPanel("hours")]),
        FieldPanel("note"),
    ]

    def get_urlpatterns(self):
        own = [path("year/<int:year>/", year, name="year"), path("<int:pk>/as-it-was/", as_it_was, name="as_it_was")]
        return [*super().get_urlpatterns(), *own]
