"""How updates appear on the owner's pages."""

import re

from django import template
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.ui.tags.marks import badge
from portal.ui.tags.photos import gallery

register = template.Library()


@register.filter
def first_paragraph(text):
    """The first paragraph of a LocalizedText."""
    return text.part(text.strip().partition("\n")[0].strip())


@register.filter
def first_sentence(text):
    """The first sentence of a LocalizedText, in either language's punctuation."""
    first = text.strip().partition("\n")[0]
    match = re.match(r".+?([.!?](?=\s|$)|[。！？])", first)
    return text.part(match.group() if match else first)


@register.filter
def photo_alt(photo):
    """What the photo shows, or at least what it belongs to."""
    return photo.caption or _("Photo %(number)s of “%(title)s”") % {
        "number": photo.order + 1,
        "title": photo.update.title,
    }


def as_shown(update, photo):
    """A photo as the tags `gallery` and `photo_page` take it."""
    photo.update = update  # no query for each alternative text
    return {
        "page_url": reverse("home:photo", args=[update.pk, photo.pk]),
        "thumb_url": reverse("home:photo-file", args=[photo.pk, "thumb"]),
        "large_url": reverse("home:photo-file", args=[photo.pk, "large"]),
        "alt": photo_alt(photo),
        "caption": photo.caption,
        "width": photo.file.width,
        "height": photo.file.height,
    }


@register.inclusion_tag("ui/parts/gallery.html")
def update_gallery(update, lead=False):
    """The photos of an update as a gallery."""
    photos = [as_shown(update, photo) for photo in update.photos.all()]
    return gallery(photos, lead=lead, more_url=reverse("home:update", args=[update.pk]))


@register.filter
def unread_badge(notice):
    """ "New", until the message was opened."""
    return "" if notice.read_at else badge(pgettext("a message", "New"), kind="mine")


@register.filter
def notice_lang(notice):
    """The language that a kept message was written in, for lang=""."""
    return "zh-Hans" if notice.language == "zh-hans" else "en"
