"""A colleague leaves, comes back, or has lost a telephone: what the desk does about their login."""

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django import forms
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from wagtail.admin import messages

from accounts import leaving
from accounts.actions import AccountError
from accounts.again import ask_again
from accounts.models import User
from accounts.sessions import end_sessions
from accounts.staff import PERMISSION, take_off_second_factors

from .colleagues import colleagues_of, former_colleagues_of, get_colleague
from .scoped import allowed


class HandOverForm(forms.Form):
    """Who takes over."""

    to = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Who takes over"),
        required=False,
        empty_label=_("nobody yet"),
        help_text=_("What they may not have, and what can't be given to anybody, stays in the list."),
    )

    def __init__(self, *args, user, leaver, **kwargs):
        super().__init__(*args, **kwargs)
        choices = User.objects.filter(pk__in=colleagues_of(user).values("pk")) | User.objects.filter(pk=user.pk)
        self.fields["to"].queryset = choices.filter(is_active=True).exclude(pk=leaver.pk).order_by("name")


def leave(request, pk):
    """What that means; posted, it is done."""
    colleague = get_colleague(request, pk)
    ask_again(request)
    form = HandOverForm(request.POST if request.method == "POST" else None, user=request.user, leaver=colleague)
    if request.method == "POST" and form.is_valid():
        try:
            leaving.leave(colleague, **form.cleaned_data, by=request.user, at=timezone.now())
        except AccountError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, gettext("%(name)s no longer works here.") % {"name": colleague})
            return redirect(_after(request, colleague))
    context = {
        "colleague": colleague,
        "form": form,
        "work": leaving.work_of(colleague, viewer=request.user),
        "keeps_login": leaving.keeps_login(colleague),
        "is_self": colleague == request.user,
    }
    return render(request, "desk/staff/leave.html", context)


def _after(request, colleague):
    """What is left to hand over, or the list of colleagues."""
    seen = former_colleagues_of(request.user).filter(pk=colleague.pk).exists()
    if seen and leaving.work_of(colleague, viewer=request.user):
        return reverse("wagtailusers_users:work", args=[colleague.pk])
    return reverse("wagtailusers_users:index")


@allowed(PERMISSION)
def former(request):
    """Who has left."""
    people = former_colleagues_of(request.user).annotate(keeps_login=leaving.KEEPS_LOGIN).order_by("name", "pk")
    return render(request, "desk/staff/former.html", {"people": people})


def work(request, pk):
    """What somebody who has left still had; posted, a colleague takes over."""
    colleague = get_colleague(request, pk, of=former_colleagues_of)
    ask_again(request)
    form = HandOverForm(request.POST if request.method == "POST" else None, user=request.user, leaver=colleague)
    form.fields["to"].required = True
    if request.method == "POST" and form.is_valid():
        try:
            moved = leaving.hand_over(colleague, **form.cleaned_data, by=request.user, at=timezone.now())
        except AccountError as error:
            form.add_error(None, str(error))
        else:
            _say_how_many(request, moved)
            return redirect("wagtailusers_users:work", pk)
    context = {"colleague": colleague, "form": form, "work": leaving.work_of(colleague, viewer=request.user)}
    return render(request, "desk/staff/work.html", context)


def _say_how_many(request, moved):
    if moved:
        done = ngettext("%(n)s thing is handed over.", "%(n)s things are handed over.", moved)
        messages.success(request, done % {"n": moved})
    else:
        messages.warning(request, gettext("Nothing here could be handed over to them. Please see to each by its link."))


@require_POST
def come_back(request, pk):
    """The login opens again, without rights; the invitation that gives them comes next."""
    colleague = get_colleague(request, pk, of=former_colleagues_of)
    ask_again(request)
    try:
        leaving.come_back(colleague, by=request.user)
    except AccountError as error:
        messages.error(request, str(error))
        return redirect("wagtailusers_users:former")
    messages.success(request, gettext("The login is open. Please choose now what they may do."))
    known = urlencode({"name": colleague.name, "email": colleague.email or ""})
    return redirect(f"{reverse('wagtailusers_users:invite')}?{known}")


def access(request, pk):
    """Where a colleague is logged in, and by which second factors."""
    colleague = get_colleague(request, pk)
    context = {
        "colleague": colleague,
        "sessions": UserSession.objects.filter(user=colleague).order_by("-last_seen_at"),
        "factors": Authenticator.objects.filter(user=colleague).exclude(type=Authenticator.Type.RECOVERY_CODES),
    }
    return render(request, "desk/staff/access.html", context)


@require_POST
def log_out(request, pk):
    """End a colleague's sessions; one's own, but for this one."""
    colleague = get_colleague(request, pk)
    ask_again(request)
    own = request.session.session_key if colleague == request.user else ""
    end_sessions(colleague, by=request.user, but=own)
    messages.success(request, gettext("They are logged out everywhere."))
    return redirect("wagtailusers_users:access", pk)


@require_POST
def reset(request, pk):
    """Take off second factors that a colleague has lost; they set up a new one at their next login."""
    colleague = get_colleague(request, pk)
    ask_again(request)
    try:
        take_off_second_factors(colleague, by=request.user)
    except AccountError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, gettext("Taken off. They set up a new one when they next sign in."))
    return redirect("wagtailusers_users:access", pk)


urlpatterns = [
    path("former/", former, name="former"),
    path("<uuid:pk>/leave/", leave, name="leave"),
    path("<uuid:pk>/work/", work, name="work"),
    path("<uuid:pk>/come-back/", come_back, name="come_back"),
    path("<uuid:pk>/access/", access, name="access"),
    path("<uuid:pk>/log-out/", log_out, name="log_out"),
    path("<uuid:pk>/reset/", reset, name="reset"),
]
