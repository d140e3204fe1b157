"""The certificate of warranty for those who follow the home: asked for, seen to grow, fetched."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.files.delivery import deliver
from portal.home.guards import private
from progress.warranties.certificates import WarrantyError, ask_certificate, running_at
from progress.warranties.models import Certificate

from .views import followed_home


@private
@require_safe
def page(request, home_id):
    """The page one may leave and come back to. htmx asks for the state alone."""
    home, now = followed_home(request, home_id), timezone.now()
    theirs = Certificate.objects.for_user(request.user).filter(home=home, language=get_language())
    newest = theirs.exclude(state=Certificate.State.GONE).select_related("file").first()
    if newest and newest.is_ready and newest.kept_until <= now:
        newest = None
    part = "home/warranties/certificate_state.html" if request.htmx else "home/warranties/certificate.html"
    context = {"home": home, "paper": newest, "count": running_at(home, by=request.user, at=now).count()}
    return render(request, part, context)


@private
@require_POST
def ask(request, home_id):
    home = followed_home(request, home_id)
    try:
        ask_certificate(home, language=get_language(), by=request.user, at=timezone.now())
    except WarrantyError as error:
        messages.error(request, str(error))
    return redirect("home:warranties-pdf", home_id)


@login_required
@require_safe
def file(request, home_id, pk):
    """The PDF, to be saved; asked for anew each time, since a home can be sold."""
    ready = Certificate.objects.for_user(request.user).to_be_fetched(at=timezone.now())
    found = get_object_or_404(ready.select_related("file"), pk=pk, home=home_id)
    response = deliver(request, found.file, name=_("Certificate of warranty"))
    response.headers["Cache-Control"] = "private, no-cache"
    return response
