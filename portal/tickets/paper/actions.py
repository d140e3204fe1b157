"""What may happen to a ticket as PDF: asked for, made, fetched for a week, thrown away."""

from datetime import timedelta

import structlog
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.events.actions import record
from accounts.files.rendering import RenderError, pdf_ahead
from portal.tickets.errors import TicketError
from portal.tickets.models import Ticket
from progress import scope
from progress.leaflets import making
from progress.leaflets.making import LostLeaseError

from .models import TicketPaper
from .printing import printed

MOST_A_DAY = 20
A_DAY = timedelta(days=1)

log = structlog.get_logger(__name__)
State = TicketPaper.State


def ask_paper(ticket, *, language, with_notes=False, by, at):
    """Have the ticket printed for `by`, who sees it. While it is being made, that print is returned.

    `with_notes`: what staff wrote among themselves as well. Raises TicketError for notes that they may not read, while
    another of theirs is being made, and for the twenty-first within a day.
    """
    if with_notes and not _works_there(ticket, by):
        raise TicketError(_("The internal notes are for staff."))
    theirs = TicketPaper.objects.filter(asked_by=by)
    if current := theirs.waiting().first():
        return _same(current, ticket, with_notes)
    if theirs.filter(asked_at__gt=at - A_DAY).count() >= MOST_A_DAY:
        raise TicketError(_("That is enough for one day. Please ask again tomorrow."))
    values = {"ticket": ticket, "language": language, "with_notes": with_notes}
    try:
        with transaction.atomic():
            paper = TicketPaper.objects.create(asked_by=by, asked_at=at, **values)
            record("asked for", paper, by=by, home=ticket.home)
            making.queue(paper)
    except IntegrityError:  # asked twice at the same moment
        return _same(theirs.waiting().get(), ticket, with_notes)
    return paper


def _works_there(ticket, user):
    return Ticket.objects.filter(scope.of_assigned(user, Ticket, "development"), pk=ticket.pk).exists()


def _same(current, ticket, with_notes):
    if (current.ticket_id, current.with_notes) != (ticket.pk, with_notes):
        raise TicketError(_("Another print of yours is being made. Please wait until it is ready."))
    return current


def make(paper, *, clock):
    """Print it, unless another worker is at it. Running it twice prints it once."""
    lease = making.claim(paper, at=clock())
    if lease is None:
        return
    paper = TicketPaper.objects.select_related("asked_by").get(pk=paper.pk)
    visible = TicketPaper.objects.for_user(paper.asked_by).filter(pk=paper.pk).exists()
    try:
        if not visible:  # moved out, or works elsewhere, meanwhile
            making.drop(paper, lease)
            return
        _finish(paper, lease, printed(paper), at=clock())
    except LostLeaseError:
        log.info("ticket_paper_left", paper=str(paper.pk))
    except RenderError as error:
        log.error("ticket_paper_not_printed", paper=str(paper.pk), why=str(error))
        making.let_go(paper, lease)


def _finish(paper, lease, pdf, *, at):
    """The file's row and the print's come together, or not at all; the one before goes."""
    with pdf_ahead(pdf, name="ticket", by=None) as file:
        found = making.held(paper, lease)
        same = {"asked_by": found.asked_by_id, "ticket": found.ticket_id, "with_notes": found.with_notes}
        making.forget(TicketPaper.objects.filter(state=State.READY, **same), at=at)
        making.end(found, State.READY)
        found.file, found.ready_at = file, at
        found.save()
        record("made", found, by=None)


@transaction.atomic
def give_up(paper, *, at):
    """After three attempts without a result: the page says so."""
    found = TicketPaper.objects.to_begin(at=at).select_for_update(of=("self",)).filter(pk=paper.pk).first()
    if found:
        log.error("ticket_paper_given_up", paper=str(found.pk))
        making.end(found, State.FAILED)
        found.save()
        record("given up", found, by=None)
