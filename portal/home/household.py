"""Who has access to a home: seen, invited and removed by its owners. Family and tenants find the way out instead."""

import segno
from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Invitation
from progress.households import actions
from progress.households.actions import HouseholdError
from progress.households.models import HouseholdInvitation
from progress.models import GUESTS, RightState

from .guards import own_home, private
from .household_forms import HouseholdInviteForm


def _hosted(request, home_id):
    home = own_home(request, home_id)
    if not home.is_hosted:
        raise Http404
    return home


def _waiting(request, home):
    return HouseholdInvitation.objects.for_user(request.user).waiting().filter(home=home).select_related("invitation")


@private
@require_safe
def household(request, home_id):
    home = _hosted(request, home_id)
    context = {
        "home": home,
        "members": actions.members_of(home),
        "invitations": _waiting(request, home),
        "guests": GUESTS,
        "now": timezone.now(),
    }
    return render(request, "home/household.html", context)


@private
def invite(request, home_id):
    home = _hosted(request, home_id)
    form = HouseholdInviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            tie = actions.invite_to_household(home=home, by=request.user, at=timezone.now(), **form.cleaned_data)
        except HouseholdError as error:
            form.add_error(None, str(error))
        else:
            if tie.invitation.channel == Invitation.Way.CODE:
                return redirect("home:household-code", home.pk, tie.pk)
            messages.success(request, _("The invitation is on its way. It is good for 14 days."))
            return redirect("home:household", home.pk)
    return render(request, "home/household_invite.html", {"home": home, "form": form})


@private
@require_safe
def printed_code(request, home_id, pk):
    """The code, to be scanned from the screen or printed. Other invitations have none: their link proves an address."""
    home = _hosted(request, home_id)
    tie = get_object_or_404(_waiting(request, home).open(at=timezone.now()), pk=pk)
    if tie.invitation.channel != Invitation.Way.CODE:
        raise Http404
    link = settings.BASE_URL + tie.invitation.path
    code = segno.make(link, error="m").svg_inline(scale=6, border=3, light="#fff", svgclass=None, lineclass=None)
    context = {"home": home, "tie": tie, "code": mark_safe(code), "link": link}  # noqa: S308  of digits and strokes
    return render(request, "home/household_code.html", context)


@private
@require_POST
def take_back(request, home_id, pk):
    home = _hosted(request, home_id)
    tie = get_object_or_404(_waiting(request, home), pk=pk)
    try:
        actions.take_back(tie, by=request.user, at=timezone.now())
        messages.success(request, _("The invitation is taken back."))
    except HouseholdError as error:
        messages.error(request, str(error))
    return redirect("home:household", home.pk)


@private
@require_POST
def send_again(request, home_id, pk):
    home = _hosted(request, home_id)
    tie = get_object_or_404(_waiting(request, home), pk=pk)
    try:
        actions.send_again(tie, by=request.user, at=timezone.now())
    except HouseholdError as error:
        messages.error(request, str(error))
        return redirect("home:household", home.pk)
    if tie.invitation.channel == Invitation.Way.CODE:
        messages.success(request, _("This is the new code. The one before it opens no more."))
        return redirect("home:household-code", home.pk, tie.pk)
    messages.success(request, _("A new link is on its way, good for 14 days. The one before it opens no more."))
    return redirect("home:household", home.pk)


@private
@require_POST
def remove(request, home_id, pk):
    home = _hosted(request, home_id)
    ownership = get_object_or_404(home.ownerships.exclude(state=RightState.ENDED).select_related("owner"), pk=pk)
    try:
        actions.remove_from_household(ownership, by=request.user, at=timezone.now())
        messages.success(request, _("%(name)s no longer has access.") % {"name": ownership.owner})
    except HouseholdError as error:
        messages.error(request, str(error))
    return redirect("home:household", home.pk)


@private
def leave(request, home_id):
    """Asks first: whoever leaves cannot come back by themselves."""
    home = own_home(request, home_id)
    if actions.guest_tie(home, request.user) is None:
        raise Http404
    if request.method != "POST":
        return render(request, "home/household_leave.html", {"home": home})
    try:
        actions.leave_household(home=home, by=request.user, at=timezone.now())
        messages.success(request, _("You no longer belong to %(home)s.") % {"home": home})
    except HouseholdError as error:
        messages.error(request, str(error))
    return redirect("home:front")
