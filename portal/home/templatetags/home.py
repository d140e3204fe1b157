"""How updates appear on the owner's pages."""

import re

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.home.evidence import as_photo
from portal.ui.markup import element, join
from portal.ui.tags.marks import HAN, badge
from portal.ui.tags.photos import gallery
from portal.ui.tags.texts import PARAGRAPHS, lines

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
def unbroken(day):
    """A day that stays in one line."""
    return format_html('<span class="num">{}</span>', day)


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
    return gallery(photos, lead=lead or len(photos) == 3, more_url=reverse("home:update", args=[update.pk]))


@register.filter
def unread_badge(notice):
    """ "New", until the message was opened."""
    return "" if notice.read_at else badge(pgettext("a message", "New"), kind="mine")


@register.simple_tag
def promise_badge(promise):
    """How it stands, in a word; a miss is told as what it is."""
    tones = {
        "kept": ("good", "check"),
        "late": ("warning", "clock"),
        "missed": ("warning", "clock"),
        "booked": ("info", ""),
    }
    tone, icon = tones.get(promise.state, ("quiet", ""))
    return badge(capfirst(promise.get_state_display()), tone=tone, icon=icon)


def lang_of(words):
    """For lang="": a kept message may quote a text that exists in the other language only."""
    return "zh-Hans" if 3 * len(HAN.findall(words)) > len(words) else "en"


@register.filter
def in_its_language(words):
    """A line that was written down without its language."""
    return element("span", words, lang=lang_of(words))


@register.filter
def paragraphs_in_their_languages(text):
    """The paragraphs of a kept message."""
    return join(*(element("p", lines(part), lang=lang_of(part)) for part in PARAGRAPHS.split(text.strip())))


@register.filter
def said_about(said, milestone):
    """What was made known of a milestone, from `said_of`."""
    return (said or {}).get(milestone.pk, [])


@register.filter
def papers_for(papers, stage):
    """The documents that belong to a stage, from `papers_of`."""
    return [document for kind in stage.document_kinds for document in (papers or {}).get(kind, [])]


@register.filter
def new_badge(person):
    """ "New", until this reader has looked at the change."""
    return badge(pgettext("somebody who looks after a home", "New"), kind="mine") if person.is_new else ""


@register.filter
def asked_about(contacts, stage):
    """Those of the people around a home who are asked about this stage."""
    return [contact for contact in contacts or () if contact.role in stage.contact_roles]


@register.inclusion_tag("ui/parts/gallery.html")
def evidence_gallery(proofs):
    """The photos among the evidence; documents have links of their own."""
    return gallery([as_photo(proof) for proof in proofs if proof.file.width])
