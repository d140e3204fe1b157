"""What the mail provider hands over is written down and worked later: its webhook gets its answer at once.

Brought twice, it is one row. From one address, and to one that names a ticket, no more than MOST_TAKEN an hour are
worked; what comes then is held for
staff, and beyond MOST_KEPT only noted, without its content: a loop of a thousand costs a thousand short rows.
"""

from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from hashlib import sha256

from anymail.inbound import AnymailInboundMessage
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from django_q.tasks import async_task

from accounts.files.workbooks import workbook_ahead

from .addresses import is_ours, tag_of
from .headers import header, people
from .models import LONGEST_LINE, IncomingMail
from .reading import one_line, subject_of
from .stopping import looks_forged, sender_of, why_stopped

State, Why = IncomingMail.State, IncomingMail.Why
AN_HOUR = timedelta(hours=1)
MOST_TAKEN, MOST_KEPT = 20, 100  # from one address within an hour
LONGEST_STRIPPED = 20_000
RAW = "message/rfc822"


def heard(sender, event, esp_name, **kwargs):
    """anymail's signal `inbound`; what fails here is answered with 500, and the provider brings it again."""
    receive(event.message, at=timezone.now())


def receive(message, *, at):
    """Write down a message (anymail's) and wake a worker. Returns the new IncomingMail; None: it was here before."""
    raw = _bytes_of(message)
    mail = _row(message, raw, at=at)
    if IncomingMail.objects.filter(message_id=mail.message_id, recipient=mail.recipient).exists():
        return None
    _judge(mail, message, at=at)
    try:
        with _kept(raw, mail):
            mail.save(force_insert=True)
            if mail.state == State.RECEIVED:
                transaction.on_commit(partial(queue, mail))
    except IntegrityError:  # brought twice at the same moment
        return None
    return mail


def queue(mail):
    """Let the worker see to it."""
    async_task("portal.tickets.mail.tasks.take_in", str(mail.pk))


def _row(message, raw, *, at):
    name, address = sender_of(message)
    known_as = one_line(header(message, "Message-ID"))
    return IncomingMail(
        message_id=known_as[:LONGEST_LINE] or f"sha256:{sha256(raw).hexdigest()}",
        recipient=_recipient(message)[:LONGEST_LINE],
        sender=one_line(address)[:254],
        sender_name=one_line(name)[:150],
        subject=subject_of(message)[:LONGEST_LINE],
        stripped=(message.stripped_text or "").replace("\x00", "")[:LONGEST_STRIPPED],
        received_at=at,
    )


def _recipient(message):
    """Which of our addresses it was sent to: one that names a ticket before the plain one."""
    named = [message.envelope_recipient or ""]
    for name in ("To", "Cc", "Bcc"):
        named += [address for __, address in people(message, name)]
    ours = [one_line(each).lower() for each in named if is_ours(each)]
    return next((each for each in ours if tag_of(each)), settings.SERVICE_ADDRESS)


def _judge(mail, message, *, at):
    """What becomes of it for now."""
    lately = IncomingMail.objects.filter(received_at__gt=at - AN_HOUR)
    before = lately.filter(sender=mail.sender).count()
    if tag_of(mail.recipient):  # one that has leaked is written to from anywhere
        before = max(before, lately.filter(recipient=mail.recipient).count())
    if why := why_stopped(message):
        mail.state, mail.why = State.STOPPED, why
    elif before >= MOST_TAKEN:
        mail.state, mail.why = State.HELD if before < MOST_KEPT else State.STOPPED, Why.FLOOD
    elif looks_forged(message):
        mail.state, mail.why = State.TO_SORT, Why.FORGED
    mail.is_kept = before < MOST_KEPT


@contextmanager
def _kept(raw, mail):
    """The block is one transaction, in which the row has its bytes if they are kept; they were stored before it."""
    if not mail.is_kept:
        with transaction.atomic():
            yield
        return
    with workbook_ahead(ContentFile(raw, name="mail"), by=None, content_type=RAW) as file:
        mail.raw = file
        yield


def _bytes_of(message):
    """The message as it came, or, where Python can't write down again what it has read, its words alone."""
    try:
        return message.as_bytes()
    except Exception:
        bare = {"subject": subject_of(message), "text": message.text or "", "html": message.html or ""}
        return AnymailInboundMessage.construct(**bare).as_bytes()
