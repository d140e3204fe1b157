"""The leaflets that were sent to a home, and its whole diary for those who own it."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from accounts.files.delivery import deliver
from accounts.notices.actions import mark_read_about
from progress.leaflets import diaries
from progress.leaflets.diaries import DiaryError
from progress.leaflets.models import Diary, Leaflet

from .guards import own_home, private
from .homes import homes_of

LANGUAGES = dict(settings.LANGUAGES)


def _followed(request, home_id):
    home = own_home(request, home_id)
    if not home.is_followed:
        raise Http404
    return home


def _last_diary(user, home, *, at):
    """The one that is shown: being made, ready and in time, or failed the last time."""
    theirs = Diary.objects.for_user(user).filter(home=home)
    newest = theirs.exclude(state=Diary.State.GONE).first()
    return theirs.to_be_fetched(at=at).first() if newest and newest.is_ready else newest


@private
@require_safe
def leaflets(request, home_id):
    """The page one may leave and come back to. htmx asks for the state of the diary alone."""
    home = _followed(request, home_id)
    diary = _last_diary(request.user, home, at=timezone.now()) if home.is_hosted else None
    context = {"home": home, "diary": diary}
    if diary and request.method == "GET":
        mark_read_about(diary, user=request.user, at=timezone.now())
    if request.htmx:
        return render(request, "home/leaflets/diary.html", context)
    sent = Leaflet.objects.for_home(home).select_related("development", "building__development")
    return render(request, "home/leaflets/front.html", context | {"leaflets": sent})


@private
@require_safe
def leaflet(request, pk):
    """Where a message leads: what it is, and the PDF in the reader's language first."""
    found = _own_leaflet(request, pk)
    home = next((home for home in homes_of(request) if home.is_followed and _is_for(found, home)), None)
    if home is None:
        raise Http404
    timezone.activate(home.development.time_zone)
    request.home = home
    if request.method == "GET":
        mark_read_about(found, user=request.user, at=timezone.now())
    languages = sorted(LANGUAGES.items(), key=lambda language: language[0] != get_language())
    files = [(code, name, found.file_in(code)) for code, name in languages]
    return render(request, "home/leaflets/leaflet.html", {"home": home, "leaflet": found, "files": files})


def _own_leaflet(request, pk):
    leaflets = Leaflet.objects.sent_to(request.user)
    return get_object_or_404(
        leaflets.select_related("development", "building__development", "file_en", "file_zh"), pk=pk
    )


def _is_for(leaflet, home):
    if leaflet.building_id:
        return leaflet.building_id == home.building_id
    return leaflet.development_id == home.development_id


@login_required
@require_safe
def leaflet_file(request, pk, language):
    """The PDF, to be saved; asked for anew each time, since a home can be sold."""
    found = _own_leaflet(request, pk)
    if language not in LANGUAGES:
        raise Http404
    return _delivered(request, found.file_in(language), f"leaflet-{found.month:%Y-%m}-{language}")


@private
@require_POST
def diary_ask(request, home_id):
    home = _followed(request, home_id)
    if not home.is_hosted:
        raise Http404
    try:
        diaries.ask_diary(home, language=get_language(), by=request.user, at=timezone.now())
    except DiaryError as error:
        messages.error(request, str(error))
    return redirect("home:leaflets", home_id)


@login_required
@require_safe
def diary_file(request, pk):
    ready = Diary.objects.for_user(request.user).to_be_fetched(at=timezone.now())
    diary = get_object_or_404(ready.select_related("file"), pk=pk)
    return _delivered(request, diary.file, f"diary-{timezone.localtime(diary.ready_at):%Y-%m-%d}")


def _delivered(request, file, name):
    response = deliver(request, file, name=name)
    response.headers["Cache-Control"] = "private, no-cache"
    return response
