"""What a digest says: each of its messages that is still true, in a line or two with its link."""

from collections import defaultdict
from dataclasses import dataclass

import structlog
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import Channel, Owner, User

from . import kinds, reasons, topics
from .addresses import reachable
from .choosing import plan
from .digests import CODE
from .messages import Line, absolute, brief, language_of
from .models import Notice
from .preferences import mode_for
from .topics import Mode

log = structlog.get_logger(__name__)
State = Notice.State
SHOWN = 40  # the others stand in the inbox
MAX_FAILURES = 3


@dataclass(frozen=True)
class Entry:
    """One message as it stands in the digest."""

    notice: Notice
    topic: object
    title: Line
    lines: list
    url: str


@kinds.register(CODE)
class Digest(kinds.Kind):
    label = gettext_lazy("Summary of your messages")
    model = Notice
    channels = (Channel.EMAIL,)
    gathers = True
    template = "digest"
    action = gettext_lazy("See all your messages")
    why = gettext_lazy("You receive this summary because you chose one message a day or a week for some topics.")

    def freshen(self, digest, *, at):
        """Ask each gathered message anew, and end those that need no longer be said."""
        person = _person(digest)
        notices = list(digest.gathered.filter(state=State.QUEUED).order_by("created_at", "pk"))
        subjects = _subjects(notices, person)
        digest.entries = [entry for each in notices if (entry := _entry(each, person, subjects, at=at))]
        Notice.objects.bulk_update([entry.notice for entry in digest.entries], ["title", "text", "url", "language"])

    def still_true(self, digest):
        return bool(digest.entries)

    def title(self, digest):
        count = len(digest.entries)
        words = ngettext("Summary of %(day)s: %(count)d message", "Summary of %(day)s: %(count)d messages", count)
        return words % {"count": count, "day": date_format(timezone.localtime(digest.due_at), "DATE_FORMAT")}

    def context(self, digest):
        order = {topic: place for place, topic in enumerate(topics.ALL)}
        shown = sorted(digest.entries[:SHOWN], key=lambda entry: order.get(entry.topic, len(order)))
        return {"entries": shown, "more": max(0, len(digest.entries) - SHOWN)}

    def url(self, digest):
        return reverse("home:inbox")


def _person(digest):
    if digest.owner_id:
        return reachable(Owner.objects).get(pk=digest.owner_id)
    return reachable(User.objects).get(pk=digest.user_id)


def _subjects(notices, person):
    """{(kind, id): subject} of all that can be fetched."""
    wanted, found = defaultdict(set), {}
    for notice in notices:
        wanted[notice.kind].add(notice.subject_id)
    for code, pks in wanted.items():
        try:
            rows = kinds.get(code).subjects().in_bulk(pks)
        except Exception:  # of one id, perhaps: each of its notices then meets its own
            log.info("subjects_one_by_one", kind=code)
            rows = {}
        for pk, row in rows.items():
            row.addressees = [person]
            found[code, str(pk)] = row
    return found


def _entry(notice, person, subjects, *, at):
    """The Entry, or None: then the notice has ended, or waits for the next digest."""
    try:
        if reason := _ended(notice, person, subjects, at=at):
            _end(notice, *reason)
            return None
        return _written(notice, kinds.get(notice.kind), subjects[notice.kind, notice.subject_id], person)
    except Exception:  # a mistake in one kind keeps back none of the others
        log.exception("notice_not_written", notice=str(notice.pk), kind=notice.kind)
        _once_more(notice, at=at)
        return None


def _ended(notice, person, subjects, *, at):
    """(state, reason) of one that need not be said any more; None of the others."""
    if notice.expires_at and notice.expires_at <= at:
        return State.EXPIRED, reasons.TOO_LATE
    try:
        kind = kinds.get(notice.kind)
    except kinds.UnknownKindError:
        return State.FAILED, reasons.UNKNOWN_KIND
    subject = subjects.get((notice.kind, notice.subject_id)) or kind.subjects().filter(pk=notice.subject_id).first()
    subjects[notice.kind, notice.subject_id] = subject
    why_not = _why_not(kind, subject, person)
    return (State.SUPPRESSED, why_not) if why_not else None


def _why_not(kind, subject, person):
    if subject is None:
        return reasons.GONE
    if not kind.still_true(subject):
        return reasons.NOT_TRUE
    if not kind.still_concerns(subject, person):
        return reasons.NOT_CONCERNED
    if mode_for(person, kind, Channel.EMAIL) == Mode.OFF:
        return reasons.SWITCHED_OFF
    return ""


def _end(notice, state, reason):
    Notice.objects.filter(pk=notice.pk, state=State.QUEUED).update(state=state, reason=reason)


def _once_more(notice, *, at):
    """What could not be written now perhaps can be with the next digest; the third time it has failed."""
    failures = notice.failures + 1
    Notice.objects.filter(pk=notice.pk).update(failures=failures)
    if failures >= MAX_FAILURES:
        Notice.objects.filter(pk=notice.pk).update(digest=None)  # staff see it by itself
        _end(notice, State.FAILED, reasons.NOT_WRITTEN)
    else:
        plan(notice, notice.mode, at=at)


def _written(notice, kind, subject, person):
    language = language_of(person)
    title, paragraphs, lines, path = brief(kind, subject, language)
    notice.title, notice.url, notice.language = title.text, path, language
    notice.text = "\n\n".join(line.text for line in paragraphs)
    return Entry(notice, kind.topic, title, lines, absolute(path))
