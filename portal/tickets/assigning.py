"""Who looks after a ticket: one of its team at the development, who is there, with the fewest open ones."""

from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.notices.actions import tell
from portal.visits.models import Absence
from progress import scope
from progress.models import Assignment

from .errors import TicketError
from .locking import lock_ticket
from .models import Step, Ticket
from .states import check_version
from .steps import take_step


def candidates(ticket, *, role=None):
    """Those of the team (or of `role`) at the place who may see tickets, a QuerySet of logins."""
    here = Q(development=None) | Q(development=ticket.development_id)
    posts = Assignment.objects.live().filter(here, role=role or ticket.team)
    return User.objects.filter(is_active=True, assignments__in=posts).distinct()


def choose(ticket, *, at):
    """The colleague for a ticket: not absent that day, with the fewest open tickets, then the longest here; or None."""
    today = timezone.localdate(at, ZoneInfo(ticket.development.time_zone))
    away = Absence.objects.filter(first_day__lte=today, last_day__gte=today).values("person")
    load = Count("tickets", filter=Q(tickets__state__in=["new", "open", "paused"]), distinct=True)
    here = candidates(ticket).exclude(pk__in=away).annotate(load=load).order_by("load", "pk")
    return next((user for user in here if scope.may_view(user, Ticket)), None)


@transaction.atomic
def assign(ticket, *, to, reason, seen, by, at):
    """Give it to a colleague who works there, with a reason; `to` None: to nobody, it waits for its team.

    Raises OvertakenError when somebody changed it since version `seen`, TicketError without a reason, or when `to`
    left or does not work there.
    """
    ticket = lock_ticket(ticket.pk)
    check_version(ticket, seen)
    if not reason.strip():
        raise TicketError(_("Please say why."))
    if to is not None and not Ticket.objects.of_staff(to).filter(pk=ticket.pk).exists():
        raise TicketError(_("This colleague does not work there any more. Please choose somebody else."))
    return give(ticket, to=to, reason=reason.strip(), by=by, at=at)


def give(ticket, *, to, reason="", by, at):
    """The same for a ticket whose lock the caller holds. To whom it is already: nothing changes."""
    if ticket.assignee_id == (to and to.pk):
        return ticket
    ticket.assignee = to
    ticket.version += 1
    ticket.save(update_fields=["assignee", "version"])
    take_step(ticket, Step.What.ASSIGNED, by=by, at=at, reason_en=reason, to=str(to.pk) if to else "")
    if to is not None and to != by:
        tell([to], "ticket-assigned", ticket, at=at, step=str(ticket.version))
    return ticket
