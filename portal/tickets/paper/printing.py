"""What stands in a ticket's PDF: its facts, what happened and what was said in their order, its photos."""

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation

from accounts.files.models import private_storage
from accounts.files.rendering import render_pdf
from portal.tickets.models import Attachment, Step, Ticket

MOST_PHOTOS = 12
# What the conversation says by itself, or concerns nobody but staff.
SILENT = (Step.What.WROTE, Step.What.REPLIED, Step.What.NOTED)
OF_STAFF = (Step.What.ROUTED, Step.What.ASSIGNED, Step.What.CALLED)


def printed(paper):
    """The PDF of the ticket as it is now, in the language of the print."""
    ticket = Ticket.objects.with_place().select_related("assignee").get(pk=paper.ticket_id)
    photos = _photos(ticket, with_notes=paper.with_notes)
    with translation.override(paper.language), timezone.override(ticket.development.time_zone):
        names = settings.COMPANY_NAME
        context = {
            "ticket": ticket,
            "entries": _entries(ticket, with_notes=paper.with_notes),
            "photos": list(photos),
            "with_notes": paper.with_notes,
            "as_of": paper.as_of,
            "company": {"name": names.get(paper.language, names["en"]), "hotline": settings.COMPANY_HOTLINE},
        }
        html = render_to_string("pdf/ticket_story.html", context)
    return render_pdf(html, images=photos, at=paper.as_of)


def _entries(ticket, *, with_notes):
    """Messages and steps, the oldest first. Without notes: nothing that staff wrote or did among themselves."""
    messages = ticket.messages.select_related("author", "owner")
    steps = ticket.steps.exclude(what__in=SILENT).select_related("by")
    if not with_notes:
        messages, steps = messages.public(), steps.exclude(what__in=OF_STAFF)
    entries = [{"at": message.at, "message": message} for message in messages]
    entries += [{"at": step.at, "step": step} for step in steps]
    return sorted(entries, key=lambda entry: entry["at"])


def _photos(ticket, *, with_notes):
    """{name in the document: JPEG bytes} of those that are clean and there; videos show their first picture."""
    files = ticket.attachments.filter(kind__in=[Attachment.Kind.PHOTO, Attachment.Kind.VIDEO]).select_related("file")
    files = files if with_notes else files.public()
    found = {}
    for number, attachment in enumerate(files[:MOST_PHOTOS], start=1):
        file = attachment.file
        if file.deleted_at or not file.is_clean or (file.is_video and "large" not in file.variants):
            continue
        with private_storage().open(file.shown_as("large").name) as stored:
            found[f"p{number}"] = stored.read()
    return found
