"""What may happen on the complaints board: words prepared, the owner asked, published, taken down.

The ticket's row is the lock. Nothing is public without the owner's consent to these very words, and without a second
look of staff: whoever publishes has read them.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.events.actions import record
from accounts.notices.actions import tell
from cms import board
from portal.tickets.errors import TicketError
from portal.tickets.locking import lock_ticket
from portal.tickets.models import Ticket

from .models import TEXTS, Entry
from .naming import telling

State = Entry.State
OVER = (Ticket.State.RESOLVED, Ticket.State.CLOSED)


@transaction.atomic
def prepare(ticket, *, texts, by, at):
    """Write what is to stand on the board, and ask the owner. `texts`: {"title_en": …, "answer_zh": …}.

    New words ask anew, and take down what stood there. Raises TicketError when the case is not over, a text is missing
    in both languages, the owner has said no, or something in it says whose complaint it is.
    """
    ticket = lock_ticket(ticket.pk)
    _check_over(ticket)
    texts = {name: words.strip() for name, words in texts.items()}
    _check_texts(ticket, texts)
    entry = Entry.objects.filter(ticket=ticket).first() or Entry(ticket=ticket, version=0)
    if entry.state in {State.DECLINED, State.WITHDRAWN}:
        raise TicketError(_("The owner would rather not have it on the board. We don't ask again."))
    if entry.version and all(getattr(entry, name) == words for name, words in texts.items()):
        return entry
    was_public = entry.is_public
    for name, words in texts.items():
        setattr(entry, name, words)
    entry.version += 1
    entry.state, entry.prepared_by, entry.asked_at = State.ASKED, by, at
    entry.agreed_at = entry.agreed_version = entry.published_at = entry.published_by = None
    entry.save()
    record("asked", entry, by=by, home=ticket.home)
    tell([ticket.owner], "board-asked", entry, at=at, step=str(entry.version))
    if was_public:
        board.changed()
    return entry


def _check_over(ticket):
    if ticket.state not in OVER or ticket.outcome == Ticket.Outcome.WITHDRAWN:
        raise TicketError(_("A case goes onto the board once it is solved."))
    if ticket.owner is None or ticket.owner.erased_at:
        raise TicketError(_("There is nobody whom we could ask for consent."))


def _check_texts(ticket, texts):
    for name in TEXTS:
        if not (texts.get(f"{name}_en") or texts.get(f"{name}_zh")):
            raise TicketError(_("Please write title, complaint and answer in at least one language."))
    if found := telling(ticket, texts.values()):
        raise TicketError(_("This says whose complaint it is: %(words)s.") % {"words": ", ".join(found[:5])})


def _locked(entry):
    ticket = lock_ticket(entry.ticket_id)
    found = Entry.objects.select_related("prepared_by").get(pk=entry.pk)
    found.ticket = ticket
    return found


def _check_own(entry, by):
    if entry.ticket.owner is None or entry.ticket.owner.user_id != by.pk:
        raise TicketError(_("Only whoever raised the ticket decides about this."))


@transaction.atomic
def agree(entry, *, version, by, at):
    """The owner agrees to these very words. Said twice, it counts once. Raises TicketError when they changed."""
    entry = _locked(entry)
    _check_own(entry, by)
    if entry.version != version:
        raise TicketError(_("The words have changed in the meantime. Please read them again."))
    if entry.state in {State.AGREED, State.PUBLISHED}:
        return entry
    if entry.state != State.ASKED:
        raise TicketError(_("This is not asked any more."))
    entry.state, entry.agreed_at, entry.agreed_version = State.AGREED, at, version
    entry.save(update_fields=["state", "agreed_at", "agreed_version"])
    record("agreed", entry, by=by, home=entry.ticket.home)
    return entry


@transaction.atomic
def refuse(entry, *, by, at):
    """The owner says no, or takes consent back: it is gone from the public site, and nobody asks again."""
    entry = _locked(entry)
    _check_own(entry, by)
    return take_down(entry, by=by, at=at)


def take_down(entry, *, by, at):
    """Off the board for good. The caller holds the ticket's lock."""
    if entry.state in {State.DECLINED, State.WITHDRAWN}:
        return entry
    was_public = entry.is_public
    entry.state = State.DECLINED if entry.state == State.ASKED else State.WITHDRAWN
    entry.ended_at = at
    entry.save(update_fields=["state", "ended_at"])
    record("withdrew", entry, by=by, home=entry.ticket.home)
    if was_public:
        board.changed()
    return entry


@transaction.atomic
def publish(entry, *, by, at):
    """Put it on the board. Published already, it stays. Raises TicketError without consent to these very words."""
    entry = _locked(entry)
    if entry.is_public:
        return entry
    if entry.state != State.AGREED:
        raise TicketError(_("The owner has not agreed to these words."))
    _check_texts(
        entry.ticket, {f"{name}_{code}": getattr(entry, f"{name}_{code}") for name in TEXTS for code in ("en", "zh")}
    )
    entry.state, entry.published_at, entry.published_by = State.PUBLISHED, at, by
    entry.save(update_fields=["state", "published_at", "published_by"])
    record("published", entry, by=by, home=entry.ticket.home)
    board.changed()
    return entry
