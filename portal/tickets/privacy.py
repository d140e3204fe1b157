"""What tickets hold about people: what they told us, what we answered, and who took care of it."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.files.actions import discard
from accounts.privacy.registry import Personal, declare
from accounts.privacy.ways import AS_LAW_ASKS, DELETED, REPLACED, WITH_ITS_ROW, Stays

from .models import Attachment, Counter, Duty, EmergencyWord, Message, Route, Step, Ticket, TicketWord

GONE = "—"  # in the place of their words
_why = _("to take care of what you told us, and to answer you")
_of_home = Stays(_("stays with the home, without your words: it shows what was done to it"))


def _messages_of(person):
    """What was said in their tickets, and by them in those of their household; never what colleagues noted."""
    return _said(person).filter(internal=False)


def _said(person):
    if person.owner is None:
        return Message.objects.none()
    return Message.objects.filter(Q(ticket__owner=person.owner) | Q(owner=person.owner))


def _sent_by(person):
    """The files they sent. What we photographed shows the home, and stays with it."""
    if person.owner is None:
        return Attachment.objects.none()
    theirs = Q(ticket__owner=person.owner, message=None) | Q(message__owner=person.owner)
    return Attachment.objects.filter(theirs, by_staff=False)


AMONG_STAFF = (Step.What.ASSIGNED, Step.What.ROUTED, Step.What.NOTED)  # why is for colleagues


def _steps_of(person):
    """What happened to their tickets, without what colleagues arranged among themselves, and why."""
    if person.owner is None:
        return Step.objects.none()
    return Step.objects.filter(ticket__owner=person.owner).exclude(what__in=AMONG_STAFF)


def _erase_tickets(person, *, by, at):
    if person.owner:
        Ticket.objects.filter(owner=person.owner).update(title=GONE, text=GONE, when_possible="")


def _erase_messages(person, *, by, at):
    """Notes go too: they are about them."""
    _said(person).update(text=GONE, quoted="")


def _erase_files(person, *, by, at):
    for attachment in _sent_by(person).select_related("file"):
        attachment.delete()
        discard(attachment.file)


declare(Counter, plain="id month last")
declare(Route, plain="id kind component touchpoint team priority")
declare(EmergencyWord, plain="id word")
declare(Duty, by="user", plain="id development starts ends")
declare(
    Ticket,
    of="owner",
    by="raised_by assignee resolved_by",
    heading=_("What you reported, asked and praised"),
    personal={
        "title text when_possible": Personal(_why, REPLACED),
        (
            "number home kind component channel by_staff language privacy priority state outcome reported_at "
            "resolved_at closed_at closed_how reopened subject_kind subject_id work_done_en work_done_zh"
        ): Personal(_why, _of_home, AS_LAW_ASKS),
    },
    plain=(
        "id development journey touchpoint sensitivity team merged_into state_before of_former unanswered_since due_at "
        "version"
    ),
    erase=_erase_tickets,
)
declare(
    Message,
    by="author owner",
    rows=_messages_of,
    heading=_("What was said about it"),
    personal={
        "text quoted": Personal(_why, REPLACED),
        "by_staff channel at": Personal(_why, _of_home, AS_LAW_ASKS),
    },
    plain="id ticket by_contractor internal",
    erase=_erase_messages,
)
declare(
    Attachment,
    rows=_sent_by,
    heading=_("Photos, videos and documents that you sent us"),
    files="file",
    personal={"file name": Personal(_why, REPLACED), "kind at": Personal(_why, REPLACED, WITH_ITS_ROW)},
    plain="id ticket message order internal by_staff",
    erase=_erase_files,
)
declare(
    Step,
    by="by",
    rows=_steps_of,
    heading=_("What happened to it, step by step"),
    personal={"what at reason_en reason_zh": Personal(_why, _of_home, AS_LAW_ASKS)},
    plain="id ticket seq data",
)
declare(
    TicketWord,
    of="ticket__owner",
    personal={
        "word": Personal(
            _("to find it again"), DELETED, WITH_ITS_ROW, withheld=_("these are the words of the ticket itself")
        )
    },
    plain="id ticket at",
)
