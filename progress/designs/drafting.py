"""Writing a design change: a draft with its drawings, which nobody but staff sees."""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.events.actions import record
from accounts.files.actions import atomic_with_files, discard, store_document

from .errors import DesignError
from .models import DesignChange, DesignDrawing, DesignPlace
from .models.changes import TEXTS

FEWEST_DAYS = 5  # to answer: after the reminder three days before there is still something left
MOST_DAYS = 366


@atomic_with_files()
def draft_change(*, change_id, places, texts, answer_by, drawings, by, today):
    """Begin a draft for `places` of one development: itself, its buildings or homes.

    `change_id` comes from the form: sent twice, it makes one draft. `texts` maps the text fields; `drawings` are
    CheckedUploads. Raises DesignError, FileError when a drawing cannot be stored.
    """
    if earlier := DesignChange.objects.filter(pk=change_id).first():
        return earlier
    change = DesignChange(pk=change_id, author=by)
    try:
        with transaction.atomic():
            _write(change, places=places, texts=texts, answer_by=answer_by, today=today)
    except IntegrityError:
        if earlier := DesignChange.objects.filter(pk=change_id).first():  # sent twice at the same moment
            return earlier
        raise
    add_drawings(change, drawings, version=1, by=by)
    record("drafted", change, by=by)
    return change


@atomic_with_files()
def edit_change(change, *, places, texts, answer_by, drawings, by, today):
    """Rewrite a draft; `drawings` come beside those already there. Raises DesignError, FileError."""
    change = locked_draft(change)
    _write(change, places=places, texts=texts, answer_by=answer_by, today=today)
    add_drawings(change, drawings, version=1, by=by)
    record("edited", change, by=by)
    return change


@transaction.atomic
def discard_change(change, *, by):
    """Throw a draft away with its drawings. Raises DesignError when it is published."""
    change = locked_draft(change)
    files = [drawing.file for drawing in change.drawings.select_related("file")]
    record("discarded", change, by=by)
    change.delete()
    for file in files:
        discard(file)


@transaction.atomic
def remove_drawing(drawing, *, by):
    """Take a drawing out of a draft; removed already, nothing happens. Raises DesignError when it is published."""
    change = locked_draft(drawing.change)
    if not DesignDrawing.objects.filter(pk=drawing.pk).delete()[0]:
        return
    discard(drawing.file)
    record("drawing removed", change, by=by)


def add_drawings(change, drawings, *, version, by):
    """Store CheckedUploads. The same file sent twice is kept once."""
    for upload in drawings:
        file = store_document(upload.checked, by=by)
        if change.drawings_of(version).filter(file__sha256=file.sha256).exists():
            discard(file)
        else:
            DesignDrawing.objects.create(change=change, file=file, name=upload.name, from_version=version)


def check_day(answer_by, *, today):
    """Raises DesignError unless owners have some days to answer, and not more than a year."""
    if answer_by < today + timedelta(days=FEWEST_DAYS):
        raise DesignError(
            _("Please give the owners at least %(days)s days to answer: not before %(day)s.")
            % {"days": FEWEST_DAYS, "day": (today + timedelta(days=FEWEST_DAYS)).isoformat()}
        )
    if answer_by > today + timedelta(days=MOST_DAYS):
        raise DesignError(_("Please choose a day within a year."))


def locked_draft(change):
    """The row, nobody else's until the transaction ends. Raises DesignError when it is no draft any more."""
    change = locked(change)
    if not change.is_draft:
        raise DesignError(_("This change is published. Amend it instead; owners then see both texts."))
    return change


def locked(change):
    """The row, nobody else's until the transaction ends. Raises DesignError when it is gone."""
    rows = DesignChange.objects.select_for_update(of=("self",)).select_related("development", "author")
    try:
        return rows.get(pk=change.pk)
    except DesignChange.DoesNotExist:
        raise DesignError(_("This draft was thrown away meanwhile.")) from None


def _write(change, *, places, texts, answer_by, today):
    check_day(answer_by, today=today)
    change.development, change.answer_by = _development_of(places), answer_by
    for field in TEXTS:
        setattr(change, field, texts.get(field, ""))
    change.save()
    change.audience.all().delete()
    DesignPlace.objects.bulk_create(
        DesignPlace(change=change, **{place._meta.model_name: place}) for place in dict.fromkeys(places)
    )


def _development_of(places):
    developments = {getattr(place, "development", place) for place in places}
    if len(developments) != 1:
        raise DesignError(_("A design change is for places of one development."))
    return developments.pop()
