"""The PDF of a letter: queued when it is sent, made once by a worker, kept as long as the letter."""

from datetime import timedelta
from functools import partial

import structlog
from django.db import transaction
from django.db.models import F
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django_q.tasks import async_task

from accounts.events.actions import record
from accounts.files.rendering import pdf_ahead, render_pdf

from .models import MOST_TRIES, Letter

LONGEST = 240  # seconds that a worker has; the queue gives a task out again after 300
LEASE = timedelta(minutes=5)  # whoever was heard of before that is certainly gone

log = structlog.get_logger(__name__)


class TakenOverError(Exception):
    """Another worker has made it meanwhile, or it was given up."""


def queue(letter):
    """Wake a worker, when the transaction commits."""
    task = "portal.tickets.formal.tasks.make_letter"
    transaction.on_commit(partial(async_task, task, str(letter.pk), timeout=LONGEST))


def make(letter, *, at):
    """Make its PDF, unless another worker is at it. Running it twice makes one. Raises whatever went wrong."""
    if not _claim(letter, at=at):
        return
    ticket = letter.complaint.ticket
    with translation.override(letter.language), timezone.override(ticket.development.time_zone):
        html = render_to_string("pdf/complaint_letter.html", content_of(letter))
    pdf = render_pdf(html, at=at)
    try:
        with pdf_ahead(pdf, name=str(letter.pk), by=letter.by) as file:
            _keep(letter, file)
    except TakenOverError:
        log.info("letter_left", letter=str(letter.pk))


def content_of(letter):
    """What its page shows, in the letter's language and the home's zone."""
    complaint = letter.complaint
    return {"letter": letter, "complaint": complaint, "ticket": complaint.ticket, "lang": letter.language}


def _claim(letter, *, at):
    """Counted first, so that a letter that kills its worker does it three times at most."""
    free = Letter.objects.waiting().filter(pk=letter.pk, claims__lt=MOST_TRIES)
    free = free.exclude(claims__gt=0, heard_at__gt=at - LEASE)
    return bool(free.update(claims=F("claims") + 1, heard_at=at))


@transaction.atomic
def _keep(letter, file):
    if not Letter.objects.waiting().filter(pk=letter.pk).update(state=Letter.State.READY, file=file):
        raise TakenOverError
    record("made", letter, by=None)


def tidy(*, at):
    """Queue again what a lost task or a killed worker left, and give up what was tried three times."""
    silent = Letter.objects.waiting().filter(heard_at__lte=at - LEASE)
    silent.filter(claims__gte=MOST_TRIES).update(state=Letter.State.FAILED)
    for letter in silent.filter(claims__lt=MOST_TRIES):
        with transaction.atomic():
            if silent.filter(pk=letter.pk).update(heard_at=at - LEASE + timedelta(minutes=1)):
                queue(letter)
