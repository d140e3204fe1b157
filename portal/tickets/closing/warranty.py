"""Whether the warranty covers a ticket: judged by the terms when it is reported, overruled by staff with a reason."""

from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.events.actions import record
from portal.tickets.errors import OvertakenError, TicketError
from portal.tickets.locking import lock_ticket
from portal.tickets.models import Ticket
from portal.tickets.raising import cleaned
from progress.warranties.covering import Covered, covering
from progress.warranties.models import Term

from .models import WarrantyDecision

JUDGED = (Ticket.Kind.REPAIR, Ticket.Kind.COMPLAINT)


def decision_of(ticket):
    """The decision that counts, or None."""
    return ticket.warranty_decisions.select_related("term", "by").order_by("-number").first()


@transaction.atomic
def decide(ticket, *, by, at):
    """Judge by the terms, for the day on which it was reported, and keep the judgement. Returns it.

    Where it comes out as the last one did, that one stands; so does what staff have decided of the same component.
    """
    ticket = lock_ticket(ticket.pk)
    last = decision_of(ticket)
    if last and last.overruled and last.component_id == ticket.component_id:
        return last
    on = timezone.localdate(ticket.reported_at, ZoneInfo(ticket.development.time_zone))
    cover = covering(ticket.home, ticket.component, on=on)
    fresh = WarrantyDecision(
        covered=cover.covered,
        starts=cover.start,
        ends=cover.ends,
        term=cover.term,
        reason_en=cover.reason_en,
        reason_zh=cover.reason_zh,
        clause_en=cover.term.clause_en if cover.term else "",
        clause_zh=cover.term.clause_zh if cover.term else "",
        reported_on=on,
        by=by,
        at=at,
    )
    return last if last and _says_the_same(last, fresh, ticket) else _keep(fresh, ticket, last, by=by)


def _says_the_same(last, fresh, ticket):
    same = ("covered", "starts", "ends", "reported_on", "clause_en", "clause_zh")
    known = last.component_id == ticket.component_id and not last.overruled
    return known and all(getattr(last, name) == getattr(fresh, name) for name in same)


@transaction.atomic
def overrule(ticket, *, covered, reason_en="", reason_zh="", clause_en="", clause_zh="", term=None, seen=None, by, at):
    """Decide otherwise than the terms, or what they leave open. Owners read the reason, and the clause of a "no".

    `seen`: the number of the decision that was on the page; None: whichever. Without a clause, that of `term` or of
    the last decision stands. Raises TicketError without a reason, or without a clause for a "no", OvertakenError.
    """
    ticket = lock_ticket(ticket.pk)
    last = decision_of(ticket)
    if seen is not None and (last.number if last else 0) != seen:
        raise OvertakenError(_("Somebody has decided about the warranty in the meantime. Please look again."))
    reasons = {"reason_en": cleaned(reason_en), "reason_zh": cleaned(reason_zh)}
    if covered not in Covered.values:
        raise TicketError(_("Please choose one of the answers."))
    if not any(reasons.values()):
        raise TicketError(_("Please say why: owners read it."))
    if any(len(reason) > WarrantyDecision._meta.get_field("reason_en").max_length for reason in reasons.values()):
        raise TicketError(_("Please keep it short: 500 characters at most."))
    clauses = _clauses({"clause_en": cleaned(clause_en), "clause_zh": cleaned(clause_zh)}, term, last)
    if covered == Covered.NO and not any(clauses.values()):
        raise TicketError(_("Please name the clause by which it is not covered."))
    fresh = WarrantyDecision(
        covered=covered,
        starts=last.starts if last else None,
        ends=last.ends if last else None,
        term=term or (last.term if last else None),
        reported_on=timezone.localdate(ticket.reported_at, ZoneInfo(ticket.development.time_zone)),
        overruled=True,
        by=by,
        at=at,
        **reasons,
        **clauses,
    )
    return _keep(fresh, ticket, last, by=by)


def _clauses(written, term, last):
    if any(written.values()):
        return written
    source = term or last
    return {name: getattr(source, name) if source else "" for name in written}


def _keep(fresh, ticket, last, *, by):
    fresh.ticket, fresh.component = ticket, ticket.component
    fresh.number = last.number + 1 if last else 1
    fresh.save(force_insert=True)
    record("overruled" if fresh.overruled else "judged", fresh, by=by, home=ticket.home)
    return fresh


def clauses_for(ticket):
    """The terms whose clause may be named for a ticket: for choosing one when staff decide by hand."""
    terms = Term.objects.in_use()
    system = ticket.component.system if ticket.component else ""
    return terms.filter(system__in={system, ""}, component__in=[ticket.component_id, None]) if system else terms
