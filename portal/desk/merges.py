"""Two customer records of one person: looked at, made one, and taken apart within 30 days."""

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.again import ask_again
from accounts.merges.actions import MergeError, check_merge, merge_owners, undo_merge
from accounts.merges.models import OwnerMerge
from accounts.merges.movers import all_movers
from accounts.models import Owner
from progress.models import Ownership

from .flows import FlowViewSet
from .scoped import ScopedInspectView, within
from .transfers import moment

MAY_ADD = "merges.add_ownermerge"
MAY_UNDO = "merges.change_ownermerge"


class MergeForm(forms.Form):
    """Both by customer number. Cleaned: `kept` and `gone`, Owners whose homes are all in the person's sight."""

    kept = forms.CharField(label=gettext_lazy("Customer number of the record that stays"), max_length=40)
    gone = forms.CharField(label=gettext_lazy("Customer number of the record that goes"), max_length=40)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_kept(self):
        return self._owner("kept")

    def clean_gone(self):
        return self._owner("gone")

    def _owner(self, name):
        number = self.cleaned_data[name].strip()
        owner = within(Owner, self.user).filter(customer_no=number).first()
        if owner is None:
            raise forms.ValidationError(_("No customer has the number %(number)s.") % {"number": number})
        if owner.ownerships.exclude(pk__in=within(Ownership, self.user).values("pk")).exists():
            raise forms.ValidationError(_("This customer has a home in a development that isn't yours, too."))
        return owner


def _form(request):
    if not request.user.has_perm(MAY_ADD):
        raise Http404
    ask_again(request)
    posted = request.POST if request.method == "POST" else None
    return MergeForm(posted, user=request.user, initial={"gone": request.GET.get("gone")})


def _refused(request, form, error=None):
    if error:
        form.add_error(None, str(error))
    return render(request, "desk/merges/new.html", {"form": form})


def new(request):
    """The form; posted, what would move. Nothing changes here."""
    form = _form(request)
    if request.method != "POST" or not form.is_valid():
        return _refused(request, form)
    kept, gone = form.cleaned_data["kept"], form.cleaned_data["gone"]
    try:
        check_merge(kept=kept, gone=gone)
    except MergeError as error:
        return _refused(request, form, error)
    return render(request, "desk/merges/preview.html", {"form": form, "records": _records(kept, gone), **moves(gone)})


def _records(kept, gone):
    words = {kept: _("stays"), gone: _("goes")}
    ties = Ownership.objects.select_related("home__development")
    return [(owner, words[owner], list(ties.filter(owner=owner))) for owner in (kept, gone)]


def moves(gone):
    """What the preview counts: rows by kind, and whether there is a login."""
    counts = [(mover.label, mover.count(gone)) for mover in all_movers().values()]
    return {"lines": [(label, count) for label, count in counts if count], "login": gone.user}


@require_POST
def confirm(request):
    form = _form(request)
    if not form.is_valid():
        return _refused(request, form)
    try:
        merge = merge_owners(**form.cleaned_data, by=request.user, at=timezone.now())
    except MergeError as error:
        return _refused(request, form, error)
    messages.success(request, _("The two records are one. For 30 days you can take them apart again."))
    # Without a home the record that stays is in nobody's development.
    seen = within(OwnerMerge, request.user).filter(pk=merge.pk).exists()
    return redirect(*(["desk_ownermerge:inspect", merge.pk] if seen else ["desk_ownermerge:index"]))


@require_POST
def undo(request, pk):
    if not request.user.has_perm(MAY_UNDO):
        raise Http404
    merge = get_object_or_404(within(OwnerMerge, request.user), pk=pk)
    ask_again(request)
    try:
        undo_merge(merge, by=request.user, at=timezone.now())
        messages.success(request, _("The two records are apart again."))
    except MergeError as error:
        messages.error(request, str(error))
    seen = within(OwnerMerge, request.user).filter(pk=pk).exists()
    return redirect(*(["desk_ownermerge:inspect", pk] if seen else ["desk_ownermerge:index"]))


class MergeInspectView(ScopedInspectView):
    template_name = "desk/merges/inspect.html"

    def get_at_display_value(self):
        return moment(self.object.at)

    def get_undone_at_display_value(self):
        return moment(self.object.undone_at)

    def get_context_data(self, **kwargs):
        may_undo = self.object.can_be_undone(at=timezone.now()) and self.request.user.has_perm(MAY_UNDO)
        return super().get_context_data(may_undo=may_undo, merge=self.object, **kwargs)


class OwnerMergeViewSet(FlowViewSet):
    model = OwnerMerge
    path = "kept__ownerships__home__development"
    icon = "group"
    menu_label = gettext_lazy("Merged customers")
    select_related = ("kept", "gone", "by")
    list_display = ["__str__", "kept", "gone", "at", "by", "undone_at"]
    search_fields = ("kept__name", "kept__customer_no", "gone__customer_no")
    inspect_view_fields = ["kept", "gone", "at", "by", "undone_at"]
    inspect_view_class = MergeInspectView
    steps = {"new": new, "confirm": confirm, "undo": undo}
