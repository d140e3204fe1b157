"""Whom a contact concerns: the owners at the place, but where somebody closer has the same role."""

from django.db.models import Exists, OuterRef, Q

from accounts.models import Owner
from progress.models import Ownership

from .models import Contact
from .roles import FOR_TENANTS


def ties_of(contact):
    """The live Ownerships of those who see `contact` from its first day on."""
    ties = Ownership.objects.live()
    if contact.role not in FOR_TENANTS:
        ties = ties.follows_progress()
    if contact.journey_id:
        return ties.filter(home=contact.home_id) if contact.journey.ended is None else ties.none()
    closer = Contact.objects.on(contact.since).filter(Q(journey=None) | Q(journey__ended=None), role=contact.role)
    if contact.home_id:
        return ties.filter(~Exists(closer.filter(journey__home=OuterRef("home"))), home=contact.home_id)
    return ties.filter(~Exists(closer.filter(home=OuterRef("home"))), home__development=contact.development_id)


def owners_of(contact):
    """Them, each once."""
    return Owner.objects.active().filter(pk__in=ties_of(contact).order_by().values("owner"))
