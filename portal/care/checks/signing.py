"""Signing a check: on the spot with a finger, or by an owner in the portal. Then its report is made, once."""

import structlog
from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.events.actions import record
from accounts.files.actions import atomic_with_files, store_image
from accounts.files.models import private_storage
from accounts.files.rendering import RenderError, pdf_ahead, render_pdf
from portal.care.errors import CareError
from portal.tickets.closing.signatures import read_signature
from progress.documents.reports import file_report
from progress.leaflets import making
from progress.leaflets.making import LostLeaseError
from progress.models import HOSTS
from progress.promises.actions import keep_promise

from .filling import Stage, lock_check
from .models import Check

log = structlog.get_logger(__name__)


def sign(check, *, name="", signature=None, owner=None, by, at):
    """Sign what was filled in: with a drawn signature (PNG bytes) and a name, or as an `owner` in the portal.

    Keeps the promise and has the report made. Signed already, it stays as it is. Raises CareError, FileError.
    """
    photo = read_signature(signature) if signature else None
    with atomic_with_files():
        check = lock_check(check.pk)
        if check.stage == Stage.SIGNED:
            return check
        if check.stage != Stage.FILLED:
            raise CareError(_("There is nothing to sign yet: the check is not filled in."))
        name = _name(check, name, owner, photo)
        if photo is not None:
            check.signature = store_image(photo, by=by)
        check.stage, check.signed_at, check.signed_name, check.signed_by = Stage.SIGNED, at, name, owner
        check.asked_at = at
        check.save()
        record("signed", check, by=by, home=check.home)
        if check.promise and check.promise.is_open:
            keep_promise(check.promise, by=by, at=at)
        making.queue(check)
    return check


def _name(check, name, owner, photo):
    name = " ".join(name.replace("\x00", "").split())[:80]
    if owner is not None:
        if not check.home.ownerships.live().filter(owner=owner, role__in=HOSTS).exists():
            raise CareError(_("Only an owner of this home can sign."))
        return name or owner.name
    if photo is None or not name:
        raise CareError(_("Please have it signed, and write the name of whoever signs."))
    return name


def make(check, *, clock):
    """Print the report in the owners' language, and put it among the documents of the home; twice prints it once."""
    lease = making.claim(check, at=clock())
    if lease is None:
        return
    rows = Check.objects.select_related("home__development", "home__building", "development", "form", "signature")
    check = rows.get(pk=check.pk)
    try:
        with pdf_ahead(_printed(check), name=str(check.pk), by=None) as file:
            found = making.held(check, lease)
            making.end(found, Check.State.READY)
            found.pdf, found.ready_at = file, clock()
            found.save()
            record("made", found, by=None)
            _file(found, file, at=clock())
    except LostLeaseError:
        log.info("check_report_left", check=str(check.pk))
    except RenderError as error:
        log.error("check_report_not_printed", check=str(check.pk), why=str(error))
        making.let_go(check, lease)


def _file(check, file, *, at):
    """Its name says the day, so that each year's is a document of its own."""
    day = check.found_on.isoformat()
    titles = {f"title_{key}": f"{getattr(check.form, f'name_{key}')} {day}".strip() for key in ("en", "zh")}
    file_report(
        batch_id=check.pk, home=check.home, file=file, file_name=f"{day}.pdf", by=check.filled_by, at=at, **titles
    )


def _first_owner(check):
    ties = check.home.ownerships.live().filter(role__in=HOSTS).select_related("owner")
    tie = ties.order_by("role", "since", "pk").first()
    return tie and tie.owner


def language_of(check):
    """That of the first owner of today."""
    owner = _first_owner(check)
    return owner.language if owner and owner.language else settings.LANGUAGE_CODE


def owner_name(check):
    """Who probably signs, to begin with."""
    owner = _first_owner(check)
    return owner.name if owner else ""


def _printed(check):
    results = check.results.filter(stands=True).select_related("item", "ticket").prefetch_related("photos__file")
    results = list(results.order_by("item__order", "pk"))
    images = {f"photo-{photo.pk}": _bytes(photo.file) for row in results for photo in row.photos.all()}
    if check.signature:
        images["signature"] = _bytes(check.signature)
    language = language_of(check)
    with translation.override(language), timezone.override(check.development.time_zone):
        context = {
            "check": check,
            "results": results,
            "language": language,
            "company": {
                "name": settings.COMPANY_NAME.get(language, settings.COMPANY_NAME["en"]),
                "hotline": settings.COMPANY_HOTLINE,
            },
        }
        html = render_to_string("pdf/check.html", context)
    return render_pdf(html, images=images, at=check.as_of)


def _bytes(file):
    with private_storage().open(file.file.name) as stored:
        return stored.read()


@transaction.atomic
def give_up(check, *, at):
    """After three attempts without a result: the page says so; what was found stays in the portal."""
    found = Check.objects.to_begin(at=at).select_for_update(of=("self",)).filter(pk=check.pk).first()
    if found:
        log.error("check_report_given_up", check=str(found.pk))
        making.end(found, Check.State.FAILED)
        found.save()
        record("given up", found, by=None)
