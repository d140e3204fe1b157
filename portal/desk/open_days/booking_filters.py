"""Which bookings of an open day are listed."""

from django import forms
from django.db.models import Exists, F, OuterRef, Q
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.bookings.models import Booking, Visitor
from portal.ui import dates


def clock(slot):
    """A time as lists name it: the day and the hour, in the zone that is active."""
    return f"{dates.weekday(slot.starts)} {dates.short_date(slot.starts)}, {localtime(slot.starts):%H:%M}"


class BookingsForm(forms.Form):
    """Nothing chosen: all that are not cancelled."""

    slot = forms.ModelChoiceField(label=_("Time"), queryset=None, required=False, empty_label=_("All"))
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ("", _("all that are not cancelled")),
            *Booking.State.choices,
            ("all", pgettext_lazy("bookings", "all, the cancelled too")),
        ],
    )
    only = forms.ChoiceField(
        label=_("Only"),
        required=False,
        choices=[
            ("", pgettext_lazy("bookings", "any")),
            ("rules", _("rules not accepted by all")),
            ("step-free", _("way without steps")),
            ("needs", _("with needs")),
        ],
    )
    q = forms.CharField(label=_("Name or home"), required=False, max_length=80)

    def __init__(self, *args, open_day, **kwargs):
        super().__init__(*args, **kwargs)
        self.open_day = open_day
        self.fields["slot"].queryset = open_day.slots.all()
        self.fields["slot"].label_from_instance = clock

    def chosen(self):
        """The bookings, the earliest time first; a choice that is none is left out of account."""
        self.is_valid()
        given = self.cleaned_data
        rows = Booking.objects.filter(open_day=self.open_day)
        if given.get("slot"):
            rows = rows.filter(slot=given["slot"])
        rows = _in_state(rows, given.get("state"))
        rows = _only(rows, given.get("only"))
        if words := (given.get("q") or "").strip():
            rows = rows.filter(_named(words))
        return rows.order_by("slot__starts", "slot", "created_at", "pk")


def _in_state(rows, state):
    if state == "all":
        return rows
    return rows.filter(state=state) if state else rows.exclude(state=Booking.State.CANCELLED)


def _only(rows, only):
    if only == "rules":
        return rows.filter(not_all_accepted())
    if only == "step-free":
        return rows.filter(step_free=True)
    return rows.exclude(needs="") if only == "needs" else rows


def not_all_accepted():
    """Somebody of the party has not accepted the rules as they stand now."""
    visitors = Visitor.objects.filter(booking=OuterRef("pk"))
    behind = visitors.filter(rules_version__lt=OuterRef("open_day__rules_version"))
    return Exists(behind) | (Q(rules_version__lt=F("open_day__rules_version")) & ~Exists(visitors))


def _named(words):
    visitor = Visitor.objects.filter(booking=OuterRef("pk"), name__icontains=words)
    return Q(owner__name__icontains=words) | Q(home__number__icontains=words) | Exists(visitor)
