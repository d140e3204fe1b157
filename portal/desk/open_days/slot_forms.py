"""The forms for the times of an open day: several at once, and one by itself."""

from datetime import timedelta

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.bookings.models.slots import MOST_PLACES

from .times import InZone, WallClockField, shown

MOST_SLOTS = 24
A_DAY = 24 * 60


class SlotsForm(InZone, forms.Form):
    """A row of times of the same length, for as many people each."""

    clock_fields = ("first",)

    first = WallClockField(label=gettext_lazy("The first begins"))
    minutes = forms.IntegerField(label=gettext_lazy("Length in minutes"), min_value=5, max_value=A_DAY // 2, initial=75)
    pause = forms.IntegerField(label=gettext_lazy("Minutes between two"), min_value=0, max_value=A_DAY, initial=15)
    number = forms.IntegerField(label=gettext_lazy("How many"), min_value=1, max_value=MOST_SLOTS, initial=4)
    capacity = forms.IntegerField(
        label=gettext_lazy("Places for people, each"), min_value=1, max_value=MOST_PLACES, initial=18
    )

    def __init__(self, *args, open_day, **kwargs):
        super().__init__(*args, **kwargs)
        self.open_day = open_day

    def clean(self):
        cleaned = super().clean()
        self.to_zone(cleaned, self.open_day.zone)
        if not self.errors:
            taken = set(self.open_day.slots.open().values_list("starts", flat=True))
            if any(starts in taken for starts, _ends in self.times()):
                raise forms.ValidationError(_("One of them begins when another begins already."))
        return cleaned

    def times(self):
        """(starts, ends) of each."""
        given = self.cleaned_data
        length, step = timedelta(minutes=given["minutes"]), timedelta(minutes=given["minutes"] + given["pause"])
        firsts = [given["first"] + number * step for number in range(given["number"])]
        return [(starts, starts + length) for starts in firsts]


class SlotForm(InZone, forms.Form):
    """One time. What it changes is told to those booked."""

    clock_fields = ("starts", "ends")

    starts = WallClockField(label=gettext_lazy("Begins"))
    ends = WallClockField(label=gettext_lazy("Ends"))
    capacity = forms.IntegerField(label=gettext_lazy("Places for people"), min_value=0, max_value=MOST_PLACES)

    def __init__(self, *args, slot, **kwargs):
        zone = slot.open_day.zone
        times = {name: shown(getattr(slot, name), zone) for name in self.clock_fields}
        super().__init__(*args, initial={**times, "capacity": slot.capacity}, **kwargs)
        self.slot = slot

    def clean(self):
        cleaned = super().clean()
        self.to_zone(cleaned, self.slot.open_day.zone)
        starts, ends = cleaned.get("starts"), cleaned.get("ends")
        if not self.errors and ends <= starts:
            self.add_error("ends", _("It ends before it begins."))
        return cleaned

    def moves(self):
        """Whether another time is said than the one that stands."""
        return (self.cleaned_data["starts"], self.cleaned_data["ends"]) != (self.slot.starts, self.slot.ends)
