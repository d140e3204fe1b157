"""Service sheets: signed once, printed by a worker in the language of whoever signed."""

import structlog
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.events.actions import record
from accounts.files.actions import atomic_with_files, store_image
from accounts.files.models import private_storage
from accounts.files.rendering import RenderError, pdf_ahead, render_pdf
from accounts.models import one_line
from portal.tickets.errors import TicketError
from portal.tickets.locking import lock_ticket
from portal.tickets.models import Ticket
from portal.tickets.raising import cleaned
from progress.leaflets import making
from progress.leaflets.making import LostLeaseError

from .models import ServiceSheet
from .models.sheets import LONGEST, LONGEST_DAY
from .signatures import read_signature

State = ServiceSheet.State
TOO_LONG = 10_000_000  # yuan: a slip of the finger

log = structlog.get_logger(__name__)


def sign_sheet(
    *, sheet_id, ticket, signature, signed_name, minutes, by, at, work_en="", work_zh="", materials="", cost=None
):
    """Keep what was done, with the owner's signature: PNG bytes as they were drawn. Returns the ServiceSheet.

    `sheet_id` comes from the form: sent twice, it is one sheet. `by` did the work; `at` is when it was signed, which
    may be hours before it reaches us. The PDF follows in the worker. Raises TicketError.
    """
    standing = _same(sheet_id, ticket)
    if standing:
        return standing
    values = _checked(work_en, work_zh, materials, minutes, cost, signed_name)
    photo = read_signature(signature)
    with atomic_with_files():
        ticket = lock_ticket(ticket.pk)
        if standing := _same(sheet_id, ticket):
            return standing
        if ticket.state == Ticket.State.MERGED:  # whatever else became of it meanwhile: it was signed
            raise TicketError(_("This goes on as %(number)s.") % {"number": ticket.merged_into.number})
        sheet = ServiceSheet.objects.create(
            pk=sheet_id,
            ticket=ticket,
            signature=store_image(photo, by=by),
            signed_at=at,
            asked_at=at,
            by=by,
            language=ticket.owner.language if ticket.owner else ticket.language,
            **values,
        )
        record("signed", sheet, by=by, home=ticket.home)
        making.queue(sheet)
    return sheet


def _same(sheet_id, ticket):
    found = ServiceSheet.objects.filter(pk=sheet_id).first()
    if found and found.ticket_id != ticket.pk:
        raise TicketError(_("This form has been sent already. Please begin anew."))
    return found


def _checked(work_en, work_zh, materials, minutes, cost, signed_name):
    values = {"work_en": cleaned(work_en), "work_zh": cleaned(work_zh), "materials": cleaned(materials)}
    if not (values["work_en"] or values["work_zh"]):
        raise TicketError(_("Please write what was done."))
    if any(len(text) > LONGEST for text in values.values()):
        raise TicketError(_("Please keep it short: 2,000 characters at most."))
    if not 1 <= minutes <= LONGEST_DAY:
        raise TicketError(_("Please give the time taken in minutes, a day at most."))
    if cost is not None and not 0 <= cost < TOO_LONG:
        raise TicketError(_("Please look at the cost again."))
    name = cleaned(signed_name)
    try:
        one_line(name)
    except ValidationError as error:
        raise TicketError(error.messages[0]) from error
    if not name or len(name) > ServiceSheet._meta.get_field("signed_name").max_length:
        raise TicketError(_("Please write the name of whoever signs."))
    return values | {"minutes": minutes, "cost": cost, "signed_name": name}


def make(sheet, *, clock):
    """Print it, unless another worker is at it. Running it twice prints it once."""
    lease = making.claim(sheet, at=clock())
    if lease is None:
        return
    rows = ServiceSheet.objects.select_related(
        "ticket__home__development", "ticket__home__building", "ticket__component__parent", "signature", "by"
    )
    sheet = rows.get(pk=sheet.pk)
    try:
        with pdf_ahead(_printed(sheet), name=str(sheet.pk), by=None) as file:
            found = making.held(sheet, lease)
            making.end(found, State.READY)
            found.pdf, found.ready_at = file, clock()
            found.save()
            record("made", found, by=None)
    except LostLeaseError:
        log.info("sheet_left", sheet=str(sheet.pk))
    except RenderError as error:
        log.error("sheet_not_printed", sheet=str(sheet.pk), why=str(error))
        making.let_go(sheet, lease)


def _printed(sheet):
    ticket, names = sheet.ticket, settings.COMPANY_NAME
    with private_storage().open(sheet.signature.file.name) as file:
        drawn = file.read()
    with translation.override(sheet.language), timezone.override(ticket.development.time_zone):
        context = {
            "sheet": sheet,
            "ticket": ticket,
            "company": {"name": names.get(sheet.language, names["en"]), "hotline": settings.COMPANY_HOTLINE},
        }
        html = render_to_string("pdf/service_sheet.html", context)
    return render_pdf(html, images={"signature": drawn}, at=sheet.as_of)


@transaction.atomic
def give_up(sheet, *, at):
    """After three attempts without a result: the page says so; what was signed stays in the portal."""
    found = ServiceSheet.objects.to_begin(at=at).select_for_update(of=("self",)).filter(pk=sheet.pk).first()
    if found:
        log.error("sheet_given_up", sheet=str(found.pk))
        making.end(found, State.FAILED)
        found.save()
        record("given up", found, by=None)


def newest_sheet(ticket):
    """The sheet that was signed last, or None."""
    return ServiceSheet.objects.filter(ticket=ticket).select_related("pdf").order_by("-signed_at", "-pk").first()
