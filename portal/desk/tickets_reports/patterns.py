"""Patterns on the desk: which homes have the defect, which other homes are alike, and telling them."""

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from portal.tickets.errors import TicketError
from portal.tickets.patterns import actions
from portal.tickets.patterns.models import LONGEST, Pattern
from progress.designs.people import hosts_of

from ..scoped import within
from .access import CHANGE, acting, own_pattern, seeing_patterns

SHOWN = 100  # of either list of homes, and of patterns


class WarnForm(forms.Form):
    words_en = forms.CharField(
        label=gettext_lazy("What the owners read, in English"),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea,
    )
    words_zh = forms.CharField(
        label=gettext_lazy("What the owners read, in Chinese"),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea,
    )


class SettleForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Why it is settled"), max_length=300)


@seeing_patterns
@require_safe
def patterns(request):
    """Those that wait first."""
    rows = within(Pattern, request.user).with_place()
    context = {
        "view": "patterns",
        "may_see_patterns": True,
        "standing": rows.unsettled()[:SHOWN],
        "settled": rows.filter(state=Pattern.State.SETTLED)[:SHOWN],
    }
    return render(request, "desk/tickets_reports/patterns.html", context)


@seeing_patterns
@require_safe
def pattern(request, pk):
    return _page(request, own_pattern(request, pk))


def _page(request, found, *, warn_form=None, settle_form=None):
    tickets = found.tickets().select_related("home__building", "home__development", "assignee").order_by("-reported_at")
    others = found.other_homes().select_related("building", "development").order_by("building__name", "number", "pk")
    context = {
        "pattern": found,
        "tickets": tickets[:SHOWN],
        "homes": found.affected_homes().count(),
        "others": others[:SHOWN],
        "others_count": others.count(),
        "people": hosts_of(found.other_homes()).count(),
        "may_act": request.user.has_perm(CHANGE) and not found.is_settled,
        "warn_form": warn_form or WarnForm(),
        "settle_form": settle_form or SettleForm(),
    }
    return render(request, "desk/tickets_reports/pattern.html", context)


@acting
@require_POST
def warn(request, pk):
    found, form = own_pattern(request, pk), WarnForm(request.POST)
    if form.is_valid() and _done(form, actions.warn, found, by=request.user):
        messages.success(request, _("The owners of the other homes are told."))
        return redirect("desk_reports:pattern", pk)
    return _page(request, found, warn_form=form)


@acting
@require_POST
def settle(request, pk):
    found, form = own_pattern(request, pk), SettleForm(request.POST)
    if form.is_valid() and _done(form, actions.settle, found, by=request.user):
        messages.success(request, _("Settled."))
        return redirect("desk_reports:pattern", pk)
    return _page(request, found, settle_form=form)


def _done(form, action, found, *, by):
    """Whether it was done; why not stands at the form."""
    try:
        action(found, by=by, at=timezone.now(), **form.cleaned_data)
    except TicketError as error:
        form.add_error(None, str(error))
        return False
    return True
