"""Inviting colleagues, and the list of those who have not accepted yet."""

from django import forms
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from wagtail.admin import messages

from accounts.actions import AccountError, revoke_invitation
from accounts.again import ask_again
from accounts.groups import in_words
from accounts.staff import PERMISSION, groups_to_give
from progress.models import Assignment, Development
from progress.staff.actions import Post, invite_colleague, resend_to_colleague
from progress.staff.models import StaffInvitation

from .people import DAY
from .scoped import allowed, within, works_everywhere


class GroupsField(forms.ModelMultipleChoiceField):
    """The groups that the person may give. Compares ids as text: the database breaks over one that is too long."""

    def __init__(self, queryset=None, **kwargs):
        super().__init__(queryset, label=_("Groups"), widget=forms.CheckboxSelectMultiple, **kwargs)

    def label_from_instance(self, group):
        return in_words([group])[0]

    def clean(self, value):
        known = {str(pk) for pk in self.queryset.values_list("pk", flat=True)}
        for unknown in {str(pk) for pk in value or ()} - known:
            raise forms.ValidationError(self.error_messages["invalid_choice"], params={"value": unknown})
        return super().clean(value)


class InviteStaffForm(forms.Form):
    """Someone who will work at the desk: what they may do (groups) and where (places)."""

    name = forms.CharField(label=_("Name"), max_length=150)
    email = forms.EmailField(label=_("E-mail"))
    groups = GroupsField(help_text=_("What they may do."))
    role = forms.ChoiceField(
        label=_("Works as"), choices=[("", _("without a place of their own")), *Assignment.Role.choices], required=False
    )
    everywhere = forms.BooleanField(label=_("At all developments"), required=False)
    developments = forms.ModelMultipleChoiceField(
        None, label=_("At these developments"), widget=forms.CheckboxSelectMultiple, required=False
    )
    since = forms.DateField(label=_("From"), widget=DAY)
    until = forms.DateField(
        label=_("Until"), widget=DAY, required=False, help_text=_("The first day on which they no longer work there.")
    )
    administrator = forms.BooleanField(label=_("Administrator: may do everything everywhere"), required=False)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["groups"].queryset = groups_to_give(user)
        self.fields["developments"].queryset = within(Development, user)
        if not works_everywhere(user):
            del self.fields["everywhere"]
        if not user.is_superuser:
            del self.fields["administrator"]

    def clean(self):
        given = super().clean()
        places = [None] if given.get("everywhere") else list(given.get("developments") or ())
        if bool(given.get("role")) != bool(places):
            self.add_error("role", _("Please choose both: as what, and where."))
        since, until = given.get("since"), given.get("until")
        if since and until and until <= since:
            self.add_error("until", _("This is not after the first day."))
        if not self.errors:
            self.posts = [Post(given["role"], place, since, until) for place in places]
        return given


@allowed(PERMISSION)
def invite(request):
    """Invite somebody who will work at the desk."""
    ask_again(request)
    known = {name: request.GET[name] for name in ("name", "email") if name in request.GET}
    initial = {"since": timezone.localdate()} | known
    form = InviteStaffForm(request.POST or None, initial=initial, user=request.user)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            invite_colleague(
                email=given["email"],
                name=given["name"],
                groups=given["groups"],
                posts=form.posts,
                administrator=given.get("administrator", False),
                by=request.user,
                at=timezone.now(),
            )
        except AccountError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, gettext("The invitation is on its way. It is good for 14 days."))
            return redirect("wagtailusers_users:invitations")
    return render(request, "desk/staff/invite.html", {"form": form})


@allowed(PERMISSION)
def invitations(request):
    """Who is invited and has not come yet."""
    open_ones = StaffInvitation.objects.for_user(request.user).waiting()
    rows = open_ones.select_related("invitation", "invited_by").prefetch_related(
        "invitation__groups", "posts__development"
    )
    now = timezone.now()
    listed = [
        (promise, in_words(promise.invitation.groups.all()), promise.invitation.state(at=now)) for promise in rows
    ]
    return render(request, "desk/staff/invitations.html", {"rows": listed})


def _act(act):
    """A view that POSTs one action on an open invitation of the person's and comes back to the list."""

    @require_POST
    @allowed(PERMISSION)
    def view(request, pk):
        promise = get_object_or_404(StaffInvitation.objects.for_user(request.user), pk=pk)
        ask_again(request)
        try:
            messages.success(request, act(request, promise))
        except AccountError as error:
            messages.error(request, str(error))
        return redirect("wagtailusers_users:invitations")

    return view


@_act
def resend(request, promise):
    resend_to_colleague(promise, by=request.user, at=timezone.now())
    return gettext("Sent again. The earlier link no longer opens.")


@_act
def revoke(request, promise):
    revoke_invitation(promise.invitation, by=request.user, at=timezone.now())
    return gettext("The invitation is taken back.")


urlpatterns = [
    path("invite/", invite, name="invite"),
    path("invitations/", invitations, name="invitations"),
    path("invitations/<uuid:pk>/send-again/", resend, name="invitation_resend"),
    path("invitations/<uuid:pk>/take-back/", revoke, name="invitation_revoke"),
]
