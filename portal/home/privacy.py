"""What we hold on the person: seen, fetched as a copy, and erased. For staff logins the copy only."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.again import ask_again, proved_again
from accounts.events.actions import record
from accounts.files.delivery import deliver
from accounts.models import Owner
from accounts.privacy import downloads, erasure
from accounts.privacy.downloads import PrivacyError
from accounts.privacy.models import WAIT, Download, ErasureRequest
from accounts.privacy.summary import held_on, kept_after_erasure

from .guards import private


def _owner_of(user):
    return Owner.objects.active().filter(user=user).first()


def _last_download(user, *, at):
    """The one that is shown: being made, ready and in time, or failed the last time."""
    download = Download.objects.for_user(user).first()
    if download is None or download.is_waiting or download.state == Download.State.FAILED:
        return download
    return Download.objects.for_user(user).to_be_fetched(at=at).first()


@private
@require_safe
def privacy(request):
    """The page one may leave and come back to. htmx asks for the state of the download alone."""
    owner, now = _owner_of(request.user), timezone.now()
    context = {"download": _last_download(request.user, at=now), "owner": owner}
    if request.htmx:
        return render(request, "home/privacy/download.html", context)
    wishes = ErasureRequest.objects.for_user(request.user).order_by("-asked_at")
    return render(request, "home/privacy/front.html", context | {"wish": wishes.first() if owner else None})


@private
@require_safe
def held(request):
    return render(request, "home/privacy/held.html", {"sections": held_on(request.user)})


@private
@require_POST
@proved_again
def ask_download(request):
    try:
        downloads.ask_download(user=request.user, at=timezone.now())
    except PrivacyError as error:
        messages.error(request, str(error))
    return redirect("home:privacy")


@login_required
@require_safe
def download_file(request, pk):
    """The copy, for whoever asked for it, while it is there; that they took it out is noted in the log."""
    ready = Download.objects.for_user(request.user).to_be_fetched(at=timezone.now())
    download = get_object_or_404(ready.select_related("file"), pk=pk)
    ask_again(request, back=reverse("home:privacy"))
    response = deliver(request, download.file, name=f"my-data-{timezone.localtime(download.ready_at):%Y-%m-%d}")
    response.headers["Cache-Control"] = "private, no-store"
    if request.method == "GET":
        record("fetched", download, by=request.user)
    return response


@private
@require_POST
def discard_download(request, pk):
    download = get_object_or_404(Download.objects.for_user(request.user), pk=pk)
    downloads.discard_download(download, by=request.user, at=timezone.now())
    messages.success(request, _("The copy is thrown away."))
    return redirect("home:privacy")


class ErasureForm(forms.Form):
    """The customer number, typed: nobody asks for this by a slip of the finger."""

    number = forms.CharField(label=gettext_lazy("Your customer number"), max_length=40)

    def __init__(self, *args, owner, **kwargs):
        super().__init__(*args, **kwargs)
        self.owner = owner

    def clean_number(self):
        if self.cleaned_data["number"].strip().casefold() != self.owner.customer_no.casefold():
            raise forms.ValidationError(_("This is not your customer number. It stands above."))
        return self.cleaned_data["number"]


@private
def erasure_page(request):
    """What is erased and what is kept; with the number typed, the wish is noted."""
    owner = _owner_of(request.user)
    if owner is None:
        raise Http404
    form = ErasureForm(request.POST or None, owner=owner)
    if request.method == "POST":
        ask_again(request)
        if form.is_valid() and _asked(request, owner, form):
            return redirect("home:privacy")
    context = {"form": form, "owner": owner, "kept": kept_after_erasure(request.user), "days": WAIT.days}
    return render(request, "home/privacy/erasure.html", context)


def _asked(request, owner, form):
    try:
        erasure.ask_erasure(owner=owner, by=request.user, at=timezone.now())
    except PrivacyError as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, _("We have noted your wish, and wrote to you about it."))
    return True


@private
@require_POST
def take_back_erasure(request):
    wish = get_object_or_404(ErasureRequest.objects.for_user(request.user).open())
    try:
        erasure.take_back(wish, by=request.user)
        messages.success(request, _("Your wish is taken back. Nothing will be erased."))
    except PrivacyError as error:
        messages.error(request, str(error))
    return redirect("home:privacy")
