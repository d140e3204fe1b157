"""What an owner fills in to come to an open day: which time, who comes, that the rules are read."""

import uuid

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import one_line
from portal.bookings.models import Slot
from portal.bookings.templatetags.bookings import place_in_party

ANEW = gettext_lazy("Please open this page anew, and try once more.")


PARTY = ("adults", "children", "step_free", "needs")
LONGEST = 10  # digits of a number that counts people


def party_of(booking):
    """What a PartyForm begins with, when the party is known."""
    return {name: getattr(booking, name) for name in PARTY}


class OfOpenDay(forms.Form):
    def __init__(self, *args, open_day, **kwargs):
        super().__init__(*args, **kwargs)
        self.open_day = open_day


class PartyForm(OfOpenDay):
    """How many come, and what they need."""

    adults = forms.IntegerField(
        label=gettext_lazy("Adults"),
        min_value=1,
        initial=1,
        error_messages={
            "required": gettext_lazy("Please say how many adults come."),
            "min_value": gettext_lazy("At least one adult has to come along."),
        },
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    children = forms.IntegerField(
        label=gettext_lazy("Children"),
        min_value=0,
        initial=0,
        required=False,
        error_messages={"min_value": gettext_lazy("Please leave 0 here if no children come.")},
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    step_free = forms.BooleanField(label=gettext_lazy("We need a way without steps"), required=False)
    needs = forms.CharField(
        label=gettext_lazy("What should we know?"),
        max_length=200,
        required=False,
        validators=[one_line],
        help_text=gettext_lazy("A pushchair, poor hearing, another language: so that we are ready for you."),
    )

    def __init__(self, *args, open_day, **kwargs):
        super().__init__(*args, open_day=open_day, **kwargs)
        most = open_day.max_party
        self._limit("adults", most)
        self._limit("children", most - 1)
        if open_day.min_age:
            words = ngettext(
                "From %(n)d year on. Younger ones can't come onto the site.",
                "From %(n)d years on. Younger ones can't come onto the site.",
                open_day.min_age,
            )
            self.fields["children"].help_text = words % {"n": open_day.min_age}

    def _limit(self, name, most):
        self.fields[name].widget.attrs["max"] = most

    def clean_children(self):
        return self.cleaned_data["children"] or 0

    def clean(self):
        given, most = super().clean(), self.open_day.max_party
        people = given.get("adults", 0) + given.get("children", 0)
        if people > most:
            words = ngettext(
                "Up to %(n)d person a home can come. Please bring fewer.",
                "Up to %(n)d people a home can come. Please bring fewer.",
                most,
            )
            self.add_error("adults" if given.get("adults", 0) > most else "children", words % {"n": most})
        return given

    @property
    def party(self):
        """What the actions take, of a form that is valid."""
        return {name: self.cleaned_data[name] for name in PARTY}

    @property
    def people(self):
        """As many as were entered, 1 while that is no number."""
        numbers = [str(self[name].value() or 0) for name in ("adults", "children")]
        return max(sum(int(number) for number in numbers if number.isdecimal() and len(number) < LONGEST), 1)


class RulesForm(OfOpenDay):
    """With the version of the rules that were read: others than today's are shown again, and accepted anew."""

    rules = forms.IntegerField(widget=forms.HiddenInput, error_messages={"required": ANEW, "invalid": ANEW})

    def __init__(self, *args, open_day, **kwargs):
        super().__init__(*args, open_day=open_day, **kwargs)
        self.fields["rules"].initial = open_day.rules_version

    def clean_rules(self):
        if self.cleaned_data["rules"] != self.open_day.rules_version:
            self._ask_anew()
            raise forms.ValidationError(_("The rules of the site have changed meanwhile. Please read them again."))
        return self.cleaned_data["rules"]

    def _ask_anew(self):
        """The page that says so holds today's version, and no ticks."""
        self.data = {name: value for name, value in self.data.items() if not name.startswith("accepted")}
        self.data["rules"] = self.open_day.rules_version


class ComeForm(RulesForm, PartyForm):
    """A booking, or a place in the line. `op` makes one of a double click; `rules` is the version that was read."""

    op = forms.UUIDField(
        initial=uuid.uuid4, widget=forms.HiddenInput, error_messages={"required": ANEW, "invalid": ANEW}
    )
    slot = forms.ModelChoiceField(
        queryset=Slot.objects.none(),
        label=gettext_lazy("Time"),
        error_messages={
            "required": gettext_lazy("Please choose a time."),
            "invalid_choice": gettext_lazy("This time is not among those of the open day. Please choose another."),
        },
    )
    accepted = forms.BooleanField(
        error_messages={"required": gettext_lazy("Please accept the rules; without them we can't take you up.")},
    )

    def __init__(self, *args, open_day, **kwargs):
        super().__init__(*args, open_day=open_day, **kwargs)
        self.fields["slot"].queryset = Slot.objects.filter(open_day=open_day)
        if not open_day.rules.all():
            del self.fields["accepted"]

    @property
    def chosen(self):
        """The id of the slot that is chosen, as text."""
        return str(self["slot"].value() or "")


class VisitorsForm(RulesForm):
    """Who the party is: the names, and who has accepted the rules that were read."""

    def __init__(self, *args, ticket, **kwargs):
        super().__init__(*args, open_day=ticket.open_day, **kwargs)
        self.party = ticket.visitors
        for visitor in self.party:
            self._add(visitor)

    def _add(self, visitor):
        self.fields[f"name-{visitor.order}"] = forms.CharField(
            label=place_in_party(visitor), max_length=80, required=False, validators=[one_line], initial=visitor.name
        )
        if visitor.accepted_at is None or visitor.rules_version < self.open_day.rules_version:
            self.fields[f"accepted-{visitor.order}"] = forms.BooleanField(
                label=_("Has read the rules and accepts them"), required=False
            )

    @property
    def rows(self):
        """For the page: a visitor with the fields that concern them."""
        for visitor in self.party:
            accepted = f"accepted-{visitor.order}"
            yield {
                "visitor": visitor,
                "name": self[f"name-{visitor.order}"],
                "accepted": self[accepted] if accepted in self.fields else None,
            }

    @property
    def visitors(self):
        """What the action takes, of a form that is valid."""
        given = self.cleaned_data
        orders = [visitor.order for visitor in self.party]
        return [(given[f"name-{order}"], given.get(f"accepted-{order}", False)) for order in orders]


class MoveForm(OfOpenDay):
    """Another time of the same open day."""

    slot = forms.ModelChoiceField(
        queryset=Slot.objects.none(),
        label=gettext_lazy("Time"),
        error_messages={
            "required": gettext_lazy("Please choose a time."),
            "invalid_choice": gettext_lazy("This time is not among those of the open day. Please choose another."),
        },
    )

    def __init__(self, *args, open_day, **kwargs):
        super().__init__(*args, open_day=open_day, **kwargs)
        self.fields["slot"].queryset = Slot.objects.filter(open_day=open_day)

    @property
    def chosen(self):
        return str(self["slot"].value() or "")
