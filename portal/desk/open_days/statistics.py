"""What open days came to, drawn: places per time, who came, what became of the waiting list, how early one books."""

from django import forms
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext
from django.views.decorators.http import require_safe

from portal.bookings import figures as counts
from portal.bookings.models import Booking, OpenDay, Slot, WaitingEntry
from portal.ui import dates
from progress.models import Development

from ..scoped import within
from .access import seeing_bookings

SHOWN = 12  # open days, the latest


class FiguresForm(forms.Form):
    """Which open days are counted; nothing chosen: all that this person may see."""

    development = forms.ModelChoiceField(
        label=gettext_lazy("Development"), queryset=None, required=False, empty_label=gettext_lazy("All")
    )
    open_day = forms.ModelChoiceField(
        label=gettext_lazy("Open day"), queryset=None, required=False, empty_label=gettext_lazy("All")
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.known = within(OpenDay, user).exclude(state=OpenDay.State.DRAFT).with_times()
        self.fields["development"].queryset = within(Development, user)
        self.fields["open_day"].queryset = self.known.order_by("-first_starts", "pk")

    def chosen(self):
        """(open days, the one that is chosen or None)."""
        self.is_valid()
        given = self.cleaned_data
        one = given.get("open_day")
        if one:
            return self.known.filter(pk=one.pk), one
        if given.get("development"):
            return self.known.filter(development=given["development"]), None
        return self.known, None


@seeing_bookings
@require_safe
def figures(request):
    form = FiguresForm(request.GET, user=request.user)
    open_days, one = form.chosen()
    if one:
        timezone.activate(one.development.time_zone)
    bookings = Booking.objects.filter(open_day__in=open_days.order_by().values("pk"))
    entries = WaitingEntry.objects.filter(slot__open_day__in=open_days.order_by().values("pk"))
    latest = list(counts.with_totals(open_days).select_related("development").order_by("-first_starts", "pk")[:SHOWN])
    context = {
        "form": FiguresForm(initial=request.GET.dict(), user=request.user),
        "one": one,
        "places": _of_slots(one) if one else _of_days(latest),
        "shown_up": _shown_up(bookings, latest),
        "early": _early(bookings),
        "outcomes": _outcomes(entries),
        "goal": None,
    }
    return render(request, "desk/open_days/figures.html", context)


def per_cent(part, whole):
    return round(100 * part / whole) if whole else None


def _of_slots(one):
    """A line a time of this open day."""
    slots = Slot.objects.filter(open_day=one, state=Slot.State.OPEN).with_places()
    return [
        _places(
            date_format(timezone.localtime(slot.starts), "H:i"),
            slot.booked,
            slot.capacity,
            slot.waiting_parties,
            dates.short_date(slot.starts),
        )
        for slot in slots
    ]


def _of_days(latest):
    return [_places(_short(day), day.taken, day.capacity, day.waiting, str(day.title)) for day in reversed(latest)]


def _places(label, taken, capacity, waiting, name=""):
    return {
        "label": label,
        "value": per_cent(taken, capacity),
        "name": name,
        "taken": taken,
        "capacity": capacity,
        "waiting": waiting,
    }


def _short(day):
    if not day.first_starts:
        return "–"
    first = timezone.localtime(day.first_starts, day.zone)
    return pgettext("a day in brief", "%(day)s/%(month)s") % {"day": first.day, "month": first.month}


def _shown_up(bookings, latest):
    """A line an open day that is over, at least for somebody."""
    found = counts.shown_up(bookings)
    lines = []
    for day in reversed(latest):
        row = found.get(day.pk, {"came": 0, "missed": 0})
        due = row["came"] + row["missed"]
        if due:
            line = {"label": _short(day), "name": str(day.title), "value": per_cent(row["came"], due), **row}
            lines.append(line)
    return lines


def _early(bookings):
    steps = counts.how_early(bookings)
    whole = sum(parties for *_days, parties in steps)
    return [
        {"label": _days_in_words(begins, ends), "value": per_cent(parties, whole), "parties": parties}
        for begins, ends, parties in steps
    ]


def _days_in_words(begins, ends):
    if not begins:
        return pgettext("how early one books", "last day")
    if ends is None:
        return ngettext("%(n)s day on", "%(n)s days on", begins) % {"n": begins}
    return pgettext("so many days before", "%(first)s–%(last)s days") % {"first": begins, "last": ends - 1}


def _outcomes(entries):
    found = counts.waiting_outcomes(entries)
    names = {
        "taken": _("took a place"),
        "not_taken": _("let an offer go"),
        "withdrawn": _("left the line"),
        "closed": _("none came free"),
        "open": _("still wait"),
    }
    whole = sum(found.values())
    return [{"label": name, "value": per_cent(found[key], whole), "parties": found[key]} for key, name in names.items()]
