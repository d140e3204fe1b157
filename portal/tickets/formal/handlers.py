"""Who has had a part in a case, and so does not review a complaint about it."""

from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from portal.tickets.clocks.models import Pause
from portal.tickets.closing.models import Resolution, ServiceSheet, WarrantyDecision
from portal.tickets.errors import TicketError
from portal.tickets.jobs.models import Job
from portal.tickets.models import Attachment, Message, Ticket
from portal.tickets.models import Step as TicketStep
from portal.visits.models import Visit
from progress import scope
from progress.models import Assignment, Ownership

from .models import FormalComplaint

DOERS = (
    (Pause, ("asked_by", "ended_by")),
    (Resolution, ("by",)),
    (WarrantyDecision, ("by",)),
    (ServiceSheet, ("by",)),
    (Job, ("given_by", "contact")),
)


def handlers(ticket):
    """The ids of all colleagues who handled it, or one merged with it: were assigned, wrote, decided, did or came."""
    cases = _merged_with(ticket)
    found = set(Ticket.objects.filter(pk__in=cases).values_list("assignee", "resolved_by"))
    found = {pk for pair in found for pk in pair}
    steps = TicketStep.objects.filter(ticket__in=cases)
    found |= set(steps.exclude(by__in=household(ticket)).values_list("by", flat=True))
    found |= {_assigned(data) for data in steps.filter(what=TicketStep.What.ASSIGNED).values_list("data", flat=True)}
    found |= set(Message.objects.filter(ticket__in=cases, by_staff=True).values_list("author", flat=True))
    came = Visit.objects.filter(subject_kind=ticket._meta.label_lower, subject_id__in=[str(pk) for pk in cases])
    found |= set(came.values_list("person", flat=True))
    for model, names in DOERS:
        found |= {pk for row in model.objects.filter(ticket__in=cases).values_list(*names) for pk in row}
    photos = Attachment.objects.filter(ticket__in=cases, by_staff=True)
    found |= set(photos.values_list("file__uploader", flat=True))
    return found - {None}


def _merged_with(ticket):
    """The ids of the ticket, of those that became part of it, and of what it became part of, however many merges."""
    found, before = {ticket.pk, ticket.merged_into_id} - {None}, set()
    while found != before:
        before = found
        rows = Ticket.objects.filter(Q(pk__in=found) | Q(merged_into__in=found)).values_list("pk", "merged_into")
        found = found.union(*rows) - {None}
    return found


def _assigned(data):
    """The id of whoever a step of history gave the case to, or None."""
    return UUID(data["to"]) if data.get("to") else None


def household(ticket):
    """Whoever belongs to the home, or did: nobody judges their own complaint."""
    return Ownership.objects.filter(home=ticket.home_id, owner__user__isnull=False).values("owner__user")


def reviewers_for(complaint):
    """Supervisors and managers of the place who may see complaints and had no part in the case, by name."""
    roles = (Assignment.Role.SUPERVISOR, Assignment.Role.MANAGER)
    posts = Assignment.objects.live().filter(role__in=roles)
    here = posts.filter(development=None) | posts.filter(development=complaint.ticket.development_id)
    users = User.objects.filter(is_active=True, assignments__in=here).exclude(pk__in=handlers(complaint.ticket))
    users = users.exclude(pk__in=household(complaint.ticket))
    return [user for user in users.distinct().order_by("name", "pk") if scope.may_view(user, FormalComplaint)]


def check_reviewer(complaint, user):
    """Raises TicketError when this person handled the case, whatever became of it since, or belongs to the home."""
    if household(complaint.ticket).filter(owner__user=user).exists():
        raise TicketError(_("Whoever belongs to the home does not review the complaint. Please name somebody else."))
    if user.pk in handlers(complaint.ticket):
        raise TicketError(_("Whoever handled the case does not review the complaint. Please name somebody else."))
