"""What staff do about recalls: write one, publish it (a second person), say what was done in a home, end it."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.events.actions import record
from progress.models import Home
from progress.promises.actions import keep_promise
from progress.promises.many import void_each
from progress.promises.models import Promise

from .actions import MaterialError, take_out
from .models import Recall, RecalledHome, RecallWarning
from .promises import CALL, RECALLED
from .tasks import queue_spreading

LOT = 500


@transaction.atomic
def write_recall(recall, *, by):
    """Save a draft, new or changed; whoever writes last may not publish it. Raises MaterialError once it is out."""
    before = Recall.objects.select_for_update().filter(pk=recall.pk).first()
    if before and not before.is_draft:
        raise MaterialError(_("This recall is published. End it, and write another one."))
    recall.written_by = by
    recall.save()
    record("edited" if before else "drafted", recall, by=by)
    return recall


@transaction.atomic
def publish_recall(recall, *, seen, by, at):
    """Warn every home it finds, from now on: those of today soon, those that a later import brings as they come.

    `seen`: how many homes the person saw before agreeing. Raises MaterialError when it is no draft, when they wrote
    it themselves, or when by now it would find others.
    """
    row = Recall.objects.select_for_update().get(pk=recall.pk)
    if not row.is_draft:
        raise MaterialError(_("This recall is published already."))
    if row.written_by_id == by.pk:
        raise MaterialError(_("You wrote this recall, so somebody else has to look at it and publish it."))
    if seen != homes_found(row).count():
        raise MaterialError(_("It finds other homes by now. Please look at them again."))
    row.state, row.published_by, row.published_at = Recall.State.PUBLISHED, by, at
    row.save(update_fields=["state", "published_by", "published_at"])
    record("published", row, by=by)
    queue_spreading()
    return row


def homes_found(recall):
    """The homes it would warn today."""
    return Home.objects.filter(pk__in=recall.touched().order_by().values("home"))


@transaction.atomic
def end_recall(recall, *, reason, by, at):
    """Nobody is warned any more; what was promised and not done no longer applies. Raises MaterialError."""
    row = Recall.objects.select_for_update().get(pk=recall.pk)
    if not row.is_in_force:
        raise MaterialError(_("Only a recall in force can be ended."))
    if not reason.strip():
        raise MaterialError(_("Please say why it ends."))
    row.state, row.ended_at, row.end_reason = Recall.State.ENDED, at, reason.strip()
    row.save(update_fields=["state", "ended_at", "end_reason"])
    record("ended", row, by=by)
    found = [str(pk) for pk in row.homes.filter(done_at=None).values_list("pk", flat=True)]
    for start in range(0, len(found), LOT):
        void_each(_promises(found[start : start + LOT]), by=by, at=at)
    return row


@transaction.atomic
def settle_home(found, *, outcome_en="", outcome_zh="", replaced=(), by, at, today):
    """Say what was done in one home: the promise is kept, its household sees it. Said twice, the first stands.

    `replaced`: those of its materials that are no longer there. Raises MaterialError.
    """
    row = RecalledHome.objects.select_for_update(of=("self",)).with_places().get(pk=found.pk)
    if row.done_at:
        return row
    if not row.recall.is_in_force:
        raise MaterialError(_("This recall is over."))
    if not (outcome_en.strip() or outcome_zh.strip()):
        raise MaterialError(_("Please say what was done."))
    row.done_at, row.done_by = at, by
    row.outcome_en, row.outcome_zh = outcome_en.strip(), outcome_zh.strip()
    row.save(update_fields=["done_at", "done_by", "outcome_en", "outcome_zh"])
    record("done", row, by=by, home=row.home)
    for material in row.materials.built_in().filter(pk__in=[each.pk for each in replaced]):
        take_out(material, on=max(today, material.installed_on or today), by=by)
    for promise in _promises([str(row.pk)], kind=RECALLED):
        keep_promise(promise, outcome=row.outcome_en or row.outcome_zh, by=by, at=at)
    void_each(_promises([str(row.pk)], kind=CALL), by=by, at=at)
    return row


def note_seen(found, *, user, at):
    """This person has opened the page; the first time counts."""
    RecallWarning.objects.filter(found=found, round=found.round, owner__user=user, seen_at=None).update(seen_at=at)


def _promises(found, **fields):
    return Promise.objects.open().filter(
        subject_kind=RecalledHome._meta.label_lower, subject_id__in=found, **(fields or {"kind__in": [RECALLED, CALL]})
    )
