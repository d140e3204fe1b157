"""What may happen to an opinion: left, edited, answered, cited. The home's row is the lock of what its people say."""

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.events.actions import record
from accounts.files.actions import atomic_with_files, discard, store_image
from accounts.notices.actions import tell
from portal.bookings.errors import BookingError
from portal.bookings.models import Booking
from progress.households.actions import lock_home
from progress.touchpoints.models import Touchpoint
from progress.updates.actions import draft_update

from .models import AreaOpinion, Citation, Opinion, OpinionPhoto

TOUCHPOINT = "site-open-day"
MOST_PHOTOS = 30
CAME = (Booking.State.ARRIVED, Booking.State.LEFT)


class OvertakenError(BookingError):
    """It was edited in the meantime, and the writer has not seen that."""


@atomic_with_files()
def leave_opinion(*, opinion_id, booking, rating, text, areas, photos, by, at):
    """Say what one thinks of an open day, or say it anew as long as nobody has answered.

    `areas`: {Area: (Verdict, words)}; what is not in it any more goes. `photos` are what `PhotosField` made of uploads;
    they come after those already there. `opinion_id` comes from the form: a booking has one opinion, however often it
    is sent. Raises BookingError unless the party came and `by` is of the household still, or when it is answered;
    FileError when a photo can't be stored.
    """
    lock_home(booking.home_id)
    booking = _visited(booking, by)
    opinion = Opinion.objects.select_for_update(of=("self",)).filter(booking=booking).first()
    if opinion is None:
        opinion = _begun(opinion_id, booking, rating=rating, text=text, by=by, at=at)
    else:
        _rewrite(opinion, rating=rating, text=text, by=by, at=at)
    opinion.areas.all().delete()
    AreaOpinion.objects.bulk_create(
        AreaOpinion(opinion=opinion, area=area, verdict=verdict, text=words) for area, (verdict, words) in areas.items()
    )
    _add_photos(opinion, photos, by=by)
    return opinion


def _visited(booking, user):
    found = Booking.objects.own(user).filter(pk=booking.pk).select_related("slot").first()
    if found is None:
        raise BookingError(_("This is not part of your home any more."))
    if found.state not in CAME:
        raise BookingError(_("You can tell us what you think once you have been there."))
    return found


def _begun(opinion_id, booking, *, rating, text, by, at):
    if Opinion.objects.filter(pk=opinion_id).exists():
        raise BookingError(_("This form has been sent already. Please begin anew."))
    opinion = Opinion.objects.create(
        pk=opinion_id,
        booking=booking,
        open_day_id=booking.open_day_id,
        home_id=booking.home_id,
        owner=by.owner,
        touchpoint=Touchpoint.objects.filter(code=TOUCHPOINT).first(),
        rating=rating,
        text=text,
        created_at=at,
    )
    record("said", opinion, by=by, home=opinion.home)
    return opinion


def _rewrite(opinion, *, rating, text, by, at):
    _refuse_if_answered(opinion)
    opinion.rating, opinion.text, opinion.edited_at = rating, text, at
    opinion.version += 1
    opinion.save(update_fields=["rating", "text", "edited_at", "version"])
    record("edited", opinion, by=by, home=opinion.home)


def _refuse_if_answered(opinion):
    if opinion.is_answered:
        raise BookingError(_("We have answered this already, so it stays as it is. Please ask us if there is more."))


def _add_photos(opinion, photos, *, by):
    last = opinion.photos.aggregate(last=Max("order"))["last"]
    order = 0 if last is None else last + 1
    known = set(opinion.photos.values_list("file__sha256", flat=True))
    fresh = [photo for photo in photos if photo.sha256 not in known]
    if len(known) + len(fresh) > MOST_PHOTOS:
        raise BookingError(_("Thirty photos at most, please."))
    for number, photo in enumerate(fresh, start=order):
        OpinionPhoto.objects.create(opinion=opinion, file=store_image(photo, by=by), order=number)


@transaction.atomic
def remove_photo(photo, *, by, at):
    """Take a photo back. Raises BookingError when the opinion is answered."""
    lock_home(photo.opinion.home_id)
    opinion = Opinion.objects.select_for_update(of=("self",)).get(pk=photo.opinion_id)
    _refuse_if_answered(opinion)
    if not OpinionPhoto.objects.filter(pk=photo.pk).delete()[0]:
        return  # somebody else of the household did
    opinion.version, opinion.edited_at = opinion.version + 1, at
    opinion.save(update_fields=["version", "edited_at"])
    discard(photo.file)
    record("photo removed", opinion, by=by, home=opinion.home)


@transaction.atomic
def answer_opinion(opinion, *, text, seen, by, at):
    """Answer it, and tell whoever said it. From then on it stays as it is.

    `seen` is the version that the writer had before their eyes. Raises OvertakenError when it is another one by now,
    BookingError when it is answered already or `text` says nothing.
    """
    opinion = Opinion.objects.select_for_update(of=("self",)).select_related("owner", "home").get(pk=opinion.pk)
    if opinion.is_answered:
        raise BookingError(_("This is answered already."))
    if opinion.version != seen:
        raise OvertakenError(_("It was edited in the meantime. Please read it, and send yours if it still fits."))
    if not text.strip():
        raise BookingError(_("Please write something."))
    opinion.state, opinion.answer = Opinion.State.ANSWERED, text.strip()
    opinion.answered_by, opinion.answered_at = by, at
    opinion.save(update_fields=["state", "answer", "answered_by", "answered_at"])
    record("answered", opinion, by=by, home=opinion.home)
    tell([opinion.owner], "opinion-answered", opinion, at=at)
    return opinion


@transaction.atomic
def cite_opinions(*, update_id, open_day, texts, words, by):
    """Begin a draft of an update that says what was changed because of opinions; it is published as any other.

    `words`: {Opinion: (in English, in Chinese)}, what is cited of each. `update_id` comes from the form. Raises
    BookingError when there is nothing to cite, or an opinion is of another open day.
    """
    if not words:
        raise BookingError(_("Please choose what you answer with this."))
    if any(opinion.open_day_id != open_day.pk for opinion in words):
        raise BookingError(_("These opinions are about another open day."))
    places = [*open_day.buildings.select_related("development")] or [open_day.development]
    update = draft_update(update_id=update_id, places=places, texts=texts, stage_code="", photos=[], by=by)
    theirs = (by.pk, open_day.development_id, update.State.DRAFT)
    if (update.author_id, update.development_id, update.state) != theirs:
        raise BookingError(_("This form has been used already. Please open it again."))
    Citation.objects.bulk_create(
        (
            Citation(update=update, opinion=opinion, words_en=english, words_zh=chinese)
            for opinion, (english, chinese) in words.items()
        ),
        ignore_conflicts=True,  # the form sent twice
    )
    return update
