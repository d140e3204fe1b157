"""The pages of the door that allauth has not: invitations, proving oneself by code, and the choice of language."""

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.internal.flows.reauthentication import resume_request
from allauth.account.models import Login
from allauth.core import ratelimit
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from django.views.i18n import set_language as django_set_language

from .actions import AccountError, accept_invitation, claim_invitation, login_at
from .codes import ProofByCode
from .forms import AcceptForm, ClaimForm, ConfirmCodeForm
from .links import check_mac
from .models import Invitation
from .sessions import end_session


@never_cache
def invitation(request, invitation_id, mac):
    """GET shows what the link is; POST accepts it. Mail scanners open links, so looking changes nothing."""
    found = Invitation.objects.select_related("owner").filter(pk=invitation_id).first()
    if not check_mac("invitation", invitation_id, found.version if found else 0, mac):
        return _page(request, "accounts/invitation_unknown.html", status=404)
    addressed = found.owner or found.written_in
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES and addressed and not request.user.is_authenticated:
        translation.activate(found.language)
    now = timezone.now()
    state = _state(found, request.user, at=now)
    if state == "claim":
        return _claim(request, found, at=now)
    if state not in {"open", "link"}:
        return _page(
            request, "accounts/invitation_closed.html", {"invitation": found, "state": state}, _status(request)
        )
    form = None if state == "link" else AcceptForm(invitation=found, initial={"language": translation.get_language()})
    if request.method == "POST":
        form = form and AcceptForm(request.POST, invitation=found)
        if form is None or form.is_valid():
            return _accept(request, found, form.cleaned_data if form else None, at=now)
    return _page(request, "accounts/invitation.html", {"invitation": found, "form": form})


def _state(invitation, user, *, at):
    """`used`, `revoked`, `expired`; or, of an open one, `open` (a new login), `link` (to the login that is reached
    there), `sign-in` (that login has to come in first) or `somebody-else` (is logged in). Whoever has a printed code
    may be anybody: `link` to the login that is in, or `claim`."""
    state = invitation.state(at=at)
    if state == "used" and user.is_authenticated and invitation.used_by_id == user.pk:
        return "mine"
    if state != "open":
        return state
    if invitation.channel == Invitation.Way.CODE:
        return "link" if user.is_authenticated else "claim"
    known = login_at(invitation.address, invitation.channel)
    if user.is_authenticated:
        return "link" if known == user else "somebody-else"
    return "sign-in" if known else "open"


def _claim(request, invitation, *, at):
    """The page behind a printed code: say where we reach you, and the link comes there."""
    form = ClaimForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            invitation = claim_invitation(invitation, **form.cleaned_data, at=at)
        except AccountError as error:
            form.add_error(None, str(error))
    return _page(request, "accounts/invitation_code.html", {"invitation": invitation, "form": form})


def _accept(request, invitation, chosen, *, at):
    """Make the login and let the person in; without `chosen`, link the invitation to the login that is in."""
    try:
        if chosen is None:
            accept_invitation(invitation, password=None, language="", by=request.user, at=at)
            return redirect(settings.LOGIN_REDIRECT_URL)
        user = accept_invitation(invitation, **chosen, at=at)
    except AccountError as error:
        messages.error(request, str(error))
        return redirect(request.path)
    record_authentication(request, user, method="invitation")
    return perform_login(request, Login(user=user))


def _status(request):
    return 200 if request.method in {"GET", "HEAD"} else 403


def _page(request, template, context=None, status=200):
    """The link is a secret: no other site is told of it."""
    response = render(request, template, context, status=status)
    response.headers["Referrer-Policy"] = "same-origin"
    return response


@login_required
@never_cache
def prove(request):
    """Prove by a code that it is still you, before something that matters. For those without a password."""
    if all(method["id"] != "code" for method in get_adapter().get_reauthentication_methods(request.user)):
        raise PermissionDenied
    limited = ratelimit.consume_or_429(request, action="reauthenticate", user=request.user)
    if limited:
        return limited
    proof, form = ProofByCode(request), ConfirmCodeForm()
    if request.method == "POST" and "code" in request.POST:
        form = ConfirmCodeForm(request.POST, code=proof.code)
        if form.is_valid():
            proof.finish()
            return resume_request(request) or redirect(settings.LOGIN_REDIRECT_URL)
        proof.record_invalid_attempt()
    elif request.method == "POST":
        limited = ratelimit.consume_or_429(request, action="request_login_code", key=str(request.user.pk))
        if limited:
            return limited
        proof.send()
    next_url = request.POST.get("next") or request.GET.get("next", "")
    return render(request, "accounts/prove.html", {"form": form, "proof": proof, "next_url": next_url})


@require_POST
@login_required
def session_end(request, pk):
    """Log one's own session in another browser out; the one that is here has a way out of its own."""
    others = UserSession.objects.filter(user=request.user).exclude(session_key=request.session.session_key)
    end_session(get_object_or_404(others, pk=pk), by=request.user)
    messages.success(request, _("You are signed out there."))
    return redirect("usersessions_list")


@require_POST
def set_language(request):
    """Django's own, and whoever is logged in keeps the choice in their profile."""
    language = request.POST.get("language")
    if request.user.is_authenticated and language in dict(settings.LANGUAGES):
        request.user.language = language
        request.user.save(update_fields=["language"])
    return django_set_language(request)
