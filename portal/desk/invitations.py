"""Inviting owners, from their file on the desk."""

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts import actions
from accounts.models import Channel, Invitation, Owner

from .scoped import within

PERMISSION = "accounts.add_invitation"


class InviteForm(forms.Form):
    """Where an owner's invitation goes. Whether the address is one, the action says."""

    channel = forms.ChoiceField(
        label=gettext_lazy("By"), choices=[(c.value, c.label) for c in (Channel.EMAIL, Channel.SMS)]
    )
    address = forms.CharField(label=gettext_lazy("E-mail address or telephone number"), max_length=254)


def form_for(owner):
    """The form, filled in with the address that the customer record has."""
    known = owner.addresses.filter(channel__in=[Channel.EMAIL, Channel.SMS], suppressed_reason="").first()
    return InviteForm(initial={"channel": known.channel, "address": known.value} if known else None)


def _act(act):
    """A view that POSTs one action on an owner of the person's developments and comes back to the owner's file."""

    @require_POST
    def view(request, pk, **ids):
        if not request.user.has_perm(PERMISSION):
            raise Http404
        owner = get_object_or_404(within(Owner, request.user), pk=pk)
        try:
            messages.success(request, act(request, owner, **ids))
        except actions.AccountError as error:
            messages.error(request, str(error))
        return redirect("desk_owner:inspect", pk)

    return view


@_act
def invite(request, owner):
    form = InviteForm(request.POST)
    if not form.is_valid():
        raise actions.AccountError(_("Please write an e-mail address or a telephone number."))
    actions.invite_owner(owner=owner, by=request.user, at=timezone.now(), **form.cleaned_data)
    return _("The invitation is on its way. It is good for 14 days.")


@_act
def resend(request, owner, invitation_id):
    invitation = get_object_or_404(Invitation, owner=owner, pk=invitation_id)
    actions.resend_invitation(invitation, by=request.user, at=timezone.now())
    return _("Sent again. The earlier link no longer opens.")


@_act
def revoke(request, owner, invitation_id):
    invitation = get_object_or_404(Invitation, owner=owner, pk=invitation_id)
    actions.revoke_invitation(invitation, by=request.user, at=timezone.now())
    return _("The invitation is taken back.")


urlpatterns = [
    path("<uuid:pk>/invite/", invite, name="invite"),
    path("<uuid:pk>/invitations/<uuid:invitation_id>/send-again/", resend, name="invitation_resend"),
    path("<uuid:pk>/invitations/<uuid:invitation_id>/take-back/", revoke, name="invitation_revoke"),
]
