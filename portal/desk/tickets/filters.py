"""What narrows a queue: a search, and what a ticket is, where it is and whose."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cms.search.words import LONGEST
from portal.tickets.models import Ticket
from progress.models import Assignment, Development

from ..scoped import within

ANY = ("", pgettext_lazy("tickets", "any"))


class QueueForm(forms.Form):
    """A choice that is none is left out of account."""

    q = forms.CharField(
        label=_("Words or number"), required=False, max_length=LONGEST, widget=forms.TextInput(attrs={"type": "search"})
    )
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[ANY, *Ticket.Kind.choices])
    state = forms.ChoiceField(label=_("State"), required=False, choices=[ANY, *Ticket.State.choices])
    priority = forms.ChoiceField(label=_("Priority"), required=False, choices=[ANY, *Ticket.Priority.choices])
    team = forms.ChoiceField(label=_("Team"), required=False, choices=[ANY, *Assignment.Role.choices])
    development = forms.ModelChoiceField(
        label=_("Development"), queryset=None, required=False, empty_label=pgettext_lazy("tickets", "any")
    )

    EXACT = ("kind", "state", "priority", "team", "development")

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["development"].queryset = within(Development, user)

    def narrowed(self, tickets):
        self.is_valid()
        chosen = {name: self.cleaned_data[name] for name in self.EXACT if self.cleaned_data.get(name)}
        return tickets.filter(**chosen)

    @property
    def words(self):
        return (self.cleaned_data.get("q") or "").strip()
