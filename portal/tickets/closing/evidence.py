"""What shows that something was repaired, and by whom."""

from portal.tickets.models import Attachment, Step
from progress.models import Assignment

from .models import ServiceSheet


def begun_at(ticket):
    """Since when the ticket is open this time: reported, or opened again."""
    last = ticket.steps.filter(what=Step.What.REOPENED).order_by("-seq").values_list("at", flat=True).first()
    return last or ticket.reported_at


def photos_of(ticket):
    """The photos that show the work to its owner: taken by us since the ticket was opened."""
    shown = Attachment.objects.public().filter(ticket=ticket, kind=Attachment.Kind.PHOTO, by_staff=True)
    return shown.filter(at__gte=begun_at(ticket)).exclude(file__state="refused").exclude(file__deleted_at__isnull=False)


def sheets_of(ticket):
    """The sheets that were signed since the ticket was opened."""
    return ServiceSheet.objects.filter(ticket=ticket, signed_at__gte=begun_at(ticket))


def is_shown(ticket):
    """Whether there is a photo or a signed sheet, so that it may be called fixed."""
    return photos_of(ticket).exists() or sheets_of(ticket).exists()


def repairers_of(ticket):
    """The ids of the Users who did the work: they never make the call about it.

    Who had a sheet signed; of whoever sent photos, was to look after the ticket or called it done, those who work in
    repairs. If that is nobody, whoever called it done.
    """
    signed = set(ServiceSheet.objects.filter(ticket=ticket).values_list("by", flat=True))
    photos = Attachment.objects.filter(ticket=ticket, by_staff=True).values_list("file__uploader", flat=True)
    resolved = set(ticket.resolutions.values_list("by", flat=True))
    near = {*photos, *resolved, ticket.assignee_id} - {None}
    repairs = Assignment.objects.filter(user__in=near, role=Assignment.Role.REPAIRS)
    return (signed | set(repairs.values_list("user", flat=True))) or resolved
