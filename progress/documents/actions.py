"""What may happen to documents: sent, looked at, published in versions, withdrawn."""

import unicodedata

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.events.actions import record
from accounts.files.actions import atomic_with_files, discard, store_document
from accounts.models import Owner
from accounts.notices.actions import tell
from progress.journeys.stages import current_journey
from progress.models import Home, Ownership, RightState

from .models import (
    OWNERS,
    PRIVATE_KINDS,
    REACHES,
    DocumentBatch,
    HomeDocument,
    MinRole,
    WaitingFile,
    still_theirs,
    usual_min_role,
)


class DocumentError(Exception):
    """Refused. The message is worded for the member of staff who asked."""


@atomic_with_files()
def publish_document(*, batch_id, upload, home, kind, titles, by, at, min_role="", replaces=None):
    """Publish one document, and tell those who may see it. Returns the HomeDocument.

    `upload` is what the form's field made of the file; `titles` maps title_en and title_zh. The same home, kind
    and title, or `replaces`, make the next version. `batch_id` comes from the form: sent twice, it makes one.
    Raises DocumentError, and FileError when the file cannot be stored.
    """
    batch, is_new = DocumentBatch.objects.get_or_create(pk=batch_id, defaults={"uploader": by, "published_at": at})
    if not is_new:
        return _sent_before(batch, by=by)
    file = store_document(upload.checked, by=by)
    fields = {"kind": kind, **titles, "min_role": min_role or usual_min_role(kind)}
    document = _add(batch, home=home, file=file, file_name=upload.name, by=by, replaces=replaces, **fields)
    _tell(batch, at=at)
    return document


@atomic_with_files()
def publish_version(document, *, batch_id, upload, by, at):
    """Publish the next version of `document`, for the same people. Returns it. Raises as `publish_document` does."""
    if document.is_private and not HomeDocument.objects.filter(still_theirs(), pk=document.pk).exists():
        raise DocumentError(_("It belonged to the owners before. Please upload it as a new document."))
    return publish_document(
        batch_id=batch_id,
        upload=upload,
        home=document.home,
        kind=document.kind,
        titles={"title_en": document.title_en, "title_zh": document.title_zh},
        min_role=document.min_role,
        replaces=document,
        by=by,
        at=at,
    )


def _sent_before(batch, *, by):
    document = HomeDocument.objects.filter(batch=batch, uploader=by).first()
    if document is None:
        raise DocumentError(_("This form has been sent already. Please begin anew."))
    return document


@atomic_with_files()
def keep_waiting(*, batch_id, uploads, by):
    """Keep what was sent at once until somebody has looked where it goes. Sent twice, it is kept once."""
    batch, is_new = DocumentBatch.objects.get_or_create(pk=batch_id, defaults={"uploader": by})
    for upload in uploads if is_new else ():
        file = store_document(upload.checked, by=by) if upload.checked else None
        WaitingFile.objects.create(batch=batch, file=file, file_name=upload.name, problem=upload.problem)
    return batch


@transaction.atomic
def publish_batch(batch, *, placed, by, at):
    """Publish the files of a batch that `placed` has a place for, all or none; the others are thrown away.

    `placed` is a list of (WaitingFile, home, kind, titles). Each owner is told once. Published already, it stays
    as it is. Returns how many documents the batch has. Raises DocumentError.
    """
    batch = DocumentBatch.objects.select_for_update().get(pk=batch.pk)
    if batch.published_at:
        return batch.documents.count()
    _lock_homes(home for _waiting, home, *_rest in placed)
    for waiting, home, kind, titles in placed:
        fields = {"kind": kind, **titles, "min_role": usual_min_role(kind)}
        _add(batch, home=home, file=waiting.file, file_name=waiting.file_name, by=by, **fields)
    published = {waiting.pk for waiting, *_place in placed}
    _throw_away(batch.waiting.exclude(pk__in=published))
    batch.waiting.all().delete()
    batch.published_at = at
    batch.save(update_fields=["published_at"])
    _tell(batch, at=at)
    return len(placed)


@transaction.atomic
def dismiss_batch(batch):
    """Throw away a batch that was not published, with its files."""
    batch = DocumentBatch.objects.select_for_update().filter(pk=batch.pk, published_at__isnull=True).first()
    if batch:
        _throw_away(batch.waiting.all())
        batch.delete()


def _throw_away(waiting):
    files = [each.file for each in waiting.select_related("file") if each.file]
    waiting.delete()
    for file in files:
        discard(file)


def _add(batch, *, home, kind, file, by, min_role, replaces=None, **fields):
    _lock_homes([home])
    private = kind in PRIVATE_KINDS
    if private and min_role != MinRole.OWNER:
        raise DocumentError(_("Contracts and invoices are for owners and co-owners only."))
    owners = _owners_of(home) if private else []
    latest = _latest(home, kind, fields, replaces)
    document = HomeDocument.objects.create(
        batch=batch,
        home=home,
        journey=current_journey(home),
        kind=kind,
        file=file,
        uploader=by,
        min_role=min_role,
        **_next(latest),
        **fields,
    )
    document.private_to.set(owners)
    record("published", document, by=by, home=home)
    return document


def _lock_homes(homes):
    """Two versions at once get two numbers; the same order everywhere, so that nobody waits for each other."""
    list(Home.objects.select_for_update().filter(pk__in={home.pk for home in homes}).order_by("pk"))


def _owners_of(home):
    """Whom a private document is meant for: the owners of today, or those of tomorrow where there are none yet."""
    ties = home.ownerships.filter(role__in=OWNERS)
    found = ties.filter(state=RightState.LIVE) or ties.filter(state=RightState.PENDING)
    if not found:
        raise DocumentError(
            _("%(home)s has no owner yet. A contract or an invoice is uploaded once it has one.") % {"home": home}
        )
    return [tie.owner_id for tie in found]


def _latest(home, kind, fields, replaces):
    """The document that the new one is the next version of, or None."""
    if replaces:
        return HomeDocument.objects.filter(series=replaces.series).order_by("version").last()
    before = HomeDocument.objects.filter(home=home, kind=kind)
    before = before.filter(still_theirs()) if kind in PRIVATE_KINDS else before
    same = [each for each in before.order_by("-version") if _same_title(each, fields)]
    return same[0] if same else None


def _next(latest):
    if latest is None:
        return {}
    return {"series": latest.series, "version": latest.version + 1, "replaces": latest}


def _same_title(document, fields):
    pairs = [(_key(getattr(document, name)), _key(fields.get(name, ""))) for name in ("title_en", "title_zh")]
    untitled = not any(each for pair in pairs for each in pair)
    return untitled or any(ours and ours == theirs for ours, theirs in pairs)


def _key(title):
    """A title as it counts: the same in capitals, in full width, and with more space."""
    return " ".join(unicodedata.normalize("NFKC", title).casefold().split())


@transaction.atomic
def change_document(document, *, titles, min_role, by, at):
    """Call a document otherwise, or show it to more or fewer people: all its versions.

    Only those who now see it for the first time are told. Raises DocumentError when a contract or an invoice
    would be shown to others than owners.
    """
    _lock_homes([document.home])
    if document.is_private and min_role != MinRole.OWNER:
        raise DocumentError(_("Contracts and invoices are for owners and co-owners only."))
    versions = HomeDocument.objects.filter(series=document.series)
    latest = versions.current().order_by("version").last()
    before = set(people_of(latest).values_list("pk", flat=True)) if latest else set()
    fields = {**titles, "min_role": min_role}
    for version in versions:
        if any(getattr(version, name) != value for name, value in fields.items()):
            HomeDocument.objects.filter(pk=version.pk).update(**fields)
            record("changed", version, by=by, home=document.home)
    if latest:
        latest.min_role = min_role
        newly = people_of(latest).exclude(pk__in=before)
        tell(newly, "document-published", latest.batch, at=at, step=str(latest.pk))


def shown_versions(document):
    """The numbers of the versions of this document that its owners find, the newest first."""
    versions = HomeDocument.objects.filter(series=document.series).current()
    return list(versions.order_by("-version").values_list("version", flat=True))


@transaction.atomic
def withdraw_document(document, *, reason, by, at, all_versions=False):
    """Hide a version from the owners, or all of them, for a reason that staff can read.

    The version before it, if there is one, is the latest again. What is withdrawn already stays as it is.
    Raises DocumentError without a reason.
    """
    if not reason.strip():
        raise DocumentError(_("Please write why it is withdrawn."))
    _lock_homes([document.home])
    versions = HomeDocument.objects.filter(series=document.series)
    for version in versions.current() if all_versions else versions.current().filter(pk=document.pk):
        version.withdrawn_at, version.withdrawn_reason = at, reason.strip()
        version.save(update_fields=["withdrawn_at", "withdrawn_reason"])
        record("withdrawn", version, by=by, home=document.home)


def _tell(batch, *, at):
    told = set()
    for document in batch.documents.all():
        told.update(people_of(document).values_list("pk", flat=True))
    tell(Owner.objects.filter(pk__in=told), "document-published", batch, at=at)


def people_of(document):
    """The owners, family or tenants to whom this document is open today."""
    ties = Ownership.objects.live().filter(home=document.home_id, role__in=REACHES[document.min_role])
    people = Owner.objects.active().filter(pk__in=ties.values("owner"))
    if not document.is_private:
        return people
    theirs = HomeDocument.objects.filter(still_theirs(), pk=document.pk).exists()
    return people if theirs else people.none()
