"""Handing a ticket to a contractor: what is to be done, which photos, who answers, until when."""

import uuid
from datetime import datetime, time, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Channel
from portal.tickets.jobs.actions import LONGEST_LIFE, ways_to
from portal.tickets.jobs.forms import TextField
from portal.tickets.jobs.models import LONGEST_TASK, Contractor
from portal.tickets.models import Attachment

from ..visits.forms import colleagues_at

WAYS = [(Channel.EMAIL, gettext_lazy("by e-mail")), (Channel.SMS, gettext_lazy("by text message"))]
USUAL_LIFE = timedelta(days=14)


class UntilForm(forms.Form):
    """Until when the link is good, to the end of that day at the place; and how it goes to them."""

    until = forms.DateField(
        label=gettext_lazy("The link is good until"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    ways = forms.MultipleChoiceField(
        label=gettext_lazy("Send the link"),
        choices=WAYS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("To the addresses of the contractor. You can also copy it afterwards."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        self.fields["until"].initial = today + USUAL_LIFE
        self.fields["until"].widget.attrs |= {"min": f"{today}", "max": f"{today + LONGEST_LIFE - timedelta(days=1)}"}

    def expires_at(self):
        day = self.cleaned_data["until"] + timedelta(days=1)
        return timezone.make_aware(datetime.combine(day, time()))

    def clean_until(self):
        day = self.cleaned_data["until"]
        today = timezone.localdate()
        if not today <= day < today + LONGEST_LIFE:
            raise forms.ValidationError(_("Please let the link run out within the next 90 days."))
        return day

    def check_ways(self, contractor):
        missing = [str(dict(WAYS)[way]) for way in self.cleaned_data.get("ways", []) if way not in ways_to(contractor)]
        if missing:
            words = _("%(name)s can't be reached %(ways)s: we have no address for that.")
            self.add_error("ways", words % {"name": contractor, "ways": ", ".join(missing)})


class RenewForm(UntilForm):
    def __init__(self, *args, job, **kwargs):
        super().__init__(*args, **kwargs)
        self.job = job

    def clean(self):
        self.check_ways(self.job.contractor)
        return super().clean()

    def given(self):
        return {"expires_at": self.expires_at(), "ways": self.cleaned_data["ways"]}


class GiveForm(UntilForm):
    job_id = forms.UUIDField(initial=uuid.uuid4, widget=forms.HiddenInput)
    contractor = forms.ModelChoiceField(label=gettext_lazy("Contractor"), queryset=Contractor.objects.in_use())
    task_zh = TextField(
        label=gettext_lazy("What is to be done, in Chinese"), max_length=LONGEST_TASK, rows=4, required=False
    )
    task_en = TextField(
        label=gettext_lazy("What is to be done, in English"), max_length=LONGEST_TASK, rows=4, required=False
    )
    photos = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Photos that they see"),
        queryset=Attachment.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    contact = forms.ModelChoiceField(label=gettext_lazy("Whom they ask"), queryset=None)
    shows_owner = forms.BooleanField(
        label=gettext_lazy("They see the owner's name and telephone number"),
        required=False,
        help_text=gettext_lazy("Only when they have to agree a time with the owner."),
    )
    field_order = ["job_id", "contractor", "task_zh", "task_en", "photos", "contact", "shows_owner", "until", "ways"]

    def __init__(self, *args, ticket, user, **kwargs):
        super().__init__(*args, **kwargs)
        photos = Attachment.objects.filter(ticket=ticket, kind=Attachment.Kind.PHOTO, file__deleted_at=None)
        self.fields["photos"].queryset = photos.order_by("at", "order", "pk")
        self.fields["photos"].label_from_instance = _name_of_photo
        self.fields["contact"].queryset = colleagues_at(ticket.development)
        self.fields["contact"].initial = user.pk

    def clean(self):
        cleaned = super().clean()
        if not (cleaned.get("task_en") or cleaned.get("task_zh")) and not self.errors.keys() & {"task_en", "task_zh"}:
            self.add_error("task_zh", _("Please say what is to be done, in at least one language."))
        if contractor := cleaned.get("contractor"):
            self.check_ways(contractor)
        return cleaned

    def given(self):
        names = ("job_id", "contractor", "task_en", "task_zh", "photos", "contact", "shows_owner", "ways")
        return {name: self.cleaned_data[name] for name in names} | {"expires_at": self.expires_at()}


def _name_of_photo(attachment):
    taken = timezone.localtime(attachment.at)
    whose = _("ours") if attachment.by_staff else _("the owner's")
    return f"{taken:%Y-%m-%d %H:%M} · {whose}"
