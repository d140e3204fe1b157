"""What was said about a ticket and what happened to it, as its people read it: never a word that staff keep."""

from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from accounts.languages import LocalizedText
from portal.tickets.models import Attachment, Step

What = Step.What
HAPPENED = {  # steps that the household reads of; the others say nothing to them, or stand there as a message
    What.PAUSED: ("clock", gettext_lazy("It waits, as was agreed.")),
    What.RESUMED: ("clock", gettext_lazy("It goes on.")),
    What.POSTPONED: ("calendar", gettext_lazy("There is a new date.")),
    What.RESOLVED: ("check", gettext_lazy("Done, as we see it.")),
    What.CONFIRMED: ("check", gettext_lazy("Confirmed. Thank you.")),
    What.LAPSED: ("clock", gettext_lazy("Closed, since we heard nothing for seven days.")),
    What.REOPENED: ("undo", gettext_lazy("Open again.")),
    What.WITHDRAWN: ("close", gettext_lazy("Withdrawn.")),
    What.UNMERGED: ("undo", gettext_lazy("It stands by itself again.")),
}


@dataclass
class Entry:
    """One thing that was said or that happened. `side`: me, staff, "" for others of the household.

    What happened has an `icon`.
    """

    at: object
    side: str
    who: str
    text: str = ""
    icon: str = ""
    quoted: str = ""
    reason: str = ""
    photos: list = field(default_factory=list)
    files: list = field(default_factory=list)


def talk_of(ticket, user):
    """All entries in their order; three queries."""
    held = _attachments(ticket)
    mine = ticket.owner is not None and ticket.owner.user_id == user.pk
    side, who = ("me", _you()) if mine else ("", _name(ticket.owner))
    first = Entry(ticket.reported_at, side, who, ticket.text, **held.get(None, _nothing()))
    messages = ticket.messages.public().select_related("author", "owner")
    said = [_said(message, held, user) for message in messages]
    done = [_done(step) for step in ticket.steps.filter(what__in=list(HAPPENED)).order_by("seq")]
    return [first, *sorted([*done, *said], key=lambda entry: entry.at)]


def _you():
    return pgettext("in a conversation", "You")


def _name(person):
    return person.name if person and person.name else ""


def _said(message, held, user):
    author = message.author or (message.owner and message.owner.user)
    if message.by_staff or message.by_contractor:
        side, who = "staff", _name(message.author)
    else:
        side, who = ("me", _you()) if author == user else ("", _name(message.owner or message.author))
    given = held.get(message.pk, _nothing())
    return Entry(message.at, side, who, message.text, quoted=message.quoted, **given)


def _done(step):
    icon, words = HAPPENED[step.what]
    return Entry(step.at, "", "", str(words), icon=icon, reason=LocalizedText.of(step, "reason"))


def _nothing():
    return {"photos": [], "files": []}


def _attachments(ticket):
    """{id of the message, None for the ticket itself: photos and files as an Entry has them}"""
    found = {}
    rows = Attachment.objects.public().filter(ticket=ticket).select_related("file").order_by("at", "order", "pk")
    number = 0
    for each in rows:
        shown = found.setdefault(each.message_id, _nothing())
        if each.kind == Attachment.Kind.PHOTO and each.file.is_clean:
            number += 1
            shown["photos"].append(_photo(each, number))
        else:
            shown["files"].append(each)
    return found


def _photo(attachment, number):
    thumb, large = (reverse("home:ticket-file", args=[attachment.pk, variant]) for variant in ("thumb", "large"))
    alt = _("Photo %(number)s of us") if attachment.by_staff else _("Photo %(number)s")
    return {
        "page_url": large,
        "thumb_url": thumb,
        "large_url": large,
        "alt": alt % {"number": number},
        "width": attachment.file.width,
        "height": attachment.file.height,
    }
