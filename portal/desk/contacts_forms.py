"""The forms in which staff say who looks after which home, and what owners see of a colleague."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.files.forms import PhotosField, PhotosInput
from accounts.models import User, one_line
from progress.contacts.models import Contact
from progress.contacts.portraits import as_portrait
from progress.journeys.models import Journey, Kind

from .assignments import staff
from .colleagues import colleagues_of
from .people import DAY
from .scoped import ScopedForm

NOTES = ("note_en", "note_zh")


def those_who_work_here():
    """Whom owners can be told of."""
    return User.objects.filter(pk__in=staff().filter(is_active=True).values("pk")).order_by("name", "pk")


class ContactForm(ScopedForm):
    """Who looks after a development, a home, or one job there. Rules that need a look at others are the action's."""

    work = forms.ChoiceField(
        label=_("Kind of work"),
        required=False,
        choices=[("", _("whatever is done there")), *Kind.choices],
        help_text=_("Only for one home: the job there that is on its way."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = those_who_work_here()

    def clean(self):
        cleaned = super().clean()
        home, work = cleaned.get("home"), cleaned.get("work")
        journeys = Journey.objects.filter(home=home, ended=None, template__kind=work) if home and work else ()
        self.journey = next(iter(journeys), None)
        if work and not self.journey:
            self.add_error("work", _("There is no such job at a home on its way."))
        return cleaned

    def contact(self):
        """The keyword arguments of `name_contact`."""
        names = ("development", "home", "role", "user", "hours", "every_day", "since", "until")
        return {name: self.cleaned_data[name] for name in names} | {"journey": self.journey}


class ContactChangeForm(forms.ModelForm):
    """What can change while somebody stays; another person comes by a hand-over."""

    class Meta:
        model = Contact
        fields = ["hours", "every_day", "until"]
        widgets = {"until": DAY}


class HandOverForm(forms.Form):
    """Who takes over, from when, and what owners should know."""

    to = forms.ModelChoiceField(User.objects.none(), label=_("Who takes over"))
    on = forms.DateField(label=_("From"), widget=DAY, help_text=_("Owners are told at once, with this day."))
    note_en = forms.CharField(
        label=_("A word to the owners, in English"), max_length=300, required=False, validators=[one_line]
    )
    note_zh = forms.CharField(
        label=_("A word to the owners, in Chinese"), max_length=300, required=False, validators=[one_line]
    )

    def __init__(self, *args, leaves, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = those_who_work_here().exclude(pk=leaves.pk)


class WhoseForm(forms.Form):
    """Whose contacts shall be handed over."""

    user = forms.ModelChoiceField(User.objects.none(), label=_("Who hands over"))

    def __init__(self, *args, contacts, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = User.objects.filter(pk__in=contacts.order_by().values("user")).order_by("name")


class CardForm(ScopedForm):
    """What owners see of a colleague, with the photo."""

    fixed = ("user",)
    picture = PhotosField(
        label=_("Photo"),
        required=False,
        widget=PhotosInput({"multiple": False, "data-max-files": 1}),
        help_text=_("The face in the middle. It is cut to a square."),
    )
    without_picture = forms.BooleanField(label=_("Take the photo off"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        mine = Q(pk__in=colleagues_of(self.for_user).values("pk")) | Q(pk=self.for_user.pk)
        here = those_who_work_here().filter(mine)
        new = self.instance._state.adding
        self.fields["user"].queryset = here.filter(card=None) if new else User.objects.filter(pk=self.instance.user_id)
        if new or not self.instance.photo_id:
            del self.fields["without_picture"]

    def clean_picture(self):
        photos = self.cleaned_data["picture"]
        if len(photos) > 1:
            raise forms.ValidationError(_("Please choose one photo."))
        return as_portrait(photos[0]) if photos else None
