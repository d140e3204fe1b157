"""Finding tickets by what stands in them, in Chinese and in English: for the staff alone, since notes count too.

Each word that a ticket holds is one row with the ticket's moment. A search walks the rows of its rarest word, newest
first, and looks whether the others are there as well; it looks through so many rows a page and no more, so that it
takes as long with a hundred thousand tickets as with a tenth of them.
"""

import re
from dataclasses import dataclass, field

from django.db import connection
from django.db.models import Exists, OuterRef, Q

from cms.search.words import asked, indexed

from .following import follows
from .models import Message, TicketWord

LONGEST = 16  # characters of a word that are kept and compared
COUNTED = 1000  # rows of a word up to which it is counted: above, each is as common as the other
LOOKED_THROUGH = 1000  # rows of the rarest word that one page looks through
_NUMBER = re.compile(r"^\s*t?-?\s*(\d{4})\s*-?\s*(\d{1,6})\s*$", re.IGNORECASE)


def words_in(*texts):
    """What is kept of these texts: each word and pair of characters once, cut to sixteen characters."""
    return {word[:LONGEST] for text in texts for word in indexed(text).split()}


def index(ticket, *texts):
    """Note that `ticket` holds the words of these texts. Those that it held already are noted once."""
    rows = [TicketWord(word=word, ticket=ticket, at=ticket.reported_at) for word in sorted(words_in(*texts))]
    TicketWord.objects.bulk_create(rows, ignore_conflicts=True)


def index_whole(ticket):
    """The words of a ticket and of all that was written about it, anew: after something in it was erased."""
    TicketWord.objects.filter(ticket=ticket).delete()
    index(ticket, ticket.number, ticket.title, ticket.text, *ticket.messages.values_list("text", flat=True))


@follows
def note_words(ticket, step, *, by, at):
    """What a step brought is found from now on: the ticket itself, or the message that the step names."""
    if step.what == "reported":
        index(ticket, ticket.number, ticket.title, ticket.text)
    message_id = step.data.get("message")
    if message_id:
        text = Message.objects.filter(pk=message_id, ticket=ticket).values_list("text", flat=True).first()
        index(ticket, text or "")


def number_in(question):
    """The number of a ticket, T-2611-0042, that is all of the question, however it was typed; "" for others."""
    found = _NUMBER.match(question)
    return f"T-{found[1]}-{found[2].zfill(4)}" if found else ""


@dataclass
class Found:
    """One page of a search. `further`: the (moment, id) from which to look on; None at the end."""

    tickets: list = field(default_factory=list)
    further: tuple | None = None


def search(question, tickets, *, size, after=None):
    """The newest of `tickets` (a QuerySet) that hold each word of `question`. Three queries, whatever there is.

    `after`: where the page before said to look on. A page may hold fewer than `size`, or none, and still be followed by
    another: it has looked through as many as it looks through.
    """
    words = [word[:LONGEST] for word in asked(question)]
    if not words:
        return Found()
    rarest, *others = by_rarity(words)
    rows = _before(TicketWord.objects.filter(word=rarest), after).order_by("-at", "-ticket_id")
    places = list(rows.annotate(**_holding(others)).values_list("at", "ticket_id", *_names(others))[:LOOKED_THROUGH])
    holding = [pk for _at, pk, *held in places if all(held)]
    found = list(tickets.filter(pk__in=holding).order_by("-reported_at", "-pk")[: size + 1])
    if len(found) > size:
        return Found(found[:size], (found[size - 1].reported_at, found[size - 1].pk))
    return Found(found, places[-1][:2] if len(places) == LOOKED_THROUGH else None)


def _names(words):
    return [f"holds_{number}" for number, _word in enumerate(words)]


def _holding(words):
    """For each of the other words whether the ticket of a row holds it, found by its key."""
    same = {"at": OuterRef("at"), "ticket": OuterRef("ticket")}
    rows = (TicketWord.objects.filter(word=word, **same) for word in words)
    return dict(zip(_names(words), map(Exists, rows), strict=True))


def _before(rows, after):
    """Those that come after the row (moment, id) in a list that begins with the newest."""
    if after is None:
        return rows
    at, pk = after
    return rows.filter(at__lte=at).filter(Q(at__lt=at) | Q(ticket__lt=pk))


def by_rarity(words):
    """The words, the rarest first. One query, which counts each word's rows up to a limit."""
    if len(words) == 1:
        return words
    table, quote = TicketWord._meta.db_table, connection.ops.quote_name
    counted = f"(SELECT COUNT(*) FROM (SELECT 1 FROM {quote(table)} WHERE word = %s LIMIT {COUNTED}) AS rows_of_word)"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join([counted] * len(words))}", words)
        counts = dict(zip(words, cursor.fetchone(), strict=True))
    return sorted(words, key=counts.get)
