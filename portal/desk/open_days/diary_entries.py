"""What stands in the calendar of the desk: the times of open days and, day by day, visits; each in its own zone."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from django import forms
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.bookings.models import OpenDay, Slot
from portal.visits.models import Visit
from progress.models import Development
from progress.scope import may_view

from ..scoped import within

A_DAY = timedelta(days=1)
VISIT_TONES = {"cancelled": "quiet", "missed": "warning", "done": "quiet", "confirmed": "good"}


class DiaryForm(forms.Form):
    """What is shown; nothing chosen: everything that this person may see."""

    development = forms.ModelChoiceField(label=_("Development"), queryset=None, required=False, empty_label=_("All"))
    kind = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[
            ("", pgettext_lazy("in the calendar", "all")),
            ("open-days", _("Open days")),
            ("visits", _("Visits")),
        ],
    )
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ("", _("without what is called off")),
            ("free", _("open days with places left")),
            ("full", _("open days that are full")),
            ("draft", _("drafts")),
            ("cancelled", pgettext_lazy("in the calendar", "called off")),
        ],
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["development"].queryset = within(Development, user)

    def chosen(self):
        self.is_valid()
        return {name: self.cleaned_data.get(name) or None for name in self.fields}


@dataclass(frozen=True)
class Entry:
    """One line of a day. `day`, `starts` and `ends` are by the clocks of where it is."""

    kind: str
    title: str
    place: str
    starts: datetime
    ends: datetime
    url: str
    tone: str = ""
    note: str = ""
    taken: int = 0
    capacity: int = 0
    waiting: int = 0

    @property
    def day(self):
        return self.starts.date()

    @property
    def is_drawn(self):
        return self.capacity > 0


def entries_of(user, first, last, chosen):
    """Entries from `first` to `last`, both days included, the earliest first. Two queries, however many."""
    entries = []
    if chosen["kind"] != "visits":
        entries += _open_days(user, first, last, chosen)
    if chosen["kind"] != "open-days" and chosen["state"] in (None, "cancelled") and may_view(user, Visit):
        entries += _visits(user, first, last, chosen)
    entries = [entry for entry in entries if first <= entry.day <= last]
    return sorted(entries, key=_order)


def _order(entry):
    return entry.day, entry.starts.time(), entry.title


def _moments(first, last):
    """Wide enough for every zone: what falls on other days there is left out afterwards."""
    midnight = [datetime.combine(day, time(), tzinfo=ZoneInfo("UTC")) for day in (first - A_DAY, last + 2 * A_DAY)]
    return {"starts__gte": midnight[0], "starts__lt": midnight[1]}


def _open_days(user, first, last, chosen):
    slots = within(Slot, user).filter(**_moments(first, last)).select_related("open_day__development").with_places()
    if chosen["development"]:
        slots = slots.filter(open_day__development=chosen["development"])
    slots = _in_state(slots, chosen["state"])
    return [_of_slot(slot) for slot in slots]


def _in_state(slots, state):
    if state == "cancelled":
        return slots.exclude(state=Slot.State.OPEN, open_day__state__in=("draft", "published"))
    slots = slots.filter(state=Slot.State.OPEN).exclude(open_day__state=OpenDay.State.CANCELLED)
    if state == "draft":
        return slots.filter(open_day__state=OpenDay.State.DRAFT)
    if state in ("free", "full"):
        slots = slots.filter(open_day__state=OpenDay.State.PUBLISHED)
        return slots.filter(free__gt=0) if state == "free" else slots.filter(free__lte=0)
    return slots


def _of_slot(slot):
    day = slot.open_day
    off = day.is_cancelled or not slot.is_open
    return Entry(
        kind="open-day",
        title=str(day.title),
        place=str(day.development),
        starts=timezone.localtime(slot.starts, day.zone),
        ends=timezone.localtime(slot.ends, day.zone),
        url=reverse("desk_openday:page", args=[day.pk]),
        tone="quiet" if off or day.is_draft else "warning" if slot.free <= 0 else "good",
        note=pgettext_lazy("in the calendar", "called off") if off else day.get_state_display() if day.is_draft else "",
        taken=slot.booked,
        capacity=0 if off else slot.capacity,
        waiting=slot.waiting_parties,
    )


def _visits(user, first, last, chosen):
    visits = Visit.objects.of_staff(user).filter(**_moments(first, last)).with_place()
    off = visits.filter(state=Visit.State.CANCELLED)
    visits = off if chosen["state"] == "cancelled" else visits.exclude(state=Visit.State.CANCELLED)
    if chosen["development"]:
        visits = visits.filter(development=chosen["development"])
    return [_of_visit(visit) for visit in visits]


def _of_visit(visit):
    zone = ZoneInfo(visit.development.time_zone) if visit.development else timezone.get_default_timezone()
    return Entry(
        kind="visit",
        title=f"{visit.get_kind_display()}, {visit.person}" if visit.person else visit.get_kind_display(),
        place=str(visit.home or visit.development or visit.enquiry),
        starts=timezone.localtime(visit.starts, zone),
        ends=timezone.localtime(visit.ends, zone),
        url=reverse("desk_visit:inspect", args=[visit.pk]),
        tone=VISIT_TONES.get(visit.state, "info"),
        note=visit.get_state_display(),
    )


def by_day(entries):
    """{day: its entries}."""
    return {day: list(group) for day, group in groupby(entries, key=lambda entry: entry.day)}


def gathered(entries):
    """For the month: the times of one open day on one day as a single entry, with the sum of their places."""
    kept, sums = [], {}
    for entry in entries:
        if entry.kind != "open-day":
            kept.append(entry)
            continue
        key = (entry.url, entry.day, entry.note)
        sums.setdefault(key, []).append(entry)
    return sorted(
        [*kept, *map(_sum_of, sums.values())], key=lambda entry: (entry.day, entry.starts.time(), entry.title)
    )


def _sum_of(group):
    first = group[0]
    taken, capacity = sum(entry.taken for entry in group), sum(entry.capacity for entry in group)
    tone = first.tone if not capacity or first.tone == "quiet" else "warning" if taken >= capacity else "good"
    values = {name: getattr(first, name) for name in ("kind", "title", "place", "starts", "url", "note")}
    waiting = sum(entry.waiting for entry in group)
    return Entry(**values, ends=group[-1].ends, tone=tone, taken=taken, capacity=capacity, waiting=waiting)
