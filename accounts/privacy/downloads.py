"""A copy of everything held on somebody: asked for, made by a worker, fetched, thrown away after a week.

A worker leases the download with a token nobody else has, and counts the attempt before it begins; a worker that is
killed leaves a lease that runs out, and the sweep has it made again. After three attempts without a result it ends.
"""

import tempfile
import uuid
from datetime import timedelta
from functools import partial

import structlog
from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import translation
from django.utils.translation import gettext as _
from django_q.tasks import async_task

from accounts.events.actions import record
from accounts.files.actions import discard
from accounts.files.workbooks import workbook_ahead
from accounts.models import Owner
from accounts.notices.actions import tell

from .archive import ZIP, write_archive
from .models import MAX_CLAIMS, Download
from .registry import Person

log = structlog.get_logger(__name__)

LEASE = timedelta(minutes=5)  # longer than the worker's timeout: whoever held it is certainly gone
MOST_A_DAY = 5


class PrivacyError(Exception):
    """Refused. The message is worded for the person who asked."""


class LostLeaseError(Exception):
    """The download went to another worker, or is wanted no more."""


def ask_download(*, user, at):
    """Have a copy made. While one is being made, or lies ready, that one is returned: asking twice makes one.

    Raises PrivacyError for the sixth within a day.
    """
    drop_stale(user=user, at=at)
    current = Download.objects.for_user(user).current()
    if found := current.first():
        return found
    if Download.objects.for_user(user).filter(asked_at__gt=at - timedelta(days=1)).count() >= MOST_A_DAY:
        raise PrivacyError(_("That is enough for one day. Please ask again tomorrow."))
    owner = Owner.objects.filter(user=user).first()
    try:
        with transaction.atomic():
            made = Download.objects.create(user=user, record_id=owner and owner.pk, asked_at=at)
            record("asked for", made, by=user)
            transaction.on_commit(partial(_queue, made))
    except IntegrityError:
        return current.get()
    return made


def _queue(download):
    async_task("accounts.privacy.tasks.make_download", str(download.pk))


def make(download, *, clock):
    """Make the copy, unless another worker is at it. Running it twice makes one. Raises whatever went wrong."""
    lease = _claim(download, at=clock())
    if lease is None:
        return
    held = Download.objects.select_related("user").get(pk=download.pk)
    note = partial(_note_progress, held, lease, clock=clock)
    try:
        with tempfile.TemporaryFile() as file, translation.override(_language_of(held.user)):
            write_archive(file, Person.of_user(held.user), at=held.asked_at, note=note)
            _finish(held, lease, file, at=clock())
    except LostLeaseError:
        log.info("download_left", download=str(held.pk))


def _language_of(user):
    owner = Owner.objects.filter(user=user).first()
    return owner.reading_language if owner else user.language or None


def _claim(download, *, at):
    lease = uuid.uuid4()
    free = Download.objects.to_begin(at=at).filter(pk=download.pk, claims__lt=MAX_CLAIMS).order_by()
    taken = free.update(lease=lease, leased_until=at + LEASE, claims=F("claims") + 1, progress=0)
    return lease if taken else None


def _note_progress(download, lease, progress, *, clock):
    held = Download.objects.waiting().filter(pk=download.pk, lease=lease)
    if not held.update(progress=progress, leased_until=clock() + LEASE):
        raise LostLeaseError


def _finish(download, lease, file, *, at):
    """The file's row, the download's and the word that it is ready come together, or not at all."""
    with workbook_ahead(File(file, name="data.zip"), by=None, content_type=ZIP) as stored:
        found = Download.objects.select_for_update().waiting().filter(pk=download.pk, lease=lease).first()
        if found is None or Download.objects.stale().filter(pk=download.pk).exists():
            raise LostLeaseError
        found.state, found.file, found.ready_at, found.progress = Download.State.READY, stored, at, 100
        found.lease = found.leased_until = None
        found.save()
        record("made", found, by=None)
        tell([found.user], "download-ready", found, at=at)


def discard_download(download, *, by, at):
    """Throw the copy away, or stop making it. Thrown away already, it stays so."""
    with transaction.atomic():
        found = Download.objects.select_for_update(of=("self",)).select_related("file").get(pk=download.pk)
        if found.state not in {Download.State.WAITING, Download.State.READY}:
            return
        file, found.file, found.state, found.lease = found.file, None, Download.State.GONE, None
        found.save()
        if file:
            discard(file)
        record("thrown away", found, by=by)


def drop_stale(*, user=None, at):
    """Throw away what was made of a record that has become another one since."""
    stale = Download.objects.stale()
    for download in stale.filter(user=user) if user else stale:
        discard_download(download, by=None, at=at)


def tidy(*, at):
    """Queue what a lost task or a killed worker left behind; end what was tried three times. Twice changes nothing."""
    drop_stale(at=at)
    for download in Download.objects.to_begin(at=at).filter(Q(asked_at__lt=at - LEASE) | Q(claims__gt=0)):
        if download.claims >= MAX_CLAIMS:
            _give_up(download, at=at)
        else:
            _queue(download)


@transaction.atomic
def _give_up(download, *, at):
    spent = Download.objects.to_begin(at=at).filter(pk=download.pk).order_by()
    if spent.update(state=Download.State.FAILED, lease=None):
        log.error("download_given_up", download=str(download.pk))
        record("given up", download, by=None)
        tell([download.user], "download-failed", download, at=at)
