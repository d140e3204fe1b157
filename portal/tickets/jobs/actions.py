"""What staff do with a job: hand it over, send its link, take it back, publish what the contractor said."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.events.actions import record
from accounts.models import Channel
from accounts.notices.actions import tell
from accounts.notices.guests import Guest
from accounts.sms import sms_available
from portal.tickets.locking import lock_ticket
from portal.tickets.models import Attachment

from .errors import JobError
from .models import WORKING, Job, JobFile

LONGEST_LIFE = timedelta(days=90)
MOST_LINKS = 20  # versions of one job's link


def ways_to(contractor):
    """{channel: address} of each way in which a link reaches them."""
    ways = {Channel.EMAIL: contractor.email, Channel.SMS: contractor.phone and contractor.phone.as_e164}
    return {way: to for way, to in ways.items() if to and (way != Channel.SMS or sms_available())}


@transaction.atomic
def give_job(*, job_id, ticket, contractor, contact, expires_at, task_en="", task_zh="", **how):
    """Hand `ticket` to `contractor`. The rest, by name: `photos` (Attachments of the ticket), `shows_owner`, `ways`
    (channels by which the link goes to them), `by`, `at`.

    Sent twice, it is one job. Raises JobError: the ticket is over, nothing is to be done, or the time is wrong.
    """
    by, at = how["by"], how["at"]
    ticket = lock_ticket(ticket.pk)
    if earlier := Job.objects.filter(pk=job_id).first():
        if earlier.ticket_id != ticket.pk:
            raise JobError(_("This form has been sent already. Please begin anew."))
        return earlier
    if ticket.state not in WORKING:
        raise JobError(_("This ticket is over: there is nothing to hand out any more."))
    if not (task_en.strip() or task_zh.strip()):
        raise JobError(_("Please say what is to be done, in at least one language."))
    _check_life(expires_at, at=at)
    job = Job.objects.create(
        pk=job_id,
        ticket=ticket,
        contractor=contractor,
        contact=contact,
        task_en=task_en.strip(),
        task_zh=task_zh.strip(),
        shows_owner=how.get("shows_owner", False),
        given_by=by,
        given_at=at,
        expires_at=expires_at,
    )
    _show_photos(job, how.get("photos", ()))
    record("given to a contractor", job, by=by, home=ticket.home)
    _tell(job, how.get("ways", ()), at=at)
    return job


def _check_life(expires_at, *, at):
    if not at < expires_at <= at + LONGEST_LIFE:
        raise JobError(_("Please let the link run out within the next 90 days."))


def _show_photos(job, attachments):
    theirs = Attachment.objects.filter(ticket=job.ticket, pk__in=[each.pk for each in attachments])
    photos = theirs.filter(kind=Attachment.Kind.PHOTO).order_by("order", "pk")
    JobFile.objects.bulk_create(JobFile(job=job, attachment=each, order=n) for n, each in enumerate(photos))


def _tell(job, ways, *, at):
    """Send the link as it is now, to the addresses of the contractor."""
    known = ways_to(job.contractor)
    for way in ways:
        if address := known.get(way):
            language = job.contractor.language
            guest = Guest.objects.create(channel=way, address=address, language=language, created_at=at)
            tell([guest], f"job-given-{way}", job, at=at, step=f"v{job.version}")


def locked(job):
    """The job as it is now, its ticket locked before it."""
    ticket = lock_ticket(job.ticket_id)
    fresh = Job.objects.select_for_update(of=("self",)).select_related("contractor").get(pk=job.pk)
    fresh.ticket = ticket
    return fresh


@transaction.atomic
def revoke_job(job, *, by, at):
    """The link opens nothing any more, at once. Said twice, nothing changes. Raises JobError when it is done."""
    job = locked(job)
    if job.state == Job.State.REVOKED:
        return job
    if job.state == Job.State.DONE:
        raise JobError(_("The contractor has reported it done. End the link instead."))
    job.state, job.version = Job.State.REVOKED, job.version + 1
    job.save(update_fields=["state", "version"])
    record("revoked", job, by=by, home=job.ticket.home)
    return job


@transaction.atomic
def renew_link(job, *, expires_at, ways=(), by, at):
    """Another link in place of the one before, which answers no more; what was taken back is given once more.

    Raises JobError.
    """
    job = locked(job)
    if job.ticket.state not in WORKING:
        raise JobError(_("This ticket is over: there is nothing to hand out any more."))
    if job.version >= MOST_LINKS:
        raise JobError(_("This job has had %(n)s links. Please hand it out anew.") % {"n": MOST_LINKS})
    _check_life(expires_at, at=at)
    if job.state == Job.State.REVOKED:
        job.state = Job.State.GIVEN
    job.version, job.expires_at = job.version + 1, expires_at
    job.save(update_fields=["state", "version", "expires_at"])
    record("renewed", job, by=by, home=job.ticket.home)
    _tell(job, ways, at=at)
    return job


@transaction.atomic
def end_link(job, *, by, at):
    """Of a job that is done: nobody looks at it by the link any more."""
    job = locked(job)
    if job.state == Job.State.DONE and at < job.expires_at:
        job.expires_at, job.version = at, job.version + 1
        job.save(update_fields=["expires_at", "version"])
        record("revoked", job, by=by, home=job.ticket.home)
    return job
