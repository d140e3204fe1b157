"""What is counted: a period, a development, and what the lines of the table are."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.tickets.models import Ticket
from progress.models import Development
from progress.scope import of_assigned

from ..scoped import within

USUAL = timedelta(days=90)
LONGEST = timedelta(days=731)
LINES = [
    ("team", pgettext_lazy("lines of a table", "by team")),
    ("touchpoint", pgettext_lazy("lines of a table", "by touchpoint")),
    ("component", pgettext_lazy("lines of a table", "by component")),
    ("contractor", pgettext_lazy("lines of a table", "by contractor")),
    ("kind", pgettext_lazy("lines of a table", "by kind")),
]


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self):
        super().__init__(format="%Y-%m-%d")


class ReportForm(forms.Form):
    """Nothing chosen: the last ninety days of all developments that this person may see, by team."""

    starts = forms.DateField(label=_("Reported from"), required=False, widget=DateInput())
    ends = forms.DateField(label=_("until"), required=False, widget=DateInput())
    development = forms.ModelChoiceField(
        label=_("Development"), queryset=None, required=False, empty_label=_("All of mine")
    )
    lines = forms.ChoiceField(label=_("Lines"), choices=LINES, required=False)

    def __init__(self, data=None, *, user, today):
        given = {name: value for name, value in (data or {}).items() if value}
        usual = {"starts": today - USUAL, "ends": today, "lines": "team"}
        super().__init__({**usual, **given})
        self.user = user
        self.fields["development"].queryset = within(Development, user)

    def clean(self):
        starts, ends = self.cleaned_data.get("starts"), self.cleaned_data.get("ends")
        if starts and ends and starts > ends:
            raise ValidationError(_("The period ends before it begins."))
        if starts and ends and ends - starts > LONGEST:
            raise ValidationError(_("Please choose two years at most."))

    @property
    def zone(self):
        place = self.cleaned_data.get("development")
        return ZoneInfo(place.time_zone) if place else timezone.get_default_timezone()

    @property
    def line(self):
        return self.cleaned_data["lines"]

    def period(self):
        """(first moment, the moment after the last)"""
        first, last = self.cleaned_data["starts"], self.cleaned_data["ends"] + timedelta(days=1)
        return tuple(datetime.combine(day, time(), tzinfo=self.zone) for day in (first, last))

    def of_place(self):
        """The tickets of the development, or of all where this person works; whenever they were reported."""
        tickets = Ticket.objects.filter(of_assigned(self.user, Ticket, "development")).exclude(state="merged")
        place = self.cleaned_data["development"]
        return tickets.filter(development=place) if place else tickets

    def chosen(self):
        """Those of the period."""
        starts, ends = self.period()
        return self.of_place().filter(reported_at__gte=starts, reported_at__lt=ends)
