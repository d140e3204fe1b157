"""A ready sentence as it goes into the reply to one owner: in their language, about their ticket."""

from django.utils import timezone, translation

from portal.ui.dates import full_date
from portal.visits.models import Visit

from .variables import filled


def fill(macro, ticket, *, agent, company):
    """The text of `macro` for whoever raised `ticket`. `agent` writes it; `company`: the CompanySettings.

    What isn't known yet, such as the visit while none is booked, keeps its name in curly brackets.
    """
    language = ticket.owner.language if ticket.owner else ticket.language
    with translation.override(language), timezone.override(ticket.development.time_zone):
        values = {
            "owner": ticket.owner.name if ticket.owner else "",
            "home": str(ticket.home),
            "number": ticket.number,
            "title": ticket.title,
            "component": ticket.component.path if ticket.component else "",
            "agent": agent.name,
            "visit": _moment(next_visit(ticket)),
            "due": _moment(ticket.due_at),
            "hotline": company.phone,
            "company": company.name,
        }
        return filled(macro.text_in(language), values)


def next_visit(ticket):
    """When somebody comes because of this ticket, the next time; None while nothing is booked."""
    visits = Visit.objects.live().filter(subject_kind=ticket._meta.label_lower, subject_id=str(ticket.pk))
    return visits.order_by("starts").values_list("starts", flat=True).first()


def _moment(at):
    return full_date(at) if at else ""
