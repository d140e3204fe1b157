"""What the household says after an open day, and what became of it."""

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.files.checks import FileError
from accounts.files.delivery import deliver
from accounts.files.uploadhandler import takes_photos
from accounts.notices.actions import mark_read_about
from portal.bookings.errors import BookingError
from portal.bookings.models import Booking
from portal.bookings.opinions import actions
from portal.bookings.opinions.models import Opinion, OpinionPhoto

from .guards import own_home, private
from .needs import Need
from .needs import source as needs_source
from .opinions_forms import OpinionForm


def _own(request, pk):
    """The booking of a party that came; the page belongs to its home."""
    came = Booking.objects.own(request.user).filter(state__in=actions.CAME)
    booking = get_object_or_404(came.select_related("slot", "open_day__development"), pk=pk)
    own_home(request, booking.home_id)
    return booking


def opinion_of(booking):
    rows = Opinion.objects.select_related("answered_by").prefetch_related("areas", "photos__file")
    return rows.filter(booking=booking).first()


@private
@takes_photos
def opinion(request, pk):
    """The form, until it is answered; then what was said, with the answer and what was changed because of it."""
    booking = _own(request, pk)
    said = opinion_of(booking)
    if said and said.is_answered:
        if request.method == "GET":
            mark_read_about(said, *said.citations.all(), user=request.user, at=timezone.now())
        return _page(request, booking, said, form=None)
    form = OpinionForm(request.POST or None, request.FILES or None, opinion=said)
    if request.method == "POST" and form.is_valid():
        try:
            actions.leave_opinion(booking=booking, by=request.user, at=timezone.now(), **form.said())
        except FileError as error:
            form.add_error("photos", str(error))
        except BookingError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Thank you. We read it, and answer you here."))
            return redirect("home:opinion", pk)
    if request.method == "GET":
        mark_read_about(booking, user=request.user, at=timezone.now())
    return _page(request, booking, said, form)


def _page(request, booking, said, form):
    citations = said.citations.filter(update__published_at__isnull=False).select_related("update") if said else []
    context = {
        "home": request.home,
        "booking": booking,
        "open_day": booking.open_day,
        "opinion": said,
        "photos": [as_shown(photo) for photo in said.photos.all()] if said else [],
        "citations": citations,
        "form": form,
    }
    return render(request, "home/opinions/opinion.html", context)


def as_shown(photo, *, page="home:opinion-photo"):
    """A photo as the tag `gallery` takes it."""
    thumb, large = (reverse(page, args=[photo.pk, variant]) for variant in ("thumb", "large"))
    return {
        "pk": photo.pk,
        "page_url": large,
        "thumb_url": thumb,
        "large_url": large,
        "alt": _("Photo %(number)s of the opinion") % {"number": photo.order + 1},
        "caption": "",
        "width": photo.file.width,
        "height": photo.file.height,
    }


def _own_photo(request, pk):
    photos = OpinionPhoto.objects.filter(opinion__in=Opinion.objects.own(request.user))
    return get_object_or_404(photos.select_related("file", "opinion"), pk=pk)


@login_required
@require_safe
def opinion_photo(request, pk, variant):
    return deliver(request, _own_photo(request, pk).file, variant=variant)


@private
@require_POST
def opinion_photo_remove(request, pk):
    photo = _own_photo(request, pk)
    try:
        actions.remove_photo(photo, by=request.user, at=timezone.now())
    except BookingError as error:
        messages.error(request, str(error))
    return redirect("home:opinion", photo.opinion.booking_id)


@needs_source
def opinions_wanted(user, home):
    """Asked once by a message; it stands here for two weeks, too."""
    if not home.is_followed:
        return []
    since = timezone.now() - timedelta(days=14)
    asked = Booking.objects.own(user).filter(home=home, state__in=actions.CAME, opinion=None)
    asked = asked.filter(opinion_request__asked_at__gte=since).select_related("open_day")
    return [
        Need(
            title=_("How was the open day?"),
            text=str(booking.open_day.title),
            url=reverse("home:opinion", args=[booking.pk]),
            action=_("Tell us what you think"),
            icon="star",
        )
        for booking in asked[:3]
    ]
