"""The forms in which staff book for an owner on the telephone, and change what is booked."""

import uuid

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import Owner, one_line
from portal.bookings.models.open_days import LARGEST_PARTY

from .booking_filters import clock


def slot_choices(open_day, *, at):
    """The times to come, each with the places left."""
    slots = open_day.slots.open().coming(at=at).with_places()
    return [(str(slot.pk), _with_places(slot)) for slot in slots]


def _with_places(slot):
    free = max(slot.free, 0)
    words = ngettext("%(n)s place left", "%(n)s places left", free) % {"n": free} if free else _("full")
    return f"{clock(slot)} · {words}"


class PartyFields(forms.Form):
    adults = forms.IntegerField(label=gettext_lazy("Adults"), min_value=1, max_value=LARGEST_PARTY, initial=1)
    children = forms.IntegerField(label=gettext_lazy("Children"), min_value=0, max_value=LARGEST_PARTY, initial=0)
    step_free = forms.BooleanField(label=gettext_lazy("They need a way without steps"), required=False)
    needs = forms.CharField(
        label=gettext_lazy("What else they need"), max_length=200, required=False, validators=[one_line]
    )

    def party(self):
        return {name: self.cleaned_data[name] for name in ("adults", "children", "step_free", "needs")}


class SlotField(forms.Form):
    slot = forms.ChoiceField(label=gettext_lazy("Time"), widget=forms.RadioSelect)

    def offer(self, open_day, *, at):
        self.open_day = open_day
        self.fields["slot"].choices = slot_choices(open_day, at=at)

    def clean_slot(self):
        return self.open_day.slots.get(pk=self.cleaned_data["slot"])


class CallForm(SlotField, PartyFields):
    """A booking, or a place in the line, for one of the home's people."""

    booking_id = forms.UUIDField(initial=uuid.uuid4, widget=forms.HiddenInput)
    owner = forms.ModelChoiceField(label=gettext_lazy("Who is told"), queryset=None, empty_label=None)
    accepted = forms.BooleanField(
        label=gettext_lazy("I have read the rules to them, and they accept them"),
        required=False,
        help_text=gettext_lazy("Otherwise each visitor accepts them at the gate."),
    )
    field_order = ["booking_id", "owner", "slot", "adults", "children", "step_free", "needs", "accepted"]

    def __init__(self, *args, open_day, home, at, **kwargs):
        super().__init__(*args, **kwargs)
        self.offer(open_day, at=at)
        ties = home.ownerships.live().follows_progress()
        self.fields["owner"].queryset = Owner.objects.active().filter(pk__in=ties.values("owner")).order_by("name")


class PartyForm(PartyFields):
    """The party of a booking that is there."""


class MoveForm(SlotField):
    def __init__(self, *args, booking, at, **kwargs):
        super().__init__(*args, **kwargs)
        self.offer(booking.open_day, at=at)
        others = [choice for choice in self.fields["slot"].choices if choice[0] != str(booking.slot_id)]
        self.fields["slot"].choices = others


class FindForm(forms.Form):
    q = forms.CharField(label=gettext_lazy("Home, name, customer number or telephone"), max_length=80, required=False)
