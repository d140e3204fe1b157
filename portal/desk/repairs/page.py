"""One job as the repairer needs it at the door: what was reported, what was done before, what has been said."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.tickets.clocks.showing import shown_first
from portal.tickets.models import Attachment, Message, Ticket
from progress.warranties.covering import covering

from .access import telephones
from .forms import NoteForm, PauseForm, PhotosForm, ReplyForm
from .rows import PRIORITY_TONES, place_of, visits_for

SHOWN_MESSAGES, SHOWN_REPAIRS = 5, 5
COVER_TONES = {"yes": "good", "no": "warning", "unclear": "info"}


def context_of(ticket, user, **forms):
    """What the page shows. `forms`: those that were refused, with what was written in them."""
    now, files = timezone.now(), _files(ticket)
    messages = list(ticket.messages.select_related("author", "owner").order_by("-at", "-pk")[:SHOWN_MESSAGES])
    return {
        "ticket": ticket,
        "place": place_of(ticket.home),
        "numbers": telephones(ticket, user),
        "clock": shown_first(ticket, now, staff=True),
        "tone": PRIORITY_TONES[ticket.priority],
        "visit": visits_for([ticket], user).get(str(ticket.pk)),
        "reported": _shown([each for each in files if each.message_id is None]),
        "ours": _shown([each for each in files if each.message_id and (each.by_staff or each.internal)]),
        "talk": [(message, _from(message)) for message in reversed(messages)],
        "more_talk": len(messages) == SHOWN_MESSAGES,
        "earlier": _earlier(ticket),
        "cover": _cover(ticket),
        "reply_form": ReplyForm(ticket=ticket),
        "note_form": NoteForm(ticket=ticket),
        "photos_form": PhotosForm(),
        "pause_form": PauseForm(),
        **forms,
    }


def _files(ticket):
    return list(Attachment.objects.filter(ticket=ticket).select_related("file"))


def _from(message: Message):
    """Whose message it is, as the look names it."""
    if message.internal:
        return "note"
    if message.by_contractor:
        return "staff"
    return "me" if message.by_staff else ""


def _earlier(ticket):
    """What was repaired before in the same component of this home, or anywhere where none is named."""
    repairs = Ticket.objects.repairs_of(ticket.home).exclude(pk=ticket.pk).select_related("component__parent")
    if ticket.component_id:
        repairs = repairs.filter(component=ticket.component_id)
    return list(repairs.order_by("-closed_at", "-pk")[:SHOWN_REPAIRS])


def _cover(ticket):
    """(what the warranty says of the component on the day of the report, its tone); None without a component."""
    if ticket.component is None:
        return None
    cover = covering(ticket.home, ticket.component, on=timezone.localtime(ticket.reported_at).date())
    return cover, COVER_TONES[cover.covered]


def _shown(files):
    """Photos for the gallery; videos and papers by their address; how many are still being prepared."""
    clean = [each for each in files if each.file.is_clean]
    photos = [each for each in clean if each.kind == Attachment.Kind.PHOTO]
    return {
        "photos": [_photo(each, number) for number, each in enumerate(photos, start=1)],
        "others": [(each.get_kind_display(), _address(each, "file")) for each in clean if each not in photos],
        "waiting": sum(each.file.state == "waiting" for each in files),
    }


def _photo(each, number):
    large = _address(each, "large")
    return {
        "page_url": large,
        "thumb_url": _address(each, "thumb"),
        "large_url": large,
        "alt": _("Photo %(number)s") % {"number": number},
        "width": each.file.width,
        "height": each.file.height,
    }


def _address(each, variant):
    return reverse("site:repair-file", args=[each.pk, variant])
