"""Delivering what is due, with several workers, any of which may be killed at any point.

A worker leases a batch with a token nobody else has, then takes the notices one by one: the claim is counted
in the row before anything is tried, and the result is written under the same token before anything else is begun
(that of one message and the claim of the next in one statement: book.py). A worker that dies leaves
one claim without a result and a lease that runs out; the notices of its batch that it had not begun lose
nothing. Three claims without a result make a dead letter, so that what kills workers does not kill them all.
"""

import uuid
from collections import defaultdict, deque
from datetime import timedelta
from functools import partial

import structlog
from django.db import transaction
from django.db.models import Prefetch

from accounts.models import Channel, Owner, User

from . import kinds, reasons
from .addresses import PEOPLE, address_of, reachable, suppress
from .book import Book
from .channels import NoAnswerError, RefusedError, TryLaterError, UnreachableError, open_channels
from .instead import tell_by_text_instead
from .messages import compose, message_id
from .models import Notice
from .preferences import mode_for
from .quiet import night_ends
from .topics import Mode

log = structlog.get_logger(__name__)
State = Notice.State

BATCH = 100
LEASE = timedelta(minutes=4)  # longer than the worker's timeout: whoever held it is certainly gone
BUDGET = timedelta(seconds=30)  # of one task; far below the worker's timeout, for a server that answers slowly
MAX_CLAIMS = 3
PAUSES = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240)]
PAUSES_UNANSWERED = [timedelta(minutes=15), timedelta(hours=1)]  # an outage of an hour is no dead letter
GIVE_UP = timedelta(days=3)


class EndedError(Exception):
    """This notice will not be sent: it ends in `state` for `reason`."""

    def __init__(self, state, reason):
        super().__init__(reason)
        self.state, self.reason = state, reason


class NightError(Exception):
    """Not before `until`."""

    def __init__(self, until):
        super().__init__(until)
        self.until = until


def deliver(*, clock):
    """Deliver what is due, oldest first, for about half a minute. `clock()` is the time.

    Returns whether something due is left. A channel on which nobody answers is left for the next run.
    """
    ends, down, channels = clock() + BUDGET, set(), open_channels()
    try:
        while clock() < ends:
            lease = _take(at=clock(), without=down)
            if lease is None:
                return False
            _deliver_batch(lease, channels, clock=clock, ends=ends, down=down)
    finally:
        for channel in channels.values():
            channel.close()
    return Notice.objects.due(at=clock()).exclude(channel__in=down).exists()


def _take(*, at, without):
    """Lease the next batch. Returns the token, or None when nothing is due."""
    lease = uuid.uuid4()
    with transaction.atomic():
        due = Notice.objects.due(at=at).exclude(channel__in=without)
        # Locked rows are another worker's. SQLite has no row locks and one writer at a time instead.
        pks = list(due.select_for_update(skip_locked=True).values_list("pk", flat=True)[:BATCH])
        taken = Notice.objects.due(at=at).filter(pk__in=pks).update(lease=lease, leased_until=at + LEASE)
    return lease if taken else None


def _give_back(lease, notices):
    """Let go of what was not begun."""
    Notice.objects.leased(lease).filter(pk__in=[notice.pk for notice in notices]).update(lease=None, leased_until=None)


def _deliver_batch(lease, channels, *, clock, ends, down):
    notices, book = _held(lease), Book(lease)
    subjects, waiting = _subjects(notices), deque(notices)
    try:
        while waiting and clock() < ends:
            notice = waiting.popleft()
            if notice.channel in down:
                book.write()
                _try_later(notice, reasons.UNREACHABLE, at=clock())
            else:
                _deliver(notice, subjects[notice.kind], channels.get(notice.channel), book, clock=clock, down=down)
    finally:
        book.write()
        _give_back(lease, waiting)


def _held(lease):
    """The notices under the lease, with all that is needed to know whom they reach where."""
    people = [Prefetch(field, reachable(model.objects)) for model, field in PEOPLE.items()]
    return list(Notice.objects.leased(lease).order_by("next_try_at", "pk").prefetch_related(*people))


def _subjects(notices):
    """For each kind, a function from id to subject (None: gone) that raises what went wrong in fetching them."""
    people = defaultdict(lambda: defaultdict(list))
    for notice in notices:
        people[notice.kind][notice.subject_id].append(notice.person)
    return {code: _finder(code, addressees) for code, addressees in people.items()}


def _finder(code, addressees):
    try:
        rows = {str(pk): row for pk, row in kinds.get(code).subjects().in_bulk(addressees).items()}
    except Exception:  # of one id, perhaps: each notice then meets its own
        return partial(_find_one, code)
    for pk, row in rows.items():
        row.addressees = addressees[pk]
    return rows.get


def _find_one(code, subject_id):
    return kinds.get(code).subjects().filter(pk=subject_id).first()


def _deliver(notice, find_subject, channel, book, *, clock, down):
    """Bring one notice to a result. Never raises; adds its channel to `down` if nobody answers there."""
    try:
        _attempt(notice, find_subject, channel, book, clock=clock)
    except NoAnswerError as error:
        down.add(notice.channel)
        _wait_unanswered(notice, str(error), at=clock())
    except UnreachableError as error:
        down.add(notice.channel)
        _try_later(notice, str(error), at=clock())
    except TryLaterError as error:
        _try_later(notice, str(error), at=clock())
    except EndedError as end:
        _finish(notice, state=end.state, reason=end.reason)
    except NightError as night:
        _postpone(notice, reasons.QUIET_HOURS, until=night.until)
    except Exception:
        # The claim stays, and the lease: whether it was sent is not known, and it must not be tried at once.
        log.exception("notice_without_result", notice=str(notice.pk))


def _attempt(notice, find_subject, channel, book, *, clock):
    if notice.claims >= MAX_CLAIMS:
        book.write()
        raise EndedError(State.FAILED, reasons.DEAD_LETTER)
    notice.message_id = notice.message_id or message_id(notice)
    if not book.claim(notice):
        return
    address = ""
    try:
        message, address = _prepare(notice, find_subject, at=clock())
        taken = channel.send(notice, message, address)
    except (EndedError, NightError, TryLaterError):
        raise
    except RefusedError as refused:
        _refuse(notice, address, refused, at=clock())
    except Exception as error:
        log.exception("notice_not_written", notice=str(notice.pk), kind=notice.kind)
        raise TryLaterError(reasons.joined(reasons.NOT_WRITTEN, type(error).__name__)) from error
    else:
        book.note_sent(notice, sent_at=clock(), reason="", provider_id=taken or "", **message.kept())


def _prepare(notice, find_subject, *, at):
    """(message, address). Raises EndedError when it need not be sent, NightError when it must wait."""
    if notice.expires_at and notice.expires_at <= at:
        raise EndedError(State.EXPIRED, reasons.TOO_LATE)
    _check_person(notice.person)
    try:
        kind, subject = kinds.get(notice.kind), find_subject(notice.subject_id)
    except kinds.UnknownKindError:
        raise EndedError(State.FAILED, reasons.UNKNOWN_KIND) from None
    if subject is not None:
        kind.freshen(subject, at=at)
    _check_subject(notice, kind, subject)
    address, missing = address_of(notice.person, notice.channel)
    if missing:
        raise EndedError(State.SUPPRESSED, missing)
    by_day_only = notice.channel == Channel.SMS and not kind.cannot_wait(subject, at=at)
    if by_day_only and (morning := night_ends(at=at, zone=kind.zone(subject))):
        raise NightError(morning)
    return compose(notice, kind, subject), address


def _check_person(person):
    if isinstance(person, Owner) and person.erased_at:
        raise EndedError(State.SUPPRESSED, reasons.ERASED)
    if isinstance(person, User) and not person.is_active:
        raise EndedError(State.SUPPRESSED, reasons.INACTIVE)


def _check_subject(notice, kind, subject):
    if subject is None:
        raise EndedError(State.SUPPRESSED, reasons.GONE)
    if not kind.still_true(subject):
        raise EndedError(State.SUPPRESSED, reasons.NOT_TRUE)
    if not kind.still_concerns(subject, notice.person):
        raise EndedError(State.SUPPRESSED, reasons.NOT_CONCERNED)
    if mode_for(notice.person, kind, notice.channel) == Mode.OFF:
        raise EndedError(State.SUPPRESSED, reasons.SWITCHED_OFF)


def _finish(notice, **fields):
    """Write the result under the lease, and let go of it."""
    written = Notice.objects.leased(notice.lease).filter(pk=notice.pk)
    if not written.update(lease=None, leased_until=None, **fields):
        # It took longer than its lease, and may have gone out twice.
        log.error("notice_lease_lost", notice=str(notice.pk))
    elif fields.get("state") == State.FAILED:
        log.error("notice_failed", notice=str(notice.pk), why=fields["reason"])


def _postpone(notice, reason, *, until, failures=0):
    """Wait until `until`, or until it expires. The attempt has a result, so its claim is taken back."""
    if notice.expires_at:
        until = min(until, notice.expires_at)
    _finish(notice, next_try_at=until, reason=reason, claims=notice.claims, failures=notice.failures + failures)


def _try_later(notice, reason, *, at):
    """Pause, longer each time; give up after three days of trying."""
    if notice.failures >= len(PAUSES) and at - notice.due_at >= GIVE_UP:
        _finish(notice, state=State.FAILED, reason=reasons.joined(reasons.GIVEN_UP, reason))
        return
    _postpone(notice, reason, until=at + PAUSES[min(notice.failures, len(PAUSES) - 1)], failures=1)


def _wait_unanswered(notice, reason, *, at):
    """It may have arrived: the claim stays counted, so that the third such attempt is the last."""
    pause = PAUSES_UNANSWERED[min(notice.claims, len(PAUSES_UNANSWERED) - 1)]
    _finish(notice, next_try_at=at + pause, reason=reason, failures=notice.failures + 1)


def _refuse(notice, address, refused, *, at):
    with transaction.atomic():
        _finish(notice, state=State.FAILED, reason=str(refused))
        if refused.address_at_fault:
            suppress(notice.person, notice.channel, address, reason=str(refused), at=at)
            tell_by_text_instead(notice, at=at)
