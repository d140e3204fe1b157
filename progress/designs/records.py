"""The record as a PDF: asked for, made by the worker, kept for 30 days."""

from datetime import timedelta
from functools import partial

import structlog
from django.db import transaction
from django.db.models import F
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django_q.tasks import async_task

from accounts.events.actions import record as note
from accounts.files.actions import discard
from accounts.files.rendering import pdf_ahead, render_pdf

from .models import DesignRecord
from .record_pages import content_of

LONGEST = 240  # seconds that a worker has; the queue gives a task out again after 300
LEASE = timedelta(minutes=5)  # whoever was heard of before that is certainly gone
MOST_TRIES = 3

log = structlog.get_logger(__name__)


class TakenOverError(Exception):
    """Another worker has made it meanwhile, or it was given up."""


@transaction.atomic
def ask_record(change, *, by, language, at):
    """Have the record made, as things stand. While this person waits for one, that one is returned."""
    waiting = DesignRecord.objects.waiting().filter(change=change, asked_by=by, language=language)
    if found := waiting.first():
        return found
    made = DesignRecord.objects.create(change=change, asked_by=by, language=language, asked_at=at, heard_at=at)
    note("asked for", made, by=by)
    _queue(made)
    return made


def _queue(row):
    transaction.on_commit(partial(async_task, "progress.designs.tasks.make_record", str(row.pk), timeout=LONGEST))


def make(row, *, at):
    """Make the PDF, unless another worker is at it. Running it twice makes one. Raises whatever went wrong."""
    if not _claim(row, at=at):
        return
    zone = row.change.zone
    with translation.override(row.language), timezone.override(zone):
        html = render_to_string("pdf/design_record.html", content_of(row.change, at=at))
    pdf = render_pdf(html, at=at)
    try:
        with pdf_ahead(pdf, name=str(row.pk), by=row.asked_by) as file:
            _keep(row, file, at=at)
    except TakenOverError:
        log.info("design_record_left", record=str(row.pk))


def _claim(row, *, at):
    """Counted first, so that a document that kills its worker does it three times at most."""
    free = DesignRecord.objects.waiting().filter(pk=row.pk, claims__lt=MOST_TRIES)
    free = free.exclude(claims__gt=0, heard_at__gt=at - LEASE)
    return bool(free.update(claims=F("claims") + 1, heard_at=at))


def _keep(row, file, *, at):
    waiting = DesignRecord.objects.waiting().filter(pk=row.pk)
    if not waiting.update(state=DesignRecord.State.DONE, file=file, made_at=at):
        raise TakenOverError
    note("made", row, by=None)


def tidy(*, at):
    """Queue again what nobody has taken care of, and give up what was tried three times. Twice changes nothing."""
    silent = DesignRecord.objects.waiting().filter(heard_at__lte=at - LEASE)
    silent.filter(claims__gte=MOST_TRIES).update(state=DesignRecord.State.FAILED)
    for row in silent:
        with transaction.atomic():
            if silent.filter(pk=row.pk, claims__lt=MOST_TRIES).update(heard_at=at - LEASE + timedelta(minutes=1)):
                _queue(row)


@transaction.atomic
def forget(rows, *, at):
    """Throw away those of these records' files that are 30 days old; that they were made stays known."""
    for row in rows.to_forget(at=at).select_for_update(of=("self",)).select_related("file"):
        discard(row.file)
        row.file = None
        row.save(update_fields=["file"])
