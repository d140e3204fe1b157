"""What the outbox holds about people."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.privacy.registry import Personal, declare
from accounts.privacy.ways import BLANKED, BY_TIME, DELETED, FOR_GOOD, After, Stays

from .models import Circular, Guest, Heartbeat, Notice, Preference

TEXT_KEPT = 180  # days
GUESTS_KEPT = 30


def _old_texts(*, at):
    return Notice.objects.filter(sent_at__lt=_after.before(at)).exclude(title="", text="")


def _forget(rows, *, at):
    rows.forget()


_after = After(TEXT_KEPT, rows=_old_texts, act=_forget)


def erase(person, *, by, at):
    """Nothing more goes out, and what was said is blanked; the rows stay, so that nothing is said twice."""
    theirs = Notice.objects.filter(pk__in=_of(person).values("pk"))
    theirs.filter(state=Notice.State.QUEUED).update(state=Notice.State.SUPPRESSED, lease=None)
    theirs.forget()
    theirs.update(reason="", returned_reason="")


def _of(person):
    found = Q(pk__in=[])
    if person.owner:
        found |= Q(owner=person.owner) | Q(invitation__owner=person.owner)
    if person.user:
        found |= Q(user=person.user) | Q(invitation__used_by=person.user)
    return Notice.objects.filter(found)


declare(
    Notice,
    of="owner user invitation__owner invitation__used_by",
    heading=_("Messages to you"),
    personal={
        "title text url": Personal(_("to show what we told you, and that we did"), BLANKED, _after),
        "reason returned_reason": Personal(_("to mend what keeps our messages from you"), BLANKED),
        "kind channel language sent_at read_at returned_at state": Personal(
            _("to tell you once, and not twice"), Stays(_("stays, without a word of what was said")), FOR_GOOD
        ),
    },
    plain=(
        "id key subject_kind subject_id created_at due_at next_try_at expires_at claims failures lease leased_until "
        "provider_id heard_at message_id mode digest guest"
    ),
    erase=erase,
)
declare(
    Preference,
    of="owner user",
    heading=_("How you want to hear of what"),
    personal={"topic channel mode": Personal(_("to write to you as you wish"), DELETED)},
    plain="id version",
)
declare(
    Circular,
    plain="id key kind subject_kind subject_id step at expires_at people told reached state claims lease leased_until",
)
declare(
    Guest,
    personal={
        "channel address language created_at": Personal(
            _("to confirm once to somebody who wrote to us that we have it"),
            BY_TIME,
            After(GUESTS_KEPT, since="created_at"),
            withheld=_("it belongs to no customer record"),
        )
    },
    plain="id",
)
declare(Heartbeat, plain="job at")
