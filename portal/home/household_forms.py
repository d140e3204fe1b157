"""What an owner fills in to invite somebody to the household."""

from django import forms
from django.conf import settings
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext_lazy as _

from accounts.models import Invitation, one_line
from accounts.sms import sms_available
from progress.models import Role

Way = Invitation.Way


class HouseholdInviteForm(forms.Form):
    name = forms.CharField(label=_("Their name"), max_length=150, validators=[one_line])
    role = forms.ChoiceField(
        label=_("They live here as"),
        choices=[
            (Role.FAMILY, _("family: sees the home's progress, books and raises questions")),
            (Role.TENANT, _("tenant: sees guides and their own questions, nothing of the contract")),
        ],
        widget=forms.RadioSelect,
    )
    channel = forms.ChoiceField(label=_("The link comes by"), widget=forms.RadioSelect)
    address = forms.CharField(
        label=_("E-mail address or telephone number"),
        max_length=254,
        required=False,
        help_text=_("Leave it empty for a printed code."),
    )
    language = forms.ChoiceField(
        label=_("We write to them in"),
        choices=[(code, get_language_info(code)["name_local"]) for code, _name in settings.LANGUAGES],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        ways = [(Way.EMAIL, _("e-mail")), (Way.SMS, _("text message")), (Way.CODE, _("a code to scan or print"))]
        self.fields["channel"].choices = [way for way in ways if way[0] != Way.SMS or sms_available()]
        self.fields["role"].initial, self.fields["channel"].initial = Role.FAMILY, Way.EMAIL
        self.fields["language"].initial = get_language()

    def clean(self):
        given = super().clean()
        if given.get("channel") in {Way.EMAIL, Way.SMS} and not given.get("address"):
            self.add_error("address", _("Please write where we reach them."))
        return given
