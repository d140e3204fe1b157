"""The dossier of a home for its owners: asked for, seen to grow, fetched."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from accounts.files.delivery import deliver
from portal.care.dossiers.actions import ask_dossier
from portal.care.dossiers.archive import LARGEST
from portal.care.dossiers.errors import DossierError
from portal.care.dossiers.models import Dossier

from ..guards import own_home, private

Kind = Dossier.Kind


def _hosted(request, home_id):
    home = own_home(request, home_id)
    if not home.is_hosted:
        raise Http404
    return home


@private
@require_safe
def page(request, home_id):
    """The page one may leave and come back to. htmx asks for the state alone."""
    home, now = _hosted(request, home_id), timezone.now()
    made = {kind: _last(request.user, home, kind, at=now) for kind in Kind.values}
    waits = any(dossier and dossier.is_waiting for dossier in made.values())
    part = "home/dossier/state.html" if request.htmx else "home/dossier/page.html"
    return render(request, part, {"home": home, "made": made, "waits": waits, "largest": LARGEST})


def _last(user, home, kind, *, at):
    theirs = Dossier.objects.for_user(user).filter(home=home, kind=kind).exclude(state=Dossier.State.GONE)
    newest = theirs.select_related("file").first()
    return None if newest and newest.is_ready and newest.kept_until <= at else newest


@private
@require_POST
def ask(request, home_id, kind):
    home = _hosted(request, home_id)
    if kind not in Kind.values:
        raise Http404
    try:
        ask_dossier(home, kind=kind, language=get_language(), by=request.user, at=timezone.now())
    except DossierError as error:
        messages.error(request, str(error))
    return redirect("home:dossier", home_id)


@login_required
@require_safe
def file(request, pk):
    """The document or the archive, to be saved; asked for anew each time, since a home can be sold."""
    ready = Dossier.objects.for_user(request.user).to_be_fetched(at=timezone.now())
    found = get_object_or_404(ready.select_related("file", "home__development"), pk=pk)
    with timezone.override(found.home.development.time_zone):
        name = f"dossier-{timezone.localtime(found.as_of):%Y-%m-%d}-{found.language}"
    response = deliver(request, found.file, name=name)
    response.headers["Cache-Control"] = "private, no-cache"
    return response
