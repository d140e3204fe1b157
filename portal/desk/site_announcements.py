"""What an announcement has besides an update: how urgent it is, and how long it is valid."""

from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from progress.updates.models import Update

from .scoped import within

POST, ANNOUNCE = "updates.add_update", "updates.announce_update"
TERMS = ("urgent", "emergency", "valid_from", "valid_until")


def may_write(user):
    """Whether this person posts anything at all; some groups post announcements only."""
    return user.has_perm(POST) or user.has_perm(ANNOUNCE)


def writable(user):
    """The updates that this person may write, publish and correct."""
    updates = within(Update, user)
    return updates if user.has_perm(POST) else updates.announcements()


class LocalTimeField(forms.DateTimeField):
    """A time as it is written, without a zone: the development's, which only the whole form knows."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def __init__(self, *, required=False, **kwargs):
        super().__init__(required=required, input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"], **kwargs)

    def to_python(self, value):
        moment = super().to_python(value)
        return moment and timezone.make_naive(moment)


class AnnouncementFields(forms.Form):
    """Mixed into the form of an update, before it."""

    kind = forms.ChoiceField(
        label=_("What it is"),
        required=False,
        initial=Update.Kind.PROGRESS,
        choices=[
            (Update.Kind.PROGRESS, _("News from the site, for those who follow it")),
            (Update.Kind.ANNOUNCEMENT, _("An announcement for everyone who lives there, tenants too")),
        ],
        widget=forms.RadioSelect,
    )
    urgent = forms.BooleanField(label=_("Urgent: by text message too"), required=False)
    emergency = forms.BooleanField(
        label=_("Emergency: the text message goes out at once, also at night"), required=False
    )
    valid_from = LocalTimeField(label=_("Valid from"), help_text=_("Empty: from when it is published."))
    valid_until = LocalTimeField(
        label=_("Valid until (an announcement needs it)"), help_text=_("It leaves the owners' pages by itself then.")
    )

    def only_announcements(self):
        """For those who post nothing else: there is nothing to choose, and the end is required."""
        self.fields["kind"].choices = self.fields["kind"].choices[1:]
        self.fields["kind"].initial = Update.Kind.ANNOUNCEMENT
        self.fields["kind"].required = self.fields["valid_until"].required = True

    def main_fields(self):
        return [self[name] for name in self.fields if name not in TERMS and not self[name].is_hidden]

    def term_fields(self):
        return [self[name] for name in TERMS]

    def is_announcement(self):
        return self["kind"].value() == Update.Kind.ANNOUNCEMENT

    def clean_terms(self, places, *, at):
        """Called once it is known where it is for, hence in which time zone. `at`: now."""
        if self.cleaned_data.get("kind") != Update.Kind.ANNOUNCEMENT or not places:
            return
        zone = ZoneInfo(getattr(places[0], "development", places[0]).time_zone)
        for name in ("valid_from", "valid_until"):
            moment = self.cleaned_data.get(name)
            self.cleaned_data[name] = moment and moment.replace(tzinfo=zone)
        begins, ends = self.cleaned_data["valid_from"], self.cleaned_data["valid_until"]
        if ends and ends <= at:
            self.add_error("valid_until", _("This time is past. Please write until when it is valid."))
        if not ends and "valid_until" not in self.errors:
            self.add_error("valid_until", _("Please write until when it is valid."))
        if begins and ends and ends <= begins:
            self.add_error("valid_until", _("It ends before it begins."))

    def terms(self):
        """What makes it an announcement, as the actions take it; None for news."""
        given = self.cleaned_data
        if given["kind"] != Update.Kind.ANNOUNCEMENT:
            return None
        return {name: given[name] for name in TERMS} | {"urgent": given["urgent"] or given["emergency"]}


def initial_terms(update):
    """What the form shows of a draft's terms, in the development's time."""
    zone = ZoneInfo(update.development.time_zone)
    times = {name: getattr(update, name) for name in ("valid_from", "valid_until")}
    shown = {name: moment and timezone.make_naive(moment, zone) for name, moment in times.items()}
    return {"kind": update.kind, "urgent": update.urgent, "emergency": update.emergency, **shown}
