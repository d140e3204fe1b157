"""Photos, short videos and documents of a ticket: stored at once, cleaned by the worker."""

from .models import Attachment

MOST = 10  # files of one message


def attach(ticket, files, *, message=None, by_staff=False, at):
    """Tie these PrivateFiles to a ticket, or to one message of it, in their order."""
    first = ticket.attachments.filter(message=message).count()
    return Attachment.objects.bulk_create(
        Attachment(
            ticket=ticket,
            message=message,
            file=file,
            kind=_kind_of(file),
            order=first + number,
            internal=bool(message and message.internal),
            by_staff=by_staff,
            at=at,
        )
        for number, file in enumerate(files)
    )


def _kind_of(file):
    if file.content_type.startswith("video/"):
        return Attachment.Kind.VIDEO
    return Attachment.Kind.PHOTO if file.content_type.startswith("image/") else Attachment.Kind.DOCUMENT
