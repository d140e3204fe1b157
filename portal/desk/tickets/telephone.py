"""Raising a ticket for an owner on the telephone: find the home, write down what they say."""

from uuid import uuid4

from django import forms
from django.contrib import messages
from django.db.models import Exists, OuterRef, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.models import Address, Channel, Owner, one_line
from portal.tickets.errors import TicketError
from portal.tickets.models import Ticket
from portal.tickets.raising import raise_ticket
from progress.models import Home, Ownership
from progress.questions.forms import WordsField

from ..scoped import within
from .access import handling, posted
from .act_forms import component_choices

FOUND, OPEN_SHOWN = 30, 10
DIGITS = 5  # of a telephone number, from which on they say whose it is


class FindForm(forms.Form):
    q = forms.CharField(
        label=gettext_lazy("Home, name, customer number or telephone"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"type": "search"}),
    )


class RaiseForm(forms.Form):
    ticket_id = forms.UUIDField(initial=uuid4, widget=forms.HiddenInput)
    owner = forms.ModelChoiceField(label=gettext_lazy("Who is on the telephone"), queryset=None, empty_label=None)
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), choices=Ticket.Kind, initial=Ticket.Kind.REPAIR, widget=forms.RadioSelect
    )
    component = forms.ModelChoiceField(
        label=gettext_lazy("Part of the home"), queryset=None, required=False, empty_label=gettext_lazy("none")
    )
    title = forms.CharField(label=gettext_lazy("In a few words"), max_length=120, required=False, validators=[one_line])
    text = WordsField(label=gettext_lazy("What they say"), max_length=4000, rows=5)
    when_possible = forms.CharField(
        label=gettext_lazy("When someone can come"), max_length=300, required=False, validators=[one_line]
    )
    personal = forms.BooleanField(
        label=gettext_lazy("Only for whoever is on the telephone, not for the rest of the household"), required=False
    )

    def __init__(self, *args, home, **kwargs):
        super().__init__(*args, **kwargs)
        members = home.ownerships.live().values("owner")
        self.fields["owner"].queryset = Owner.objects.active().filter(pk__in=members).order_by("name", "pk")
        component_choices(self.fields["component"])


@handling
@require_safe
def find(request):
    """The homes that answer to what was said, where this person works; nothing said: none."""
    form = FindForm(request.GET)
    words = form.cleaned_data["q"].strip() if form.is_valid() else ""
    context = {
        "form": FindForm(initial={"q": words}),
        "words": words,
        "homes": _homes(words, request.user) if words else [],
    }
    return render(request, "desk/tickets/find.html", context)


def _homes(words, user):
    ties = Ownership.objects.live().filter(home=OuterRef("pk"), owner__erased_at__isnull=True)
    homes = within(Home, user).with_place().annotate(lived_in=Exists(ties))
    homes = homes.filter(Q(number__icontains=words) | Exists(ties.filter(_of(words))))
    return homes.order_by("development", "building__name", "number")[:FOUND]


def _of(words):
    """Ties of whoever is called so, has this customer number, or this telephone."""
    named = Q(owner__name__icontains=words) | Q(owner__customer_no__iexact=words)
    digits = "".join(filter(str.isdigit, words))
    if len(digits) < DIGITS:
        return named
    rows = Address.objects.filter(channel=Channel.SMS, value__endswith=digits)
    login = Q(owner__user__phone__endswith=digits) | Q(owner__user__in=rows.values("user"))
    return named | login | Q(owner__in=rows.values("owner"))


@handling
def write_down(request, home_id):
    home = get_object_or_404(within(Home, request.user).with_place(), pk=home_id)
    timezone.activate(home.development.time_zone)
    form = RaiseForm(posted(request), home=home)
    if request.method == "POST" and form.is_valid():
        given = {"home": home, "channel": Ticket.Channel.PHONE, "by": request.user, "at": timezone.now()}
        try:
            ticket = raise_ticket(by_staff=True, **given, **form.cleaned_data)
        except TicketError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Raised as %(number)s. They have been told.") % {"number": ticket.number})
            return redirect("desk_ticket:inspect", ticket.pk)
    going_on = within(Ticket, request.user).filter(home=home).open().order_by("-reported_at", "-pk")
    context = {"home": home, "form": form, "going_on": going_on[:OPEN_SHOWN]}
    return render(request, "desk/tickets/raise.html", context)
