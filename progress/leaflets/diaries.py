"""What may happen to a diary: asked for by an owner, made, fetched for a week, thrown away."""

from datetime import timedelta

import structlog
from django.conf import settings
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.events.actions import record
from accounts.files.rendering import RenderError, pdf_ahead, render_pdf
from accounts.notices.actions import tell
from progress.models import HOSTS, Home, Ownership

from . import making
from .choosing import fairly, within
from .diary_content import by_month, entries_of
from .making import LostLeaseError
from .models import Diary

MOST_A_DAY = 5
MOST_PHOTOS = 120
BOXES = (900, 640, 480)  # pixels
ROOM = 10 * 1024 * 1024  # bytes for the photos
DAY = timedelta(days=1)

log = structlog.get_logger(__name__)
State = Diary.State


class DiaryError(Exception):
    """Refused. The message is worded for the owner who asked."""


def ask_diary(home, *, language, by, at):
    """Have the diary of a home printed for its owner. While it is being made, that one is returned.

    Raises DiaryError for a home of others, while another of theirs is being made, and for the sixth within a day.
    """
    if not is_host(by, home):
        raise DiaryError(_("Only owners have the diary of their home printed."))
    theirs = Diary.objects.filter(asked_by=by)
    if current := theirs.waiting().first():
        return _same(current, home)
    if theirs.filter(asked_at__gt=at - DAY).count() >= MOST_A_DAY:
        raise DiaryError(_("That is enough for one day. Please ask again tomorrow."))
    try:
        with transaction.atomic():
            diary = Diary.objects.create(home=home, asked_by=by, language=language, asked_at=at)
            record("asked for", diary, by=by, home=home)
            making.queue(diary)
    except IntegrityError:  # asked twice at the same moment
        return _same(theirs.waiting().get(), home)
    return diary


def _same(diary, home):
    if diary.home_id != home.pk:
        raise DiaryError(_("The diary of another home of yours is being made. Please wait until it is ready."))
    return diary


def is_host(user, home):
    """Whether this person is owner or co-owner of the home today."""
    ties = Ownership.objects.live().filter(home=home, role__in=HOSTS, owner__user=user, owner__erased_at=None)
    return user.is_active and ties.exists()


def make(diary, *, clock):
    """Print it, unless another worker is at it. Running it twice prints it once."""
    lease = making.claim(diary, at=clock())
    if lease is None:
        return
    diary = Diary.objects.select_related("asked_by").get(pk=diary.pk)
    home = Home.objects.with_place().get(pk=diary.home_id)
    try:
        if is_host(diary.asked_by, home):
            pdf, left_out = _printed(diary, home, lease, clock=clock)
            _finish(diary, lease, pdf, left_out, at=clock())
        else:
            making.drop(diary, lease)
    except LostLeaseError:
        log.info("diary_left", diary=str(diary.pk))
    except RenderError as error:
        log.error("diary_not_printed", diary=str(diary.pk), why=str(error))
        making.let_go(diary, lease)


def _printed(diary, home, lease, *, clock):
    """(PDF, how many photos were left out)."""

    def note(share):
        making.note_progress(diary, lease, int(10 + 50 * share), at=clock())

    entries = entries_of(home)
    shots = fairly([entry.shots for entry in entries], MOST_PHOTOS)
    images = within(shots, BOXES, ROOM, note=note)
    left_out = len({shot.file.sha256 for entry in entries for shot in entry.shots}) - len(images)
    for entry in entries:
        entry.shots = [shot for shot in entry.shots if shot.name in images]
    making.note_progress(diary, lease, 60, at=clock())
    html = _document(diary, home, entries, left_out)
    return render_pdf(html, images=images, at=diary.as_of), left_out


def _document(diary, home, entries, left_out):
    names = settings.COMPANY_NAME
    with translation.override(diary.language), timezone.override(home.development.time_zone):
        context = {
            "home": home,
            "as_of": diary.as_of,
            "months": by_month(entries),
            "left_out": left_out,
            "company": {"name": names.get(diary.language, names["en"]), "hotline": settings.COMPANY_HOTLINE},
        }
        return render_to_string("pdf/diary.html", context)


def _finish(diary, lease, pdf, left_out, *, at):
    """The file's row, the diary's and the word that it is ready come together, or not at all; the one before goes."""
    with pdf_ahead(pdf, name="diary", by=None) as file:
        found = making.held(diary, lease)
        earlier = Diary.objects.filter(asked_by=found.asked_by_id, home=found.home_id, state=State.READY)
        making.forget(earlier, at=at)
        making.end(found, State.READY)
        found.file, found.left_out, found.ready_at = file, left_out, at
        found.save()
        record("made", found, by=None, home=diary.home)
        tell([diary.asked_by], "diary-ready", found, at=at)


@transaction.atomic
def give_up(diary, *, at):
    """After three attempts without a result: whoever asked is told."""
    found = Diary.objects.to_begin(at=at).select_for_update(of=("self",)).filter(pk=diary.pk).first()
    if found:
        log.error("diary_given_up", diary=str(found.pk))
        making.end(found, State.FAILED)
        found.save()
        record("given up", found, by=None)
        tell([found.asked_by], "diary-failed", found, at=at)
