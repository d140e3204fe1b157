"""What may happen to a private file: stored, given its variants, discarded, swept."""

import logging
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta
from functools import partial
from itertools import islice

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django_q.tasks import async_task

from .checks import NO_ROOM, refusal
from .documents import PDF, Document, read_document
from .images import BOXES, CONTENT_TYPE, Photo, fitted, read_photo
from .models import MAX_CLAIMS, PAUSES, FileHold, PrivateFile, private_storage
from .storage import new_name, original_name, variant_name

ORPHAN_AGE = timedelta(hours=1)  # longer than any transaction that is about to commit the row
CLOCKS_DIFFER = timedelta(days=1)
AT_ONCE = 20  # files of one task

log = logging.getLogger(__name__)
_written = ContextVar("written", default=None)


@contextmanager
def atomic_with_files(*, ahead=()):
    """`transaction.atomic` for what stores files, as a decorator or with `with`: a rollback takes the files along.

    So it takes those named in `ahead`, which `stored_ahead` has stored before. They go at once when the block raises.
    When it is the commit that fails nobody knows whether it happened, so the sweep decides, an hour later.
    """
    outer, mine, complete = _written.get(), [*ahead], False
    token = _written.set(mine)
    try:
        with transaction.atomic():
            yield
            complete = True
    except BaseException:
        if not complete:
            _delete(mine)
        raise
    finally:
        _written.reset(token)
        if complete and outer is not None:
            outer.extend(mine)


def store_image(uploaded, *, by):
    """Keep a photo: an upload, which is checked and re-encoded first, or what `PhotosField` made of one.

    The bytes are on the disk before the row is written, and the row is written in the caller's transaction;
    the variants follow in the worker. Returns the PrivateFile. Raises FileError, worded for the uploader.
    """
    photo = uploaded if isinstance(uploaded, Photo) else read_photo(uploaded)
    with atomic_with_files():
        row = PrivateFile.objects.create(
            file=_stored(photo),
            sha256=photo.sha256,
            size=photo.size,
            content_type=CONTENT_TYPE,
            width=photo.width,
            height=photo.height,
            taken_at=photo.taken_at,
            uploader=by,
        )
        _forget_a_wrong_clock(row)
        transaction.on_commit(partial(queue_work_on, [row.pk]), robust=True)
    return row


def store_document(uploaded, *, by):
    """Keep a document, an upload or what `read_document` made of one: a PDF as it is, a picture as `store_image` does.

    Returns the PrivateFile; a PDF's knows its pages. Raises FileError, worded for the uploader.
    """
    checked = uploaded if isinstance(uploaded, Photo | Document) else read_document(uploaded)
    if isinstance(checked, Photo):
        return store_image(checked, by=by)
    with atomic_with_files():
        return PrivateFile.objects.create(
            file=_stored(checked, "pdf"),
            sha256=checked.sha256,
            size=checked.size,
            content_type=PDF,
            pages=checked.pages,
            variant_state=PrivateFile.VariantState.MADE,  # it needs none
            uploader=by,
        )


def stored_ahead(checked, ending):
    """Store the bytes, before the transaction of the row. Returns the name; raises FileError, and nothing is left."""
    name = new_name(ending)
    try:
        return _save(name, checked)
    except BaseException:
        _delete([name])
        raise


def forget_ahead(names):
    """Take away what `stored_ahead` stored, where no transaction has begun that would."""
    _delete(names)


def _stored(checked, ending="jpg"):
    name = new_name(ending)
    _written.get().append(name)
    return _save(name, checked)


def _save(name, checked):
    checked.content.seek(0)
    try:
        return private_storage().save(name, checked.content)
    except OSError as error:
        log.error("A file could not be stored: %s.", error.strerror)
        raise refusal(NO_ROOM, checked.name) from error


def _forget_a_wrong_clock(row):
    if row.taken_at and row.taken_at > row.created_at + CLOCKS_DIFFER:
        row.taken_at = None
        row.save(update_fields=["taken_at"])


def discard(private_file):
    """Throw the file away: the row stays and says so, the bytes go after the commit, unless they are held."""
    PrivateFile.objects.kept().filter(pk=private_file.pk).update(deleted_at=Now())
    private_file.refresh_from_db(fields=["deleted_at"])
    transaction.on_commit(partial(_remove_bytes, [private_file.pk]), robust=True)


def _remove_bytes(pks):
    """Unless they are held. Asked after the rows say "discarded", so that whoever holds bytes either sees that or
    is seen here."""
    if not FileHold.objects.running().exists():
        for pk in pks:
            _remove_bytes_of(pk)


def _remove_bytes_of(pk):
    row = PrivateFile.objects.discarded_with_bytes().filter(pk=pk).first()
    if row and _delete([row.file.name, *(variant_name(row.file.name, variant) for variant in BOXES)]):
        PrivateFile.objects.filter(pk=pk).update(file="", variants={})
    row = PrivateFile.objects.with_spent_originals().filter(pk=pk).first()
    if row and _delete([row.raw]):
        PrivateFile.objects.filter(pk=pk).update(raw="")


def _delete(names):
    """Whether all of these are gone. What can't be deleted now is left to the sweep."""
    gone = True
    for name in names:
        try:
            private_storage().delete(name)
        except OSError as error:
            log.error("The private file %s could not be deleted: %s.", name, error.strerror)
            gone = False
    return gone


def make_variants(private_file):
    """Make the smaller versions, unless they are made or given up. Running it twice makes them once.

    The attempt is counted first, in a transaction of its own, so that a photo that kills its worker
    does it three times at most. Raises whatever went wrong.
    """
    row = PrivateFile.objects.filter(pk=private_file.pk)
    claimable = row.lacking_variants().filter(variant_claims__lt=MAX_CLAIMS)
    if not claimable.update(variant_claims=F("variant_claims") + 1):
        return
    with private_storage().open(private_file.file.name) as original:
        made = {
            variant: _variant(original, box, variant_name(private_file.file.name, variant))
            for variant, box in BOXES.items()
        }
    if not row.kept().update(variants=made, variant_state=PrivateFile.VariantState.MADE):
        _delete(variant["name"] for variant in made.values())  # discarded meanwhile


def _variant(original, box, name):
    jpeg, width, height = fitted(original, box)
    name = private_storage().save(name, ContentFile(jpeg))
    return {"name": name, "size": len(jpeg), "width": width, "height": height}


def queue_work_on(ids):
    """Let the worker clean these files, and make their variants."""
    async_task("accounts.files.tasks.make_variants_of", [str(pk) for pk in ids])


def sweep_files(at, *, orphans=True):
    """Finish what a lost task, a killed process or a full disk left behind. Running it twice changes nothing.

    `orphans=False` leaves out the look through all folders.
    """
    _give_up(at)
    _queue_overdue(at)
    _remove_bytes(PrivateFile.objects.discarded_with_bytes().values_list("pk", flat=True)[:500])
    _remove_bytes(PrivateFile.objects.with_spent_originals().values_list("pk", flat=True)[:500])
    if orphans and not FileHold.objects.running().exists():
        _remove_orphans(at)


def _give_up(at):
    spent = PrivateFile.objects.overdue(at=at).filter(variant_claims__gte=MAX_CLAIMS)
    for pk in list(spent.values_list("pk", flat=True)):
        row, given_up = PrivateFile.objects.filter(pk=pk), PrivateFile.VariantState.GIVEN_UP
        if row.lacking_variants().update(variant_state=given_up):
            log.error("File %s: no variants after %s attempts; the photo itself is shown.", pk, MAX_CLAIMS)
        elif refuse(row, PrivateFile.Refusal.GIVEN_UP):
            log.error("File %s: not cleaned after %s attempts; it is thrown away.", pk, MAX_CLAIMS)


def refuse(row, why):
    """Say of what waits (a QuerySet of one) why it can't be used; its bytes go. Whether it was still waiting."""
    given_up = PrivateFile.VariantState.GIVEN_UP
    refused = row.waiting().update(state=PrivateFile.State.REFUSED, refused_for=why, variant_state=given_up)
    if refused:
        _remove_bytes(row.values_list("pk", flat=True))
    return refused


def _queue_overdue(at):
    overdue = PrivateFile.objects.overdue(at=at)
    for claims, pause in enumerate(PAUSES):
        ids = list(overdue.filter(variant_claims=claims).order_by("created_at").values_list("pk", flat=True)[:500])
        for some in _batches(ids, AT_ONCE):
            with transaction.atomic():
                PrivateFile.objects.filter(pk__in=some).update(variants_due_at=at + pause)
                transaction.on_commit(partial(queue_work_on, some))


def _remove_orphans(at):
    storage = private_storage()
    for folder in _folders(storage):
        for names in _batches([f"{folder}/{name}" for name in storage.listdir(folder)[1]], 500):
            _delete(_old_orphans(names, before=at - ORPHAN_AGE))


def _folders(storage):
    try:
        return storage.listdir("")[0]
    except FileNotFoundError:  # nothing has ever been stored
        return []


def _old_orphans(names, *, before):
    """Those of `names` that belong to no row and have been there longer than a transaction lasts."""
    belonging = {original_name(name) for name in names}
    known = set(PrivateFile.objects.filter(file__in=belonging).values_list("file", flat=True))
    raw = [name for name in belonging if name.endswith(".raw")]
    known |= set(PrivateFile.objects.exclude(raw="").filter(raw__in=raw).values_list("raw", flat=True))
    return [name for name in names if original_name(name) not in known and _modified_before(name, before)]


def _modified_before(name, moment):
    try:
        return private_storage().get_modified_time(name) < moment
    except FileNotFoundError:
        return False


def _batches(items, size):
    items = iter(items)
    while some := list(islice(items, size)):
        yield some
