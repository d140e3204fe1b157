"""What may happen to an update: draft → scheduled → published, and corrected in the open."""

from django.db import IntegrityError, transaction
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from accounts.events.actions import record
from accounts.files.actions import atomic_with_files, discard, store_image
from accounts.models import Owner
from accounts.notices.circulars import tell_all
from progress.models import Home, Ownership

from .cited import note_published
from .models import Audience, Receipt, Update, UpdatePhoto
from .silence import news_published

TEXTS = ("title_en", "title_zh", "body_en", "body_zh")
BATCH = 1000
NOT_ANNOUNCED = {"urgent": False, "emergency": False, "valid_from": None, "valid_until": None}


class UpdateError(Exception):
    """Refused. The message is worded for the member of staff who asked."""


@atomic_with_files()
def draft_update(*, update_id, places, texts, stage_code, photos, by, announcement=None):
    """Begin a draft for `places` of one development: itself, its buildings or homes.

    `update_id` comes from the form: sent twice, it makes one draft. `texts` maps the four text fields;
    `photos` are uploads that the form has checked. `announcement`, None for progress, says how urgent it is and
    how long it is valid: urgent, emergency, valid_from (may be None), valid_until.
    Raises FileError when a photo cannot be stored.
    """
    if earlier := Update.objects.filter(pk=update_id).first():
        return earlier
    update = Update(pk=update_id, author=by)
    try:
        with transaction.atomic():
            _write(update, places=places, texts=texts, stage_code=stage_code, terms=announcement)
    except IntegrityError:
        if earlier := Update.objects.filter(pk=update_id).first():  # sent twice at the same moment
            return earlier
        raise
    add_photos(update, photos, by=by)
    record("drafted", update, by=by)
    return update


@atomic_with_files()
def edit_update(update, *, places, texts, stage_code, photos, by, announcement=None):
    """Rewrite what is not published yet; `photos` come after those already there.

    Raises UpdateError when it was published meanwhile, FileError when a photo cannot be stored.
    """
    update = _locked(update)
    _refuse_if_published(update)
    _write(update, places=places, texts=texts, stage_code=stage_code, terms=announcement)
    add_photos(update, photos, by=by)
    record("edited", update, by=by)
    return update


def _write(update, *, places, texts, stage_code, terms):
    update.development, update.stage_code = _development_of(places), stage_code
    update.kind = Update.Kind.ANNOUNCEMENT if terms else Update.Kind.PROGRESS
    for field, value in (NOT_ANNOUNCED | (terms or {}) | {field: texts.get(field, "") for field in TEXTS}).items():
        setattr(update, field, value)
    update.save()
    update.audience.all().delete()
    Audience.objects.bulk_create(_audience(update, place) for place in places)


def _development_of(places):
    developments = {getattr(place, "development", place) for place in places}
    if len(developments) != 1:
        raise UpdateError(_("An update is for places of one development."))
    return developments.pop()


def _audience(update, place):
    return Audience(update=update, **{place._meta.model_name: place})


def _refuse_if_published(update):
    if update.is_published:
        raise UpdateError(_("This update is published. Correct it instead; the correction is visible to its readers."))


def add_photos(update, photos, *, by):
    """Store `photos` after those already there. The same photo sent twice is kept once."""
    last = update.photos.aggregate(last=Max("order"))["last"]
    order = 0 if last is None else last + 1
    for upload in photos:
        file = store_image(upload, by=by)
        if update.photos.filter(file__sha256=file.sha256).exists():
            discard(file)
        else:
            UpdatePhoto.objects.create(update=update, file=file, order=order)
            order += 1


@transaction.atomic
def remove_photo(photo, *, by):
    """Take a photo out of a draft. Raises UpdateError when the update is published."""
    update = _locked(photo.update)
    _refuse_if_published(update)
    if not photo.delete()[0]:
        return  # somebody else did
    discard(photo.file)
    record("photo removed", update, by=by)


@transaction.atomic
def caption_photo(photo, *, caption_en, caption_zh):
    """Say what a photo shows. Once published, a caption that was missing may still come, and none is rewritten.

    Raises UpdateError.
    """
    given = (photo.caption_en, photo.caption_zh)
    if any(old and old != new for old, new in zip(given, (caption_en, caption_zh), strict=True)):
        _refuse_if_published(_locked(photo.update))
    photo.caption_en, photo.caption_zh = caption_en, caption_zh
    photo.save(update_fields=["caption_en", "caption_zh"])


@transaction.atomic
def schedule_update(update, *, publish_at, by, at):
    """Have it published at `publish_at`. Raises UpdateError when that is past or it cannot be published."""
    update = _locked(update)
    _refuse_if_unready(update)
    if publish_at <= at:
        raise UpdateError(_("Please choose a time that is still to come."))
    _refuse_if_over(update, at=publish_at)
    update.state, update.publish_at = Update.State.SCHEDULED, publish_at
    update.save(update_fields=["state", "publish_at"])
    record("scheduled", update, by=by)
    return update


@transaction.atomic
def unschedule_update(update, *, by):
    """Make a scheduled update a draft again. Raises UpdateError when it has been published meanwhile."""
    update = _locked(update)
    _refuse_if_published(update)
    update.state, update.publish_at = Update.State.DRAFT, None
    update.save(update_fields=["state", "publish_at"])
    record("unscheduled", update, by=by)
    return update


@transaction.atomic
def discard_update(update, *, by):
    """Throw a draft away with its photos. Raises UpdateError when it is published."""
    update = _locked(update)
    _refuse_if_published(update)
    files = [photo.file for photo in update.photos.select_related("file")]
    record("discarded", update, by=by)
    update.delete()
    for file in files:
        discard(file)


@transaction.atomic
def publish_update(update, *, by, at):
    """Publish for the homes of its audience as they stand now, and tell those who follow them.

    Published already, it stays as it is. Raises UpdateError without an audience or a text.
    """
    update = _locked(update)
    if update.is_published:
        return update
    _refuse_if_unready(update)
    _refuse_if_over(update, at=at)
    _freeze(update, homes_of(update))
    return _publish(update, by=by, at=at)


@transaction.atomic
def correct_update(update, *, correction_id, texts, by, at):
    """Publish a correction of `update` for the same homes. The original stays as it was and points to it.

    `correction_id` comes from the form: sent twice, it makes one correction.
    Raises UpdateError when the original is not published, or the id is another update's.
    """
    original = _locked(update)
    if earlier := original.corrections.filter(pk=correction_id).first():
        return earlier
    if not original.is_published:
        raise UpdateError(_("This update is not published yet; edit it instead."))
    if Update.objects.filter(pk=correction_id).exists():
        raise UpdateError(_("This form has been used already. Please open the page again."))
    correction = Update.objects.create(
        pk=correction_id,
        development=original.development,
        kind=Update.Kind.CORRECTION,
        stage_code=original.stage_code,
        corrects=original,
        author=by,
        **{field: texts.get(field, "") for field in TEXTS},
    )
    _refuse_without_text(correction)
    Audience.objects.bulk_create(
        Audience(update=correction, development_id=a.development_id, building_id=a.building_id, home_id=a.home_id)
        for a in original.audience.all()
    )
    _freeze(correction, original.homes.all())
    return _publish(correction, by=by, at=at)


@transaction.atomic
def publish_if_due(update, *, at):
    """Publish what is still scheduled and due once nobody else holds it. Raises what `publish_update` raises."""
    if Update.objects.due(at=at).select_for_update().filter(pk=update.pk).first():
        publish_update(update, by=None, at=at)


def _freeze(update, homes):
    """From now on it is for `homes`, whatever becomes of them. By keys: there may be thousands."""
    through = Update.homes.through
    pks = homes.order_by().values_list("pk", flat=True)
    through.objects.bulk_create((through(update_id=update.pk, home_id=pk) for pk in pks), batch_size=BATCH)


def _publish(update, *, by, at):
    update.state, update.published_at = Update.State.PUBLISHED, at
    update.save(update_fields=["state", "published_at"])
    record("published", update, by=by)
    tell_all(_notice_kind(update), update, at=at, expires=update.valid_until)
    if update.kind == Update.Kind.PROGRESS:
        news_published(update, by=by, at=at)
    note_published(update, at=at)
    return update


def _notice_kind(update):
    """How a post is told: the urgent ones also by SMS, emergencies at any hour, and their corrections likewise."""
    about = update.corrects or update
    what = "correction" if update.corrects_id else "announcement" if update.is_announcement else "update"
    if about.emergency:
        return f"emergency-{what}"
    return f"urgent-{what}" if about.urgent else f"{what}-published"


def _locked(update):
    try:
        return Update.objects.select_for_update().get(pk=update.pk)
    except Update.DoesNotExist:
        raise UpdateError(_("This draft was thrown away meanwhile.")) from None


def _refuse_if_unready(update):
    _refuse_if_published(update)
    if not update.audience.exists():
        raise UpdateError(_("Please choose whom this update is for."))
    _refuse_without_text(update)


def _refuse_without_text(update):
    if not (update.body_en or update.body_zh):
        raise UpdateError(_("Please write a text in at least one language."))


def _refuse_if_over(update, *, at):
    if update.valid_until and update.valid_until <= at:
        raise UpdateError(_("It would no longer be valid then. Please look at the time until which it is."))


def homes_of(update):
    """The homes that the update's audience names today: of the development, of its buildings, or one by one."""
    named = update.audience
    return Home.objects.filter(
        Q(development__in=named.values("development"))
        | Q(building__in=named.values("building"))
        | Q(pk__in=named.values("home"))
    )


def readers_among(update, homes):
    """The owners, each once, whom `update` is for at `homes` (a QuerySet): who follow the progress of one of them.

    Announcements are for everyone who lives there, tenants too.
    """
    ties = Ownership.objects.live().filter(home__in=homes)
    ties = ties if update.concerns_tenants else ties.follows_progress()
    return Owner.objects.active().filter(pk__in=ties.values("owner"))


@transaction.atomic
def note_opened(update, *, user, at):
    """Remember when an owner first opened a published update in the portal, also one who came after it was told."""
    owner = getattr(user, "owner", None)
    if owner is None:
        return
    receipt, is_new = Receipt.objects.get_or_create(update=update, owner=owner, defaults={"opened_at": at})
    if not is_new and receipt.opened_at is None:
        Receipt.objects.filter(pk=receipt.pk, opened_at__isnull=True).update(opened_at=at)
