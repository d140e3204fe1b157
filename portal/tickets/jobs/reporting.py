"""What contractors do by their link: send photos, say that it is done. All of it stays among staff until published."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.events.actions import record
from accounts.files.receiving import media_ahead
from accounts.notices.actions import tell
from portal.tickets.assigning import candidates
from portal.tickets.files import attach
from portal.tickets.models import Attachment, Message, Ticket
from portal.tickets.raising import cleaned
from portal.tickets.steps import take_step

from .actions import locked
from .errors import JobError
from .models import MOST_PHOTOS, Job, JobFile


def send_photos(job, *, message_id, photos, text="", version, at):
    """Put photos, and perhaps words, beside the ticket. `version`: of the link that the page was opened with.

    Sent twice, it is there once. Raises JobError when the link is worth nothing any more, or there are too many
    photos, and FileError.
    """
    if _said_before(job, message_id):
        return job
    if not (photos or text.strip()):
        raise JobError(_("Please choose at least one photo."))
    with media_ahead(photos, by=None) as files:
        job = _open(job, version=version, at=at)
        if _said_before(job, message_id):
            raise JobError(_("This has arrived already."))
        _say(job, message_id, text, files, at=at)
    return job


def finish_job(job, *, message_id, note, cost=None, photos=(), version, at):
    """Say that it is done, with what was done, and what it cost. Whoever they ask hears of it.

    Said twice by one form, it counts once; by another one, the first counts. Raises JobError and FileError.
    """
    if _said_before(job, message_id):
        return job
    with media_ahead(photos, by=None) as files:
        job = _open(job, version=version, at=at)
        job.message = _say(job, message_id, note, files, at=at)
        job.state, job.done_at, job.note, job.cost = Job.State.DONE, at, cleaned(note), cost
        job.save(update_fields=["state", "done_at", "note", "cost", "message"])
        record("done", job, by=None, home=job.ticket.home)
        tell(_whom(job), "job-done", job, at=at)
    return job


def _whom(job):
    """Whom they ask; has this colleague left, those who may look after the ticket."""
    sees = job.contact.is_active and Job.objects.for_user(job.contact).filter(pk=job.pk).exists()
    return [job.contact] if sees else candidates(job.ticket)


def _said_before(job, message_id):
    """Raises JobError for the id of what somebody else has said."""
    earlier = Message.objects.filter(pk=message_id).first()
    if earlier and not (earlier.by_contractor and earlier.ticket_id == job.ticket_id):
        raise JobError(_("This form has been sent already. Please begin anew."))
    return earlier is not None


def _open(job, *, version, at):
    """The job, locked. Raises JobError, in the contractor's words, when this link may not change it any more."""
    job = locked(job)
    standing = job.standing(at=at)
    if standing == "done":
        raise JobError(_("This job is reported done already: what was sent first counts."))
    if standing != "open" or version != job.version:
        raise JobError(_("This link is not good any more. Please ask whoever gave you the job."))
    return job


def _say(job, message_id, text, files, *, at):
    held = job.files.filter(by_contractor=True).count()
    if held + len(files) > MOST_PHOTOS:
        raise JobError(_("A job takes %(n)s photos. Please choose fewer.") % {"n": MOST_PHOTOS})
    message = Message.objects.create(
        pk=message_id, ticket=job.ticket, by_contractor=True, internal=True, text=cleaned(text), at=at
    )
    attached = attach(job.ticket, files, message=message, at=at)
    JobFile.objects.bulk_create(
        JobFile(job=job, attachment=each, by_contractor=True, order=order) for order, each in enumerate(attached, held)
    )
    take_step(job.ticket, "noted", by=None, at=at, message=str(message.pk), job=str(job.pk))
    return message


@transaction.atomic
def publish(job, *, by, at):
    """Let the owner read what the contractor said when it was done, and see those photos; `by` vouches for it.

    Said twice, nothing changes. Raises JobError when nothing was said yet.
    """
    job = locked(job)
    message = job.message
    if message is None:
        raise JobError(_("The contractor has not reported it done yet."))
    if not message.internal:
        return job
    message.internal = False
    message.save(update_fields=["internal"])
    Attachment.objects.filter(message=message).update(internal=False, by_staff=True)
    record("published", job, by=by, home=job.ticket.home)
    _answered(job.ticket, message, by=by, at=at)
    return job


def _answered(ticket, message, *, by, at):
    """What we publish is an answer of ours: whoever reported it hears of it."""
    ticket.state = Ticket.State.OPEN if ticket.state == Ticket.State.NEW else ticket.state
    ticket.unanswered_since = None
    ticket.version += 1
    ticket.save(update_fields=["state", "unanswered_since", "version"])
    take_step(ticket, "replied", by=by, at=at, message=str(message.pk))
    if ticket.owner:
        tell([ticket.owner], "ticket-reply", message, at=at)
