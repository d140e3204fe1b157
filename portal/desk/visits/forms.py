"""The forms in which staff book a visit: for whom, who comes, and when."""

from datetime import datetime
from uuid import uuid4

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Owner, User, one_line
from portal.visits.models import VisitKind
from portal.visits.offers import free_times
from progress.models import Assignment, Home

from ..choosers import home_chooser
from ..scoped import narrow
from ..site_announcements import LocalTimeField

SHOWN = 400  # beginnings in one list


def colleagues_at(development):
    """Whoever can be sent there."""
    posts = Assignment.objects.live().filter(user__is_active=True)
    if development is not None:
        posts = posts.filter(development=None) | posts.filter(development=development)
    return User.objects.filter(pk__in=posts.values("user")).order_by("name", "pk")


class HomeForm(forms.Form):
    """Which home it is for."""

    home = forms.ModelChoiceField(label=_("Home"), queryset=None, widget=home_chooser.widget_class)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["home"].queryset = narrow(Home.objects.all(), user)
        self.fields["home"].widget.user = user


class WhatForm(forms.Form):
    """What decides the times that are offered."""

    kind = forms.ChoiceField(label=_("Kind"), choices=VisitKind, required=False)
    person = forms.ModelChoiceField(label=_("Who comes"), queryset=None, required=False, empty_label=_("Anybody"))

    def __init__(self, *args, place, fixed=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = colleagues_at(place)
        if fixed:
            del self.fields["kind"]


class WhenForm(forms.Form):
    """A time that is free, or one that was arranged on the telephone."""

    visit_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    starts = forms.TypedChoiceField(
        label=_("Free times"), required=False, widget=forms.Select, coerce=datetime.fromisoformat, empty_value=None
    )
    arranged = LocalTimeField(label=_("Another time"), help_text=_("As you have arranged it. Name who comes, too."))
    urgent = forms.BooleanField(
        label=_("Urgent"), required=False, help_text=_("Without notice, as in an emergency: somebody goes at once.")
    )
    owner = forms.ModelChoiceField(
        label=_("Who is told"), queryset=Owner.objects.none(), required=False, empty_label=_("The owner of the home")
    )
    note = forms.CharField(
        label=_("What we should know"),
        max_length=300,
        required=False,
        validators=[one_line],
        help_text=_("They read it, too."),
    )

    def __init__(self, *args, home, enquiry, kind, person, at, visit=None, **kwargs):
        super().__init__(*args, **kwargs)
        offers = free_times(kind=kind, home=home, enquiry=enquiry, person=person, at=at, moving=visit)[:SHOWN]
        self.fields["starts"].choices = [
            ("", "—"),
            *((_key(offer), _words(offer, named=not person)) for offer in offers),
        ]
        if home is None or visit is not None:
            del self.fields["owner"]
        else:
            members = home.ownerships.live().values("owner")
            self.fields["owner"].queryset = Owner.objects.active().filter(pk__in=members)
        if visit is not None:
            del self.fields["visit_id"]
            if visit.is_live:
                del self.fields["note"]

    def clean(self):
        cleaned = super().clean()
        arranged = cleaned.pop("arranged", None)
        if arranged:
            cleaned["starts"] = timezone.make_aware(arranged)
        elif not cleaned.get("starts") and "starts" not in self.errors:
            self.add_error("starts", _("Please choose a time."))
        return cleaned


def _key(offer):
    return offer.starts.isoformat()


def _words(offer, *, named):
    starts = timezone.localtime(offer.starts)
    words = f"{starts:%Y-%m-%d %H:%M}"
    return f"{words} · {offer.person}" if named else words


class WishForm(forms.Form):
    """Ask the household to choose a time by themselves."""

    visit_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    kind = forms.ChoiceField(label=_("Kind"), choices=VisitKind)
    not_after = forms.DateField(
        label=_("Not after"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class AssignForm(forms.Form):
    person = forms.ModelChoiceField(label=_("Who comes instead"), queryset=None)

    def __init__(self, *args, visit, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = colleagues_at(visit.development).exclude(pk=visit.person_id)
