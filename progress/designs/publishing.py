"""Making a design change known: published for homes that stay the same, amended in the open, withdrawn for a reason."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.events.actions import record
from accounts.files.actions import atomic_with_files
from accounts.notices.circulars import tell_all
from progress.updates.actions import homes_of

from .calls import call_off
from .drafting import add_drawings, check_day, locked
from .errors import DesignError, TextChangedError
from .models import DesignChange, DesignText
from .models.changes import TEXTS
from .reminders import plan_next


@transaction.atomic
def publish_change(change, *, by, at):
    """Ask the owners of the homes that it concerns as they stand now. Published already, it stays as it is.

    Raises DesignError without homes, without a whole text in one language, or when the time to answer is too short.
    """
    change = locked(change)
    if not change.is_draft:
        return change
    _refuse_unfinished(change)
    check_day(change.answer_by, today=_today(change, at))
    homes = homes_of(change)
    if not homes.exists():
        raise DesignError(_("There are no homes at these places. Please look at whom it is for."))
    through = DesignChange.homes.through
    pks = homes.order_by().values_list("pk", flat=True)
    through.objects.bulk_create((through(designchange_id=change.pk, home_id=pk) for pk in pks), batch_size=1000)
    change.state, change.published_at = DesignChange.State.PUBLISHED, at
    _new_text(change, by=by, at=at)
    record("published", change, by=by)
    tell_all("design-change-published", change, at=at)
    return change


@atomic_with_files()
def amend_change(change, *, seen, texts, answer_by, notes, drawings, without, by, at):
    """Publish another text for the same homes and ask anew; the one before stays readable, with its answers.

    `seen`: the version that was before the person's eyes; `notes`: {"note_en": …, "note_zh": …}, what is new;
    `drawings`: CheckedUploads that join, `without`: ids of those that go. Sent twice, it amends once.
    Raises DesignError, TextChangedError when a colleague has amended it meanwhile, FileError.
    """
    change = locked(change)
    if _is_amended_so(change, seen, texts, answer_by, by):
        return change
    _refuse_unless_published(change)
    if change.text_version != seen:
        raise TextChangedError(_("A colleague has amended it meanwhile. Please look at the present text first."))
    check_day(answer_by, today=_today(change, at))
    if not any(text.strip() for text in notes.values()):
        raise DesignError(_("Please say what is new; the owners read it."))
    for field in TEXTS:
        setattr(change, field, texts.get(field, ""))
    change.answer_by = answer_by
    _refuse_unfinished(change)
    call_off(change, by=by, at=at)
    change.drawings_now().filter(pk__in=without).update(until_version=change.text_version)
    _new_text(change, by=by, at=at, **notes)
    add_drawings(change, drawings, version=change.text_version, by=by)
    record("amended", change, by=by)
    tell_all("design-change-amended", change, at=at, step=str(change.text_version))
    return change


@transaction.atomic
def withdraw_change(change, *, reason_en="", reason_zh="", by, at):
    """It is not to be after all, for a reason that owners read. Withdrawn already, it stays so. Raises DesignError."""
    change = locked(change)
    if change.state == DesignChange.State.WITHDRAWN:
        return change
    _refuse_unless_published(change)
    change.reason_en, change.reason_zh = reason_en.strip(), reason_zh.strip()
    if not (change.reason_en or change.reason_zh):
        raise DesignError(_("Please say why; the owners read it."))
    call_off(change, by=by, at=at)
    change.state, change.withdrawn_at = DesignChange.State.WITHDRAWN, at
    change.next_step, change.next_step_at = "", None
    change.save()
    record("withdrawn", change, by=by)
    tell_all("design-change-withdrawn", change, at=at)
    return change


def _new_text(change, *, by, at, note_en="", note_zh=""):
    change.text_version += 1
    plan_next(change, after=at)
    change.save()
    DesignText.objects.create(
        change=change,
        version=change.text_version,
        answer_by=change.answer_by,
        note_en=note_en.strip(),
        note_zh=note_zh.strip(),
        by=by,
        at=at,
        **change.words(),
    )


def _is_amended_so(change, seen, texts, answer_by, by):
    """Whether this very amendment is the present text: the form was sent twice."""
    latest = change.texts.filter(version=seen + 1, by=by, answer_by=answer_by).first()
    return bool(latest and change.text_version == seen + 1 and latest.words() == {**latest.words(), **texts})


def _refuse_unless_published(change):
    if change.is_draft:
        raise DesignError(_("This change is not published yet; edit it instead."))
    if not change.is_published:
        raise DesignError(_("This change is withdrawn. Please write a new one."))


def _refuse_unfinished(change):
    if not change.is_complete():
        raise DesignError(
            _("Please write the title, what changes, why, and what it means for the home in at least one language.")
        )
    if not change.audience.exists():
        raise DesignError(_("Please choose whom this change concerns."))


def _today(change, at):
    return timezone.localdate(at, change.zone)
