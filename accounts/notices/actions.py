"""Telling people. Nothing is sent here: rows are written, and the worker delivers them after the commit."""

from django.db import transaction
from django_q.tasks import async_task

from accounts.events.actions import record
from accounts.models import Channel, Owner

from . import kinds, reasons
from .addresses import PEOPLE, address_of, model_of, with_addresses
from .models import Notice
from .moments import WAITING, until_digest
from .preferences import mode_for
from .topics import Mode

BATCH = 1000


@transaction.atomic
def tell(people, kind_code, subject, *, at, due=None, expires=None, step=""):
    """Write to each of `people` (Owners, Users, Invitations), once a channel of the kind, about `subject`.

    Joins the caller's transaction: rolled back with it. Said again with the same `step`, nothing changes.
    Nothing goes out before `due` (default: `at`) or after `expires`. Erased owners are left out. Whoever
    cannot be reached by mail gets a text message instead; where that fails too, a suppressed row says so. What a
    reader has switched off is suppressed, and what they want in a digest waits for it.

    Raises UnknownKindError.
    """
    kind, people = kinds.get(kind_code), with_addresses(people)
    notices = notices_of(people, kind, subject, at=at, due=due or at, expires=expires, step=step)
    Notice.objects.bulk_create(notices, batch_size=BATCH, ignore_conflicts=True)
    if notices and (due or at) <= at:
        queue_delivery()


def notices_of(people, kind, subject, *, at, due, expires=None, step=""):
    """The notices that tell `people`, fetched by `addresses.reachable`, not saved yet."""
    prefix = ":".join(part for part in (kind.code, str(subject.pk), step) if part)
    told = _Occasion(kind, subject, due=due, expires=expires)
    return [
        _notice(person, channel, prefix, told, at=at)
        for person in people
        if not _erased(person)
        for channel in _channels(person, kind)
    ]


def _channels(person, kind):
    for channel in kind.channels:
        instead = channel == Channel.EMAIL and Channel.SMS not in kind.channels
        if instead and by_text_alone(person) and mode_for(person, kind, channel) != Mode.OFF:
            channel = Channel.SMS
        yield channel


def by_text_alone(person):
    """Whether this Owner or User, fetched by `addresses.reachable`, can't be reached by mail, but by text message."""
    return bool(address_of(person, Channel.EMAIL)[1] and address_of(person, Channel.SMS)[0])


def queue_delivery():
    """Wake a worker, when the transaction commits."""
    async_task("accounts.notices.tasks.deliver_due")


def _erased(person):
    return isinstance(person, Owner) and person.erased_at is not None


class _Occasion:
    """What is told on one occasion, and until when whoever wants it in a digest waits: worked out once a mode."""

    def __init__(self, kind, subject, *, due, expires):
        self.kind, self.subject, self.due, self.expires = kind, subject, due, expires
        self.until = {Mode.NOW: None}

    def plan(self, mode):
        """(mode, moment, reason) of a message in this mode; what can't wait goes at once."""
        if mode not in self.until:
            self.until[mode] = until_digest(mode, self.kind, self.subject, after=self.due, expires=self.expires)
        moment = self.until[mode]
        return (mode, moment, WAITING[mode]) if moment else (Mode.NOW, self.due, "")


def _notice(person, channel, prefix, told, *, at):
    wanted = mode_for(person, told.kind, channel)
    missing = reasons.SWITCHED_OFF if wanted == Mode.OFF else address_of(person, channel)[1]
    mode, moment, reason = (Mode.NOW, told.due, missing) if missing else told.plan(wanted)
    return Notice(
        key=f"{prefix}:{person.pk}:{channel}",
        kind=told.kind.code,
        subject_kind=told.subject._meta.label_lower,
        subject_id=str(told.subject.pk),
        **{f"{PEOPLE[model_of(person)]}_id": person.pk},
        channel=channel,
        created_at=at,
        due_at=told.due,
        next_try_at=moment,
        expires_at=told.expires,
        mode=mode,
        state=Notice.State.SUPPRESSED if missing else Notice.State.QUEUED,
        reason=reason,
    )


def mark_read(notice, *, at):
    """Note that the reader has opened it; the first time counts."""
    if Notice.objects.filter(pk=notice.pk, read_at__isnull=True).update(read_at=at):
        notice.read_at = at


def mark_read_about(*subjects, user, at):
    """Whoever has opened the page that their messages tell of need not open these, too."""
    unread = Notice.objects.for_user(user).unread().filter(subject_id__in=[str(subject.pk) for subject in subjects])
    unread.filter(subject_kind__in={subject._meta.label_lower for subject in subjects}).update(read_at=at)


def link_of(notice):
    """The page that a kept message leads to, or "" once it no longer concerns its reader: sold, or gone."""
    if not notice.url:
        return ""
    try:
        kind = kinds.get(notice.kind)
    except kinds.UnknownKindError:
        return ""
    subject = kind.subjects().filter(pk=notice.subject_id).first()
    return notice.url if subject and kind.still_concerns(subject, notice.person) else ""


@transaction.atomic
def try_again(notice, *, by, at):
    """Queue anew what failed, came back or had no address, as when one has been corrected. Returns whether it had."""
    again = (
        Notice.objects.to_try_again()
        .filter(pk=notice.pk)
        .update(
            state=Notice.State.QUEUED,
            reason="",
            sent_at=None,
            returned_at=None,
            returned_reason="",
            claims=0,
            failures=0,
            due_at=at,
            next_try_at=at,
            lease=None,
        )
    )
    if again:
        gathered = notice.gathered.ended_with_their_digest()
        gathered.update(state=Notice.State.QUEUED, reason="", sent_at=None, next_try_at=at)
        record("tried again", notice, by=by)
        queue_delivery()
    return bool(again)


def hold_what_may_be_sent(*, at):
    """After a restore: what was due by now goes to nobody outside by itself, because it may have gone out before.

    It stands among the undelivered, where staff may send it. The inbox is restored too, so it repeats nothing.
    Returns how many are held.
    """
    outside = Notice.objects.filter(state=Notice.State.QUEUED, next_try_at__lte=at).exclude(channel=Channel.INBOX)
    return outside.update(state=Notice.State.FAILED, reason=reasons.RESTORED, lease=None, leased_until=None)
