"""What may happen to a dossier: asked for by an owner, or made for a new one; made, fetched for a week, thrown away."""

import tempfile
from datetime import timedelta
from zoneinfo import ZoneInfo

import structlog
from django.conf import settings
from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.events.actions import record
from accounts.files.rendering import RenderError, pdf_ahead, render_pdf
from accounts.files.workbooks import workbook_ahead
from accounts.notices.actions import tell
from progress.leaflets import making
from progress.leaflets.diaries import is_host
from progress.leaflets.making import LostLeaseError
from progress.models import Home

from .archive import write_archive
from .errors import DossierError
from .models import Dossier
from .sections import Reading, chapters_of

MOST_A_DAY = 6
DAY = timedelta(days=1)
ZIP = "application/zip"

log = structlog.get_logger(__name__)
State, Kind = Dossier.State, Dossier.Kind


def ask_dossier(home, *, kind, language, by, at):
    """Have the dossier of a home made for its owner. While one of that kind is being made, it is returned.

    Raises DossierError for a home of others, while that of another home is being made, and for the seventh in a day.
    """
    if not is_host(by, home):
        raise DossierError(_("Only owners have the dossier of their home made."))
    theirs = Dossier.objects.filter(asked_by=by)
    if current := theirs.waiting().filter(kind=kind).first():
        return _same(current, home)
    if theirs.filter(asked_at__gt=at - DAY, handed_over=False).count() >= MOST_A_DAY:
        raise DossierError(_("That is enough for one day. Please ask again tomorrow."))
    try:
        return begin(home, kind=kind, language=language, reader=by, by=by, at=at)
    except IntegrityError:  # asked twice at the same moment
        return _same(theirs.waiting().get(kind=kind), home)


@transaction.atomic
def begin(home, *, kind, language, reader, by, at, handed_over=False):
    """Put it in hand for `reader`. Raises IntegrityError while one of that kind is being made for them."""
    values = {"home": home, "kind": kind, "language": language, "handed_over": handed_over}
    dossier = Dossier.objects.create(asked_by=reader, asked_at=at, **values)
    record("asked for", dossier, by=by, home=home)
    making.queue(dossier)
    return dossier


def _same(dossier, home):
    if dossier.home_id != home.pk:
        raise DossierError(_("The dossier of another home of yours is being made. Please wait until it is ready."))
    return dossier


def make(dossier, *, clock):
    """Make it, unless another worker is at it. Running it twice makes it once."""
    lease = making.claim(dossier, at=clock())
    if lease is None:
        return
    dossier = Dossier.objects.select_related("asked_by").get(pk=dossier.pk)
    home = Home.objects.with_place().select_related("house_type").get(pk=dossier.home_id)
    try:
        if not is_host(dossier.asked_by, home):  # sold meanwhile
            making.drop(dossier, lease)
        elif dossier.is_archive:
            _pack(dossier, home, lease, clock=clock)
        else:
            _print(dossier, home, lease, clock=clock)
    except LostLeaseError:
        log.info("dossier_left", dossier=str(dossier.pk))
    except RenderError as error:
        log.error("dossier_not_printed", dossier=str(dossier.pk), why=str(error))
        making.let_go(dossier, lease)


def _print(dossier, home, lease, *, clock):
    with translation.override(dossier.language), timezone.override(home.development.time_zone):
        chapters = chapters_of(_reading(dossier, home))
        making.note_progress(dossier, lease, 40, at=clock())
        html = render_to_string("pdf/dossier.html", _context(dossier, home, chapters))
    images = {name: image for chapter in chapters for name, image in chapter.images.items()}
    pdf = render_pdf(html, images=images, at=dossier.as_of)
    with pdf_ahead(pdf, name="dossier", by=None) as file:
        _finish(dossier, lease, file, 0, at=clock())


def _pack(dossier, home, lease, *, clock):
    def note(share):
        making.note_progress(dossier, lease, int(10 + 80 * share), at=clock())

    with tempfile.TemporaryFile() as file:
        with translation.override(dossier.language), timezone.override(home.development.time_zone):
            reading = _reading(dossier, home)
            context = _context(dossier, home, chapters_of(reading))
            left_out = write_archive(file, reading, context, note=note)
        with workbook_ahead(File(file, name="dossier.zip"), by=None, content_type=ZIP) as stored:
            _finish(dossier, lease, stored, left_out, at=clock())


def _reading(dossier, home):
    on = timezone.localdate(dossier.as_of, ZoneInfo(home.development.time_zone))
    return Reading(home, dossier.asked_by, dossier.as_of, on, dossier.language)


def _context(dossier, home, chapters):
    names = settings.COMPANY_NAME
    return {
        "home": home,
        "dossier": dossier,
        "chapters": chapters,
        "pictures": {name for chapter in chapters for name in chapter.images},
        "as_of": dossier.as_of,
        "company": {"name": names.get(dossier.language, names["en"]), "hotline": settings.COMPANY_HOTLINE},
    }


def _finish(dossier, lease, file, left_out, *, at):
    """The file's row, the dossier's and the word that it is ready come together; the one before goes."""
    found = making.held(dossier, lease)
    same = {"asked_by": found.asked_by_id, "home": found.home_id, "kind": found.kind}
    making.forget(Dossier.objects.filter(state=State.READY, **same), at=at)
    making.end(found, State.READY)
    found.file, found.left_out, found.ready_at = file, left_out, at
    found.save()
    record("made", found, by=None, home=dossier.home)
    tell([dossier.asked_by], "dossier-ready", found, at=at)


@transaction.atomic
def give_up(dossier, *, at):
    """After three attempts without a result: whoever asked is told."""
    found = Dossier.objects.to_begin(at=at).select_for_update(of=("self",)).filter(pk=dossier.pk).first()
    if found:
        log.error("dossier_given_up", dossier=str(found.pk))
        making.end(found, State.FAILED)
        found.save()
        record("given up", found, by=None)
        tell([found.asked_by], "dossier-failed", found, at=at)
