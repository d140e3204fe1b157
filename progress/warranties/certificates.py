"""The certificate of warranty of a home as a PDF: asked for, made, fetched for a week, thrown away."""

from datetime import timedelta
from zoneinfo import ZoneInfo

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

from .models import Certificate, Warranty

MOST_A_DAY = 10
A_DAY = timedelta(days=1)

log = structlog.get_logger(__name__)
State = Certificate.State


class WarrantyError(Exception):
    """Refused. The message is worded for whoever asked."""


def ask_certificate(home, *, language, by, at):
    """Have it printed for `by`, who sees the warranties of the home. While it is being made, that one is returned.

    Raises WarrantyError where nothing runs at the home, while another of theirs is being made, and for the eleventh
    within a day.
    """
    theirs = Certificate.objects.filter(asked_by=by)
    if not running_at(home, by=by, at=at):
        raise WarrantyError(_("No warranty runs for this home now, so there is nothing to certify."))
    if current := theirs.waiting().first():
        return _same(current, home)
    if theirs.filter(asked_at__gt=at - A_DAY).count() >= MOST_A_DAY:
        raise WarrantyError(_("That is enough for one day. Please ask again tomorrow."))
    try:
        with transaction.atomic():
            certificate = Certificate.objects.create(home=home, asked_by=by, language=language, asked_at=at)
            record("asked for", certificate, by=by, home=home)
            making.queue(certificate)
    except IntegrityError:  # asked twice at the same moment
        return _same(theirs.waiting().get(), home)
    return certificate


def _same(current, home):
    if current.home_id != home.pk:
        raise WarrantyError(_("Another print of yours is being made. Please wait until it is ready."))
    return current


def running_at(home, *, by, at):
    """The warranties of the home that run at that moment, as far as `by` sees them."""
    rows = Warranty.objects.for_user(by).of_home(home)
    return rows.filter(last__gte=timezone.localdate(at, ZoneInfo(home.development.time_zone)))


def make(certificate, *, clock):
    """Print it, unless another worker is at it. Running it twice prints it once."""
    lease = making.claim(certificate, at=clock())
    if lease is None:
        return
    certificate = Certificate.objects.select_related("asked_by").get(pk=certificate.pk)
    visible = Certificate.objects.for_user(certificate.asked_by).filter(pk=certificate.pk).exists()
    try:
        if not visible:  # sold, or moved out, meanwhile
            making.drop(certificate, lease)
            return
        _finish(certificate, lease, _printed(certificate), at=clock())
    except LostLeaseError:
        log.info("certificate_left", certificate=str(certificate.pk))
    except RenderError as error:
        log.error("certificate_not_printed", certificate=str(certificate.pk), why=str(error))
        making.let_go(certificate, lease)


def _printed(certificate):
    home = Home.objects.with_place().get(pk=certificate.home_id)
    names = settings.COMPANY_NAME
    with translation.override(certificate.language), timezone.override(home.development.time_zone):
        context = {
            "home": home,
            "warranties": list(running_at(home, by=certificate.asked_by, at=certificate.as_of)),
            "as_of": certificate.as_of,
            "company": {"name": names.get(certificate.language, names["en"]), "hotline": settings.COMPANY_HOTLINE},
        }
        html = render_to_string("pdf/certificate.html", context)
    return render_pdf(html, at=certificate.as_of)


def _finish(certificate, lease, pdf, *, at):
    """The file's row and the certificate's come together, or not at all; the one before goes."""
    with pdf_ahead(pdf, name="certificate", by=None) as file:
        found = making.held(certificate, lease)
        earlier = Certificate.objects.filter(state=State.READY, asked_by=found.asked_by_id, home=found.home_id)
        making.forget(earlier, at=at)
        making.end(found, State.READY)
        found.file, found.ready_at = file, at
        found.save()
        record("made", found, by=None, home=certificate.home)


@transaction.atomic
def give_up(certificate, *, at):
    """After three attempts without a result: the page says so."""
    found = Certificate.objects.to_begin(at=at).select_for_update(of=("self",)).filter(pk=certificate.pk).first()
    if found:
        log.error("certificate_given_up", certificate=str(found.pk))
        making.end(found, State.FAILED)
        found.save()
        record("given up", found, by=None)
