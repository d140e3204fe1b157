"""The owner's pages: where my home stands, what is new, what I must do."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Prefetch, prefetch_related_objects
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.files.delivery import deliver
from accounts.notices.actions import link_of, mark_read, mark_read_about
from portal.ui.offline import is_ahead
from progress.journeys.stages import current_journey, stages_of, standing_stages
from progress.models import Home
from progress.updates.actions import note_opened
from progress.updates.models import Update, UpdatePhoto
from progress.updates.silence import next_news

from .appointments import next_appointment
from .changes import said_of, since_last_look
from .checks.ahead import next_check
from .documents import papers_of
from .feed import handed_out
from .forms import ProfileForm
from .guards import own_home, private
from .guides import AT_FRONT, AT_JOURNEY, guides_of_stage
from .homes import homes_of, updates_at
from .letters import messages_of
from .needs import needs_of
from .people import people_around, seen_around
from .scenes import ground, milestone, next_milestone, scene_for
from .templatetags.home import as_shown


def _journey_of(home):
    """The home's journey and its stages; nothing for those who do not follow its progress."""
    journey = current_journey(home) if home.is_followed else None
    return journey, stages_of(journey)


@private
@require_safe
def front(request):
    """The home that was open last, or the first; a word of welcome to those without one; the desk for staff."""
    homes = {str(home.pk): home for home in homes_of(request)}
    if homes:
        home = homes.get(request.session.get("home")) or next(iter(homes.values()))
        return home_front(request, home.pk)
    if request.user.is_staff and not hasattr(request.user, "owner"):
        return redirect("wagtailadmin_home")
    return render(request, "home/no_home.html", {"former": hasattr(request.user, "owner")})


@private
@require_safe
def home_front(request, home_id):
    """Where the home stands, what is new, what the owner must do."""
    home = own_home(request, home_id)
    if request.session.get("home") != str(home_id) and not is_ahead(request):
        request.session["home"] = str(home_id)
    journey, stages = _journey_of(home)
    updates = list(updates_at(home).news().select_related("author")[:4]) if home.is_followed else []  # tenants: none
    prefetch_related_objects(updates[:1], _photos())  # of the others only the title is shown
    announced = Update.objects.announced(homes_of(request), at=timezone.now())  # of the other homes, too
    context = {
        "home": home,
        "now": timezone.localtime(),
        "stages": stages,
        "ground": ground(stages),
        "stage_now": next((stage for stage in stages if stage.state == "now"), None),
        "scene": scene_for(journey, stages),
        "next_step": next_milestone(stages),
        "keys": milestone(stages, "keys"),
        "announcements": list(announced.prefetch_related("development", "corrections")),
        "updates": updates,
        "stage_guides": guides_of_stage(request, home, most=AT_FRONT),
        "needs": needs_of(request.user, home),
        "next_check": next_check(home),
        "appointment": next_appointment(request.user, home, at=timezone.now()),
        "people": people_around(request.user, home, at=timezone.now()),
        "next_news": next_news(home) if home.is_followed else None,
    }
    return render(request, "home/front.html", context)


@private
@require_safe
def home_journey(request, home_id):
    """The stages of the home, and all updates for it, newest first."""
    home = own_home(request, home_id)
    if not home.is_followed:
        raise Http404
    updates = _with_photos(updates_at(home))
    journey, stages = _journey_of(home)
    context = {
        "home": home,
        "stages": stages,
        "standing": standing_stages(journey),
        "stage_guides": guides_of_stage(request, home, most=AT_JOURNEY),
        "papers": papers_of(request.user, home),
        "people": seen_around(home, today=timezone.localdate()),
        "said": said_of(home),
        "handed_out": handed_out(request.user),
        "news": since_last_look(request, home),
        "page": Paginator(updates, 12).get_page(request.GET.get("page")),
    }
    return render(request, "home/journey.html", context)


def _with_photos(updates):
    return updates.select_related("author", "development", "corrects").prefetch_related(_photos())


def _photos():
    return Prefetch("photos", UpdatePhoto.objects.select_related("file"))


def _own_update(request, pk):
    """A published update for a home of this person. Sets the home that the page belongs to."""
    update = get_object_or_404(_with_photos(Update.objects.for_user(request.user).published()), pk=pk)
    homes = Home.objects.lived_in_by(request.user).with_place()
    home = get_object_or_404(homes.filter(updates=update)[:1])
    timezone.activate(home.development.time_zone)
    request.home = home
    return update


@private
@require_safe
def update_detail(request, pk):
    update = _own_update(request, pk)
    if request.method == "GET":
        note_opened(update, user=request.user, at=timezone.now())
        mark_read_about(update, user=request.user, at=timezone.now())
    corrections = Update.objects.for_user(request.user).published().filter(corrects=update).order_by("published_at")
    return render(request, "home/update.html", {"update": update, "corrections": corrections, "home": request.home})


@private
@require_safe
def photo_page(request, pk, photo_id):
    """One photo with the way to the one before and after; the gallery for those without JavaScript."""
    update = _own_update(request, pk)
    photos = list(update.photos.all())
    index = next((i for i, photo in enumerate(photos) if photo.pk == photo_id), None)
    if index is None:
        raise Http404
    previous_url, next_url = (
        reverse("home:photo", args=[pk, photos[i].pk]) if 0 <= i < len(photos) else "" for i in (index - 1, index + 1)
    )
    context = {
        "update": update,
        "photo": as_shown(update, photos[index]),
        "number": index + 1,
        "total": len(photos),
        "previous_url": previous_url,
        "next_url": next_url,
    }
    return render(request, "home/photo.html", context)


@login_required
@require_safe
def photo_file(request, photo_id, variant):
    photos = UpdatePhoto.objects.for_user(request.user).filter(update__state=Update.State.PUBLISHED)
    photos = photos.filter(update__homes__in=Home.objects.lived_in_by(request.user)).distinct()
    photo = get_object_or_404(photos.select_related("file"), pk=photo_id)
    return deliver(request, photo.file, variant=variant)


@private
@require_safe
def inbox(request):
    messages = messages_of(request.user, on=timezone.localdate())
    return render(request, "home/inbox.html", {"page": Paginator(messages, 20).get_page(request.GET.get("page"))})


@private
@require_safe
def message(request, pk):
    notice = get_object_or_404(messages_of(request.user, on=timezone.localdate()), pk=pk)
    if request.method == "GET":
        mark_read(notice, at=timezone.now())
    return render(request, "home/message.html", {"notice": notice, "link": link_of(notice)})


@private
def profile(request):
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        return redirect("home:profile")
    follows = any(home.is_followed for home in homes_of(request))
    return render(request, "home/profile.html", {"form": form, "follows": follows})
