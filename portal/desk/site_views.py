"""Staff post updates: on a phone under /site/, and in the Wagtail admin, which includes the same addresses."""

from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.files.checks import FileError
from accounts.files.delivery import deliver
from accounts.files.uploadhandler import takes_photos
from accounts.notices.models import Circular
from progress.updates import actions
from progress.updates.actions import UpdateError
from progress.updates.models import Update, UpdatePhoto

from .site_announcements import initial_terms, may_write, writable
from .site_forms import CaptionForm, ScheduleForm, TextsForm, UpdateForm
from .site_places import initial_audience
from .site_receipts import told_of


def staff_only(view):
    """Logged in, and in a group that may post updates or announcements; where, the querysets say.

    Times are the development's own.
    """

    @wraps(view)
    @login_required
    def guarded(request, *args, **kwargs):
        if not may_write(request.user):
            raise Http404
        with timezone.override(None):
            return view(request, *args, **kwargs)

    return guarded


def site_page(request, template, context):
    """The page, in the frame of the desk or of the phone, whichever it was asked for in."""
    on_desk = request.resolver_match.namespace == "desk_updates"
    frame = "desk/updates_frame.html" if on_desk else "ui/site.html"
    return render(request, template, context | {"frame": frame})


def site_redirect(request, name, *args):
    """A redirect to the page `name`, on the desk or on the phone, wherever the person is."""
    return redirect(reverse(f"site:{name}", args=args, current_app=request.resolver_match.namespace))


def _own(request, pk):
    """Of the developments where this person works; an update that they read as an owner is not theirs to correct."""
    updates = writable(request.user).select_related("development", "author", "corrects")
    update = get_object_or_404(updates, pk=pk)
    timezone.activate(update.development.time_zone)
    return update


@staff_only
def front(request):
    """What is under way, then what went out."""
    updates = writable(request.user).select_related("development", "author")
    waiting = updates.exclude(state=Update.State.PUBLISHED).order_by("-state", "publish_at", "-created_at")
    published = Paginator(updates.filter(state=Update.State.PUBLISHED), 20).get_page(request.GET.get("page"))
    return site_page(request, "site/front.html", {"waiting": waiting[:50], "published": published})


@staff_only
@takes_photos
def update_new(request):
    form = UpdateForm(request.POST or None, request.FILES or None, user=request.user, at=timezone.now())
    if request.method == "POST" and form.is_valid():
        try:
            update = actions.draft_update(update_id=form.cleaned_data["update_id"], by=request.user, **form.draft())
        except FileError as error:
            form.add_error("photos", str(error))
        else:
            return site_redirect(request, "update", update.pk)
    return site_page(request, "site/update_form.html", {"form": form})


@staff_only
@takes_photos
def update_edit(request, pk):
    update = _own(request, pk)
    if update.is_published:
        return site_redirect(request, "update", pk)
    form = UpdateForm(
        request.POST or None,
        request.FILES or None,
        instance=update,
        initial=initial_audience(update) | initial_terms(update) | {"update_id": pk},
        user=request.user,
        at=timezone.now(),
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_update(_own(request, pk), by=request.user, **form.draft())
        except FileError as error:
            form.add_error("photos", str(error))
        except UpdateError as error:
            form.add_error(None, str(error))
        else:
            return site_redirect(request, "update", pk)
    return site_page(request, "site/update_form.html", {"form": form, "update": update})


@staff_only
def update_detail(request, pk):
    """The update as owners will see it, whom it reaches, and what can be done with it."""
    update = _own(request, pk)
    homes = update.homes.all() if update.is_published else actions.homes_of(update)
    context = {
        "update": update,
        "photos": update.photos.select_related("file"),
        "audience": update.audience.select_related("development", "building__development", "home__development"),
        "home_count": homes.count(),
        "owner_count": actions.readers_among(update, homes).count(),
        "told": [(opened, told_of(update, request.user, opened=opened)) for opened in (True, False)],
        "opened_count": update.receipts.filter(opened_at__isnull=False).count(),
        "telling": _telling(update),
        "texts": texts_of(update),
        "corrections": update.corrections.all(),
        "schedule_form": ScheduleForm(initial={"publish_at": update.publish_at}),
    }
    return site_page(request, "site/update.html", context)


def _telling(update):
    """The Circular of what is told to many, until they have all been told."""
    return Circular.objects.about(update).exclude(state=Circular.State.DONE).first()


def texts_of(update):
    """Title and text in each language that has them, to be read once more before owners do."""
    texts = [("en", update.title_en, update.body_en), ("zh-Hans", update.title_zh, update.body_zh)]
    return [{"lang": lang, "title": title, "body": body} for lang, title, body in texts if title or body]


def _act(action):
    """A view that POSTs one action on one update and comes back to it, with the refusal if there was one."""

    @wraps(action)
    @staff_only
    @require_POST
    def view(request, pk):
        try:
            return action(request, _own(request, pk)) or site_redirect(request, "update", pk)
        except UpdateError as error:
            messages.error(request, str(error))
            return site_redirect(request, "update", pk)

    return view


@_act
def update_publish(request, update):
    actions.publish_update(update, by=request.user, at=timezone.now())
    if telling := _telling(update):
        messages.success(request, _("Published. %(count)s people are being told.") % {"count": telling.people})
        return
    told = update.receipts.count()
    messages.success(
        request,
        ngettext("Published. %(count)s person is told now.", "Published. %(count)s people are told now.", told)
        % {"count": told},
    )


@_act
def update_schedule(request, update):
    form = ScheduleForm(request.POST)
    if not form.is_valid():
        raise UpdateError(_("Please write the day and the time."))
    actions.schedule_update(update, publish_at=form.cleaned_data["publish_at"], by=request.user, at=timezone.now())
    messages.success(request, _("Scheduled."))


@_act
def update_unschedule(request, update):
    actions.unschedule_update(update, by=request.user)
    messages.success(request, _("It is a draft again."))


@_act
def update_discard(request, update):
    actions.discard_update(update, by=request.user)
    messages.success(request, _("The draft is gone."))
    return site_redirect(request, "front")


@staff_only
def update_correct(request, pk):
    original = _own(request, pk)
    form = TextsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            correction = actions.correct_update(
                original,
                correction_id=form.cleaned_data["update_id"],
                texts=form.texts(),
                by=request.user,
                at=timezone.now(),
            )
        except UpdateError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The correction is published, and its readers are told."))
            return site_redirect(request, "update", correction.pk)
    return site_page(request, "site/update_correct.html", {"form": form, "update": original})


def _own_photo(request, pk):
    photos = UpdatePhoto.objects.filter(update__in=writable(request.user))
    return get_object_or_404(photos.select_related("file", "update"), pk=pk)


@staff_only
def photo_caption(request, pk):
    photo = _own_photo(request, pk)
    initial = {"caption_en": photo.caption_en, "caption_zh": photo.caption_zh}
    form = CaptionForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.caption_photo(photo, **form.cleaned_data)
        except UpdateError as error:
            messages.error(request, str(error))
        return site_redirect(request, "update", photo.update_id)
    return site_page(request, "site/photo_caption.html", {"form": form, "photo": photo, "update": photo.update})


@staff_only
@require_POST
def photo_remove(request, pk):
    photo = _own_photo(request, pk)
    try:
        actions.remove_photo(photo, by=request.user)
    except UpdateError as error:
        messages.error(request, str(error))
    return site_redirect(request, "update", photo.update_id)


@staff_only
def photo_file(request, pk, variant):
    return deliver(request, _own_photo(request, pk).file, variant=variant)
