"""The conversation of a ticket as the desk shows it: owners' words, our answers, our notes, and what was done."""

from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.languages import LocalizedText
from portal.tickets.models import Attachment

WRITING = frozenset({"wrote", "replied", "noted"})  # steps whose message stands there itself
KINDS = {"owner": "", "reply": "me", "note": "note", "contractor": "staff"}


@dataclass
class Entry:
    """One thing that was said or done. `kind`: owner, reply, note, contractor, step."""

    at: object
    kind: str
    who: str
    text: str = ""
    quoted: str = ""
    reason: str = ""
    photos: list = field(default_factory=list)
    files: list = field(default_factory=list)
    is_new: bool = False

    @property
    def side(self):
        """Whose message it is, as the look names it."""
        return KINDS[self.kind]


def conversation(ticket, *, seen_steps=None):
    """All entries in their order. Three queries.

    `seen_steps`: how many steps of the ticket the reader had before their eyes; what came since is marked.
    """
    held = _attachments(ticket)
    steps = list(ticket.steps.select_related("by").order_by("seq"))
    fresh = {step.data.get("message") for step in steps if seen_steps is not None and step.seq > seen_steps}
    first = Entry(ticket.reported_at, "owner", _name(ticket.owner), ticket.text, **_shown(held.get(None, ())))
    said = [_said(message, held, fresh) for message in ticket.messages.select_related("author", "owner")]
    done = [_done(step, seen_steps) for step in steps if step.what not in WRITING and step.what != "reported"]
    return [first, *sorted([*said, *done], key=lambda entry: entry.at)]


def _said(message, held, fresh):
    who = message.author if message.by_staff else message.owner or message.author
    entry = Entry(message.at, _kind(message), _name(who), message.text, message.quoted)
    entry.photos, entry.files = _shown(held.get(message.pk, ())).values()
    entry.is_new = str(message.pk) in fresh
    return entry


def _kind(message):
    if message.internal:
        return "note"
    if message.by_contractor:
        return "contractor"
    return "reply" if message.by_staff else "owner"


def _name(person):
    return person.name if person else _("the portal")


def _done(step, seen_steps):
    reason = LocalizedText.of(step, "reason")
    words = capfirst(step.get_what_display())
    return Entry(step.at, "step", _name(step.by), words, reason=reason, is_new=_is_fresh(step, seen_steps))


def _is_fresh(step, seen_steps):
    return seen_steps is not None and step.seq > seen_steps


def _attachments(ticket):
    """{id of the message, None for the ticket itself: its Attachments}"""
    found = {}
    for each in Attachment.objects.filter(ticket=ticket).select_related("file").order_by("order", "pk"):
        found.setdefault(each.message_id, []).append(each)
    return found


def _shown(attachments):
    """Photos for the gallery, and the others as (name, address, state)."""
    photos = [each for each in attachments if each.kind == Attachment.Kind.PHOTO and each.file.state == "clean"]
    others = [each for each in attachments if each not in photos]
    return {
        "photos": [_photo(each, number) for number, each in enumerate(photos, start=1)],
        "files": [(each.get_kind_display(), _address(each, "file"), each.file) for each in others],
    }


def _photo(attachment, number):
    large = _address(attachment, "large")
    return {
        "page_url": large,
        "thumb_url": _address(attachment, "thumb"),
        "large_url": large,
        "alt": _("Photo %(number)s") % {"number": number},
        "width": attachment.file.width,
        "height": attachment.file.height,
    }


def _address(attachment, variant):
    return reverse("desk_ticket:file", args=[attachment.pk, variant])
