"""Who looks after a place: for the owner's pages, messages and leaflets.

for contact in contacts_for(home, today=today):
    contact.get_role_display(), contact.name, contact.card, hours_of(contact)
"""

from django.db.models import Q

from progress.models import Building, Home

from .models import Contact
from .roles import ORDER


def contacts_for(place, *, today, roles=None):
    """The Contacts of `place` (Home, Building or Development) on `today`, one a role, in the order of the roles.

    At a home whoever is closest to it counts: for the job there, for the home, for the development. A building has
    those of its development. `roles`: only these. One query; each has its `user` and `card`.
    """
    contacts = Contact.objects.on(today).filter(_around(place))
    if roles is not None:
        contacts = contacts.filter(role__in=roles)
    closest = {}
    for contact in sorted(contacts.with_people(), key=_closeness):
        closest[contact.role] = contact
    return [closest[role] for role in ORDER if role in closest]


def _around(place):
    if isinstance(place, Home):
        of_home = Q(home=place) & (Q(journey=None) | Q(journey__ended=None))
        return of_home | Q(development=place.development_id, home=None)
    development = place.development_id if isinstance(place, Building) else place.pk
    return Q(development=development, home=None)


def _closeness(contact):
    """Of two jobs at one home, the one begun last; of two of one rank, as when one has just taken over, the later."""
    begun = contact.journey.started if contact.journey else contact.since
    return contact.nearness, begun, contact.since, str(contact.pk)
