"""What a contractor sees: number, place, component, what is to be done, the chosen photos, whom to ask."""

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Owner
from progress.contacts.models import Card
from progress.designs.people import phones_of


def shown(job, *, at):
    """The page's context. Never more of the household than staff have ticked."""
    files = list(job.files.select_related("attachment__file"))
    return {
        "job": job,
        "ticket": job.ticket,
        "standing": job.standing(at=at),
        "place": place_of(job.ticket.home),
        "contact": _contact(job),
        "owner": _owner(job),
        "given": _split(job, [each for each in files if not each.by_contractor]),
        "sent": _split(job, [each for each in files if each.by_contractor]),
    }


def place_of(home):
    """Where it is, as one says it to a driver."""
    building = home.building
    return ", ".join(str(part) for part in (home.development, building and building.title, home.number) if part)


def _contact(job):
    """(name, telephone number, e-mail) of whoever answers, as their card has it; without one, their name alone."""
    if not job.contact.is_active:
        return "", "", ""  # has left: the hotline stands in
    card = Card.objects.filter(user=job.contact_id).first()
    if card is None:
        return str(job.contact), "", ""
    return str(card.name), card.phone, card.email


def _owner(job):
    """(name, telephone numbers) where staff let the contractor know, and while they live there; else None."""
    owner = job.ticket.owner
    if not job.shows_owner or owner is None:
        return None
    if not job.ticket.home.ownerships.live().filter(owner=owner).exists():
        return None
    numbers = phones_of(Owner.objects.active().filter(pk=owner.pk))
    return (owner.name, numbers[owner.pk]) if owner.pk in numbers else None


def _split(job, files):
    """Photos for the gallery, videos, and how many are still being prepared or could not be used."""
    clean = [each for each in files if each.attachment.file.is_clean]
    photos = [each for each in clean if not each.attachment.file.is_video]
    return {
        "photos": [_photo(job, each, number) for number, each in enumerate(photos, start=1)],
        "videos": [_address(job, each, "file") for each in clean if each.attachment.file.is_video],
        "waiting": sum(each.attachment.file.state == "waiting" for each in files),
        "refused": [each.attachment.file for each in files if each.attachment.file.state == "refused"],
    }


def _photo(job, held, number):
    large, file = _address(job, held, "large"), held.attachment.file
    return {
        "page_url": large,
        "thumb_url": _address(job, held, "thumb"),
        "large_url": large,
        "alt": _("Photo %(number)s") % {"number": number},
        "width": file.width,
        "height": file.height,
    }


def _address(job, held, variant):
    return reverse("jobs:file", args=[job.pk, job.mac, held.pk, variant])
