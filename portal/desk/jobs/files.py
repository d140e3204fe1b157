"""The files of a job on the desk: photos for the gallery, the others by their address, how many wait or failed."""

from django.urls import reverse
from django.utils.translation import gettext as _

from portal.tickets.models import Attachment


def shown(attachments):
    """{photos, others, waiting, refused}; nothing where there are none."""
    if not attachments:
        return {}
    clean = [each for each in attachments if each.file.is_clean]
    photos = [each for each in clean if each.kind == Attachment.Kind.PHOTO]
    return {
        "photos": [_photo(each, number) for number, each in enumerate(photos, start=1)],
        "others": [(each.get_kind_display(), _address(each, "file")) for each in clean if each not in photos],
        "waiting": sum(each.file.state == "waiting" for each in attachments),
        "refused": [each.file for each in attachments if each.file.state == "refused"],
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
    return reverse("desk_ticket:file", args=[each.pk, variant])
