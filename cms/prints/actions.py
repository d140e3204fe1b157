"""What may happen to a print: asked for, made, fetched for a week, thrown away."""

from datetime import timedelta

import structlog
from django.conf import settings
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.events.actions import record
from accounts.files.rendering import RenderError, pdf_ahead, render_pdf
from progress.leaflets import making
from progress.leaflets.making import LostLeaseError
from progress.models import Home

from .content import codes_of, digest_of, guides_of, pictures_of, printed_of, reader_at
from .models import GuidePrint

MOST_A_DAY = 20
A_DAY = timedelta(days=1)

log = structlog.get_logger(__name__)
State = GuidePrint.State


class PrintError(Exception):
    """Refused. The message is worded for whoever asked."""


def ask_print(home, *, key, language, by, at):
    """Have the guide `key`, or with None all guides that fit the home, printed for somebody who lives there.

    While it is being made, that one is returned. Raises PrintError where there is nothing to print, while another of
    theirs is being made, and for the twenty-first within a day.
    """
    reader, on = reader_at(home, by), _today(home, at)
    guides = guides_of(reader, key=key, language=language, on=on)
    if not guides:
        raise PrintError(_("There is no guide to be printed."))
    theirs = GuidePrint.objects.filter(asked_by=by)
    if current := theirs.waiting().first():
        return _same(current, home, key)
    if theirs.filter(asked_at__gt=at - A_DAY).count() >= MOST_A_DAY:
        raise PrintError(_("That is enough for one day. Please ask again tomorrow."))
    values = {"home": home, "guide_key": key, "language": language, "digest": digest_of(reader, guides)}
    try:
        with transaction.atomic():
            print_ = GuidePrint.objects.create(asked_by=by, asked_at=at, **values)
            record("asked for", print_, by=by, home=home)
            making.queue(print_)
    except IntegrityError:  # asked twice at the same moment
        return _same(theirs.waiting().get(), home, key)
    return print_


def _same(current, home, key):
    if not current.is_same(home, key):
        raise PrintError(_("Another print of yours is being made. Please wait until it is ready."))
    return current


def is_current(print_, *, at):
    """Whether it still says what the guides say today."""
    reader = reader_at(print_.home, print_.asked_by)
    guides = guides_of(reader, key=print_.guide_key, language=print_.language, on=_today(print_.home, at))
    return digest_of(reader, guides) == print_.digest


def make(print_, *, clock):
    """Print it, unless another worker is at it. Running it twice prints it once."""
    lease = making.claim(print_, at=clock())
    if lease is None:
        return
    print_ = GuidePrint.objects.select_related("asked_by").get(pk=print_.pk)
    home = Home.objects.with_place().get(pk=print_.home_id)
    try:
        made = _printed(print_, home, lease, clock=clock)
        if made:
            _finish(print_, lease, *made, at=clock())
        else:
            making.drop(print_, lease)
    except LostLeaseError:
        log.info("guide_print_left", print=str(print_.pk))
    except RenderError as error:
        log.error("guide_not_printed", print=str(print_.pk), why=str(error))
        making.let_go(print_, lease)


def _printed(print_, home, lease, *, clock):
    """(PDF, digest of what stands in it); None where nothing is to be printed (any more)."""
    reader, on = reader_at(home, print_.asked_by), _today(home, print_.as_of)
    guides = guides_of(reader, key=print_.guide_key, language=print_.language, on=on, with_body=True)
    if not guides:
        return None

    def note(share):
        making.note_progress(print_, lease, int(10 + 50 * share), at=clock())

    with translation.override(print_.language), timezone.override(home.development.time_zone):
        printed = printed_of(reader, guides, on=on)
        pictures = pictures_of(printed, note=note)
        making.note_progress(print_, lease, 60, at=clock())
        html = _document(print_, home, printed, set(pictures))
    return render_pdf(html, images=pictures | codes_of(printed), at=print_.as_of), digest_of(reader, guides)


def _document(print_, home, printed, pictures):
    names = settings.COMPANY_NAME
    context = {
        "home": home,
        "as_of": print_.as_of,
        "is_set": print_.guide_key is None,
        "printed": printed,
        "pictures": pictures,
        "company": {"name": names.get(print_.language, names["en"]), "hotline": settings.COMPANY_HOTLINE},
    }
    return render_to_string("pdf/guide.html", context)


def _finish(print_, lease, pdf, digest, *, at):
    """The file's row and the print's come together, or not at all; the one before goes."""
    with pdf_ahead(pdf, name="guide", by=None) as file:
        found = making.held(print_, lease)
        same = {"asked_by": found.asked_by_id, "home": found.home_id, "guide_key": found.guide_key}
        making.forget(GuidePrint.objects.filter(state=State.READY, **same), at=at)
        making.end(found, State.READY)
        found.file, found.digest, found.ready_at = file, digest, at
        found.save()
        record("made", found, by=None, home=print_.home)


@transaction.atomic
def give_up(print_, *, at):
    """After three attempts without a result: the page says so."""
    found = GuidePrint.objects.to_begin(at=at).select_for_update(of=("self",)).filter(pk=print_.pk).first()
    if found:
        log.error("guide_print_given_up", print=str(found.pk))
        making.end(found, State.FAILED)
        found.save()
        record("given up", found, by=None)


def forget_outdated(*, at):
    """Those that were ready a week ago, and those whose guides say something else by now."""
    making.forget(GuidePrint.objects.to_forget(at=at), at=at)
    ready = GuidePrint.objects.filter(state=State.READY).select_related("home__development", "asked_by")
    for print_ in ready.iterator(chunk_size=500):
        if not is_current(print_, at=at):
            making.forget(GuidePrint.objects.filter(pk=print_.pk, state=State.READY), at=at)


def _today(home, at):
    with timezone.override(home.development.time_zone):
        return timezone.localdate(at)
