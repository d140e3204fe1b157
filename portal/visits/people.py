"""Who is told of a visit, and what they may know of whoever comes."""

from accounts.models import Owner
from accounts.notices.actions import tell
from accounts.notices.guests import Guest
from progress.contacts.models import Card
from progress.enquiries.sender import ways_to
from progress.models import FOLLOWS_PROGRESS, HOSTS, Role

from .models import VisitKind

FOR_GUESTS = "guest"  # between the code of a kind and the channel: "visit-booked-guest-email"


def belongs(owner, home, kind):
    """Whether this customer is of the household today and may hear of such a visit: tenants of checks alone."""
    roles = (*FOLLOWS_PROGRESS, Role.TENANT) if kind == VisitKind.CHECK else FOLLOWS_PROGRESS
    return home.ownerships.live().filter(owner=owner, role__in=roles).exists()


def household(visit):
    """The Owners who are told: whom the visit is for while they belong to the home, else its owners."""
    if visit.home is None or visit.of_former_household:
        return Owner.objects.none()
    if visit.owner_id and belongs(visit.owner, visit.home, visit.kind):
        return Owner.objects.active().filter(pk=visit.owner_id)
    return hosts_of(visit.home)


def hosts_of(home):
    """Its owners and co-owners of today."""
    return Owner.objects.active().filter(
        pk__in=home.ownerships.live().filter(role__in=HOSTS).order_by().values("owner")
    )


def tell_household(visit, code, *, at, step="", expires=None):
    """Tell those whom the visit is for; whoever enquired, by the address and the number that they gave."""
    if visit.enquiry is None:
        return tell(household(visit), code, visit, at=at, step=step, expires=expires)
    for channel, address in ways_to(visit.enquiry):
        language = visit.enquiry.language
        guest = Guest.objects.create(channel=channel, address=address, language=language, created_at=at)
        tell([guest], f"{code}-{FOR_GUESTS}-{channel}", visit, at=at, step=step, expires=expires)
    return None


def visitor_card(visit):
    """The Card of whoever comes: all that owners may know of them. None where there is none."""
    return Card.objects.filter(user=visit.person_id).first() if visit.person_id else None


def visitor_name(visit):
    """The name of whoever comes, as their card has it, else that of the login; "" while nobody is chosen."""
    if visit.person is None:
        return ""
    card = getattr(visit.person, "card", None)
    return str(card.name if card else visit.person)
