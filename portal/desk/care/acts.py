"""What is done with a version: copied, handed in, taken back, approved, switched off, thrown away."""

from functools import wraps

from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.again import ask_again
from portal.care import switching
from portal.care.errors import CareError
from portal.care.models import Rule

from .access import own, seeing
from .forms import OffForm
from .rules import page


def acting(again=False):
    """A POST that changes a rule; what is refused is said on its page. `again`: they prove who they are."""

    def decorate(act):
        @require_POST
        @seeing
        @wraps(act)
        def view(request, pk):
            rule = own(request, pk)
            if again:
                ask_again(request)
            try:
                return act(request, rule)
            except CareError as error:
                messages.error(request, str(error))
                return redirect("desk_care:rule", rule.pk)

        return view

    return decorate


def _done(request, rule, words):
    messages.success(request, words)
    return redirect("desk_care:rule", rule.pk)


@acting()
def new_version(request, rule):
    draft = switching.new_version(rule, by=request.user, at=timezone.now())
    page_name = "desk_care:change" if draft.state == Rule.State.DRAFT else "desk_care:rule"
    return redirect(page_name, draft.pk)


@acting(again=True)
def hand_in(request, rule):
    knowingly = request.POST.get("knowingly") == "on"
    rule = switching.hand_in(rule, by=request.user, at=timezone.now(), knowingly=knowingly)
    if rule.state == Rule.State.WAITING:
        return _done(request, rule, _("Handed in. It is switched on as soon as a second person approves it."))
    return _done(request, rule, _("Switched on. From now on it promises what it says."))


@acting()
def take_back(request, rule):
    return _done(request, switching.take_back(rule, by=request.user, at=timezone.now()), _("It is a draft again."))


@acting(again=True)
def approve(request, rule):
    rule = switching.approve(rule, by=request.user, at=timezone.now())
    return _done(request, rule, _("Approved and switched on."))


@acting(again=True)
def switch_off(request, rule):
    form = OffForm(request.POST)
    if not form.is_valid():
        return page(request, rule, off=form)
    let_go = form.cleaned_data["promises"] == OffForm.GO
    rule = switching.switch_off(rule, by=request.user, at=timezone.now(), void=let_go)
    return _done(request, rule, _("Switched off. Nothing more is promised by it."))


@acting()
def drop(request, rule):
    switching.drop_draft(rule, by=request.user)
    messages.success(request, _("The draft is thrown away."))
    return redirect("desk_care:rules")
