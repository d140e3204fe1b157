"""What became of a message, in plain words: the same for its reader and for staff."""

from dataclasses import dataclass

from django.db.models import Q, TextChoices
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from . import kinds
from .models import Notice
from .topics import Mode

State = Notice.State


class Outcome(TextChoices):
    WAITING = "waiting", pgettext_lazy("a message", "on its way")
    GATHERED = "gathered", pgettext_lazy("a message", "waits for a summary")
    SENT = "sent", pgettext_lazy("a message", "sent")
    READ = "read", pgettext_lazy("a message", "read in the portal")
    RETURNED = "returned", pgettext_lazy("a message", "came back")
    FAILED = "failed", pgettext_lazy("a message", "not delivered")
    NOT_SENT = "not-sent", pgettext_lazy("a message", "not sent")
    TOO_LATE = "too-late", pgettext_lazy("a message", "not sent: too late")


TONES = {
    Outcome.READ: "good",
    Outcome.RETURNED: "danger",
    Outcome.FAILED: "danger",
    Outcome.NOT_SENT: "warning",
    Outcome.TOO_LATE: "warning",
}
SENT = Q(state=State.SENT, returned_at=None)
ROWS = {
    Outcome.WAITING: Q(state=State.QUEUED, mode=Mode.NOW),
    Outcome.GATHERED: Q(state=State.QUEUED) & ~Q(mode=Mode.NOW),
    Outcome.SENT: SENT & Q(read_at=None),
    Outcome.READ: SENT & Q(read_at__isnull=False),
    Outcome.RETURNED: Q(returned_at__isnull=False),
    Outcome.FAILED: Q(state=State.FAILED, returned_at=None),
    Outcome.NOT_SENT: Q(state=State.SUPPRESSED, returned_at=None),
    Outcome.TOO_LATE: Q(state=State.EXPIRED, returned_at=None),
}


@dataclass(frozen=True)
class Told:
    """A message as it stands in a list of what somebody was told."""

    notice: Notice
    about: str
    outcome: Outcome
    details: list  # sentences

    @property
    def tone(self):
        return TONES.get(self.outcome, "")


def told(notice):
    """A notice with its outcome. Times are in the active zone."""
    outcome = outcome_of(notice)
    return Told(notice, about(notice), outcome, [line for line in _details(notice, outcome) if line])


def about(notice):
    """What it is about, in words; a kind that no longer exists keeps its code."""
    try:
        return str(kinds.get(notice.kind).label)
    except kinds.UnknownKindError:
        return notice.kind


def outcome_of(notice):
    """The Outcome of a notice: that it came back outweighs that it was sent."""
    if notice.returned_at:
        return Outcome.RETURNED
    if notice.state == State.QUEUED:
        return Outcome.WAITING if notice.mode == Mode.NOW else Outcome.GATHERED
    if notice.state == State.SENT:
        return Outcome.READ if notice.read_at else Outcome.SENT
    return {
        State.FAILED: Outcome.FAILED,
        State.SUPPRESSED: Outcome.NOT_SENT,
        State.EXPIRED: Outcome.TOO_LATE,
    }[notice.state]


def _details(notice, outcome):
    if notice.sent_at:
        yield _("Sent on %(time)s.") % {"time": _time(notice.sent_at)}
    if notice.read_at:
        yield _("Opened in the portal on %(time)s.") % {"time": _time(notice.read_at)}
    if outcome == Outcome.RETURNED:
        yield _("On %(time)s: %(reason)s.") % {"time": _time(notice.returned_at), "reason": notice.explanation}
    elif notice.reason:
        yield _("%(reason)s.") % {"reason": notice.explanation[:1].upper() + notice.explanation[1:]}
    if notice.state == State.QUEUED:
        yield _("It goes out from %(time)s on.") % {"time": _time(notice.next_try_at)}
    if notice.digest_id:
        yield _("It went with others in one message.") if notice.sent_at else ""


def _time(moment):
    return date_format(localtime(moment), "DATETIME_FORMAT")
