"""What staff owe: their day, and one promise at a time; under /site/ on a phone, and in the Wagtail admin."""

from functools import wraps

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from accounts.models import one_line
from progress.promises import actions, kinds
from progress.promises.models import Promise
from progress.promises.sweep import colleagues
from progress.scope import may_view

from .scoped import within
from .site_announcements import LocalTimeField
from .site_views import site_page, site_redirect

PERMISSION = "promises.change_promise"
RELATED = ("development", "home__building", "home__development", "owner", "responsible")


def answering(view):
    """Logged in, and in a group that answers for promises; where, the querysets say."""

    @wraps(view)
    @login_required
    def guarded(request, *args, **kwargs):
        if not may_view(request.user, Promise):
            raise Http404
        with timezone.override(None):
            return view(request, *args, **kwargs)

    return guarded


class OutcomeForm(forms.Form):
    """What came of it, in a line; for the promise's own page and its history."""

    outcome = forms.CharField(
        label=_("What came of it"),
        max_length=200,
        required=False,
        validators=[one_line],
        help_text=_("Owners read it."),
    )


class WaiveForm(forms.Form):
    reason = forms.CharField(label=_("Why it is let go"), max_length=200, validators=[one_line])


class MoveForm(forms.Form):
    """Another time, in the development's own, with the reason in at least one language."""

    due_at = LocalTimeField(
        label=_("New time"), required=True, error_messages={"required": _("Please give the new time.")}
    )
    reason_en = forms.CharField(label=_("Reason in English"), max_length=200, required=False, validators=[one_line])
    reason_zh = forms.CharField(label=_("Reason in Chinese"), max_length=200, required=False, validators=[one_line])

    def clean_due_at(self):
        return timezone.make_aware(self.cleaned_data["due_at"])


class HandOverForm(forms.Form):
    """To a colleague of the same development."""

    to = forms.ModelChoiceField(label=_("To whom"), queryset=None)

    def __init__(self, *args, promise, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = colleagues(promise.development, promise.team).order_by("name")


def _own(request, pk):
    promises = within(Promise, request.user).select_related(*RELATED)
    promise = get_object_or_404(promises, pk=pk)
    timezone.activate(promise.calendar[1])
    return promise


@answering
def my_day(request):
    """What this person owes, late first."""
    promises = within(Promise, request.user).open().answered_by(request.user).late_first()
    promises = promises.select_related(*RELATED)
    page = Paginator(promises, 30).get_page(request.GET.get("page"))
    now = timezone.now()
    page.object_list = kinds.prepare(page.object_list)
    late = [promise for promise in page if promise.is_late(at=now)]
    to_come = [promise for promise in page if not promise.is_late(at=now)]
    return site_page(request, "site/my_day.html", {"late": late, "to_come": to_come, "page": page})


@answering
def promise_detail(request, pk):
    promise = _own(request, pk)
    return _promise_page(request, promise)


def _promise_page(request, promise, **forms):
    given = {
        "outcome": OutcomeForm(),
        "move": MoveForm(),
        "waive": WaiveForm(),
        "hand_over": HandOverForm(promise=promise),
    }
    context = {
        "promise": promise,
        "late": promise.is_late(at=timezone.now()),
        "keep_url": kinds.get(promise.kind).url(promise),
        "moved": promise.moved.select_related("by"),
        "forms": given | forms,
        "may_change": promise.is_open and request.user.has_perm(PERMISSION),
    }
    return site_page(request, "site/promise.html", context)


def _verb(name, form_class):
    """A view that POSTs one verb of the ledger with what its form says, and comes back to the promise."""

    def decorate(act):
        @require_POST
        @answering
        def view(request, pk):
            promise = _own(request, pk)
            if not request.user.has_perm(PERMISSION):
                raise Http404
            extra = {"promise": promise} if form_class is HandOverForm else {}
            form = form_class(request.POST, **extra)
            if form.is_valid():
                try:
                    messages.success(request, act(request, promise, form.cleaned_data))
                    return site_redirect(request, "promise", pk)
                except actions.PromiseError as error:
                    promise = _own(request, pk)
                    if not promise.is_open:  # settled in another tab, where there is no form any more
                        messages.error(request, str(error))
                    form.add_error(None, str(error))
            return _promise_page(request, promise, **{name: form})

        return view

    return decorate


@_verb("outcome", OutcomeForm)
def keep(request, promise, given):
    actions.keep_promise(promise, by=request.user, at=timezone.now(), **given)
    return gettext("Done. It stands in the history of the home.")


@_verb("move", MoveForm)
def move(request, promise, given):
    actions.move_promise(promise, by=request.user, at=timezone.now(), **given)
    return gettext("The new time stands beside the old one, with the reason.")


@_verb("waive", WaiveForm)
def waive(request, promise, given):
    actions.waive_promise(promise, by=request.user, at=timezone.now(), **given)
    return gettext("Let go, with the reason on record.")


@_verb("hand_over", HandOverForm)
def hand_over(request, promise, given):
    actions.hand_over(promise, by=request.user, **given)
    return gettext("Handed over.")
