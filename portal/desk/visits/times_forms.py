"""The forms in which staff say when colleagues can come, who is away, and how long a visit takes."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from progress.models import Assignment
from progress.staff.actions import everywhere

from ..contacts_forms import those_who_work_here
from ..scoped import ScopedForm


def colleagues_of(user):
    """Those who work where `user` does, `user` included."""
    posts = Assignment.objects.live()
    if not everywhere(user):
        here = posts.filter(user=user).values("development")
        posts = posts.filter(development__in=here) | posts.filter(development=None)
    return those_who_work_here().filter(pk__in=[*posts.values_list("user", flat=True), user.pk])


class OfPlaceForm(ScopedForm):
    """What counts everywhere is for those who work everywhere."""

    def clean(self):
        cleaned = super().clean()
        if "development" in cleaned and cleaned["development"] is None and not everywhere(self.for_user):
            self.add_error("development", _("Please choose a development."))
        return cleaned


class AvailabilityForm(OfPlaceForm):
    """Several weekdays at once when it is new; afterwards each is a row of its own."""

    weekdays = forms.TypedMultipleChoiceField(
        label=_("Weekdays"), coerce=int, choices=list(WEEKDAYS.items()), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = colleagues_of(self.for_user)
        del self.fields["weekday" if self.instance._state.adding else "weekdays"]

    def clean(self):
        cleaned = super().clean()
        if bool(cleaned.get("person")) == bool(cleaned.get("team")):
            raise ValidationError(_("Please choose either one colleague or one team."))
        return cleaned


class AbsenceForm(ScopedForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = colleagues_of(self.for_user)
