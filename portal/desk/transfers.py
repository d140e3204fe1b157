"""A home changes hands: choose, look at what that means, confirm; and call it off until its day."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.again import ask_again
from accounts.events.actions import record
from accounts.models import Owner
from progress.households.actions import members_of, today_at
from progress.transfers import parts
from progress.transfers.actions import TransferError, check_transfer, transfer_home, undo_transfer
from progress.transfers.models import HomeTransfer

from .flows import FlowViewSet
from .scoped import ScopedInspectView, within
from .transfer_forms import TransferForm

MAY_ADD = "transfers.add_hometransfer"
MAY_UNDO = "transfers.change_hometransfer"


def _allowed(request, permission):
    if not request.user.has_perm(permission):
        raise Http404


def _form(request):
    _allowed(request, MAY_ADD)
    ask_again(request)
    initial = {"home": request.GET.get("home"), "on": timezone.localdate()}
    posted = request.POST if request.method == "POST" else None
    return TransferForm(posted, initial=initial, user=request.user)


def _refused(request, form, error=None):
    if error:
        form.add_error(None, str(error))
    return render(request, "desk/transfers/new.html", {"form": form, "media": form.media})


def new(request):
    """The form; posted, what it would mean. Nothing changes here."""
    form = _form(request)
    if request.method != "POST" or not form.is_valid():
        return _refused(request, form)
    given, home = form.cleaned_data, form.cleaned_data["home"]
    today = today_at(home, at=timezone.now())
    try:
        check_transfer(home=home, to=given["to"], on=given["on"], today=today)
    except TransferError as error:
        return _refused(request, form, error)
    context = {
        "form": form,
        "home": home,
        "on": given["on"],
        "at_once": given["on"] == today,
        "to": named(given["to"], new=given["new_record"], user=request.user),
        "leaving": [tie for tie in members_of(home) if tie.owner not in given["to"]],
        "lines": parts.preview(home),
    }
    return render(request, "desk/transfers/preview.html", context)


def named(owners, *, new, user):
    """The new owners by number; by name only where the person may see their file, or has just written it."""
    seen = set(within(Owner, user).filter(pk__in=[owner.pk for owner in owners]).values_list("pk", flat=True))
    return [(owner.customer_no, owner.name if owner.pk in seen or owner == new else "") for owner in owners]


@require_POST
def confirm(request):
    form = _form(request)
    if not form.is_valid():
        return _refused(request, form)
    given = form.cleaned_data
    try:
        with transaction.atomic():
            _save_new(given["new_record"], by=request.user)
            transfer = transfer_home(
                home=given["home"], to=given["to"], on=given["on"], by=request.user, at=timezone.now()
            )
    except TransferError as error:
        return _refused(request, form, error)
    done = transfer.state == HomeTransfer.State.DONE
    messages.success(request, _("The home has changed hands.") if done else _("The transfer is planned."))
    return redirect("desk_hometransfer:inspect", transfer.pk)


def _save_new(owner, *, by):
    if owner:
        owner.save(force_insert=True)
        record("created", owner, by=by)


@require_POST
def undo(request, pk):
    _allowed(request, MAY_UNDO)
    transfer = get_object_or_404(within(HomeTransfer, request.user), pk=pk)
    ask_again(request)
    try:
        undo_transfer(transfer, by=request.user, at=timezone.now())
        messages.success(request, _("The transfer is called off; nothing changes."))
    except TransferError as error:
        messages.error(request, str(error))
    return redirect("desk_hometransfer:inspect", pk)


def moment(at):
    """A time in the zone of whoever looks; Wagtail's page of a row would write it in UTC."""
    return date_format(timezone.localtime(at), "DATETIME_FORMAT") if at else ""


class TransferInspectView(ScopedInspectView):
    template_name = "desk/transfers/inspect.html"

    def get_created_at_display_value(self):
        return moment(self.object.created_at)

    def get_done_at_display_value(self):
        return moment(self.object.done_at)

    def get_context_data(self, **kwargs):
        to = [each.owner for each in self.object.new_owners.select_related("owner")]
        may_undo = self.object.is_planned and self.request.user.has_perm(MAY_UNDO)
        return super().get_context_data(
            to=named(to, new=None, user=self.request.user), may_undo=may_undo, transfer=self.object, **kwargs
        )


class HomeTransferViewSet(FlowViewSet):
    model = HomeTransfer
    path = "home__development"
    icon = "resubmit"
    menu_label = gettext_lazy("Resale")
    select_related = ("home__development", "home__building", "created_by")
    list_display = ["home", "on", "state", "created_by", "done_at"]
    list_filter = {"home__development": ["exact"], "state": ["exact"]}
    search_fields = ("home__number", "home__building__name")
    inspect_view_fields = ["home", "on", "state", "created_by", "created_at", "done_at"]
    inspect_view_class = TransferInspectView
    steps = {"new": new, "confirm": confirm, "undo": undo}
