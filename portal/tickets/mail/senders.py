"""Who writes: from an address to a customer, and whether they may write to a ticket."""

from django.db.models import Q

from accounts.models import Address, Channel, Owner
from accounts.notices.addresses import has_address, reachable
from portal.tickets.models import Ticket
from progress.models import Home

from .models import IncomingMail

Why = IncomingMail.Why


def owners_at(address):
    """Customers who are reached at this e-mail address, whoever said so."""
    if not address:
        return Owner.objects.none()
    rows = Address.objects.filter(channel=Channel.EMAIL, value__iexact=address)
    of_login = Q(user__is_active=True) & (Q(user__email=address.lower()) | Q(user__in=rows.values("user")))
    return (
        Owner.objects.active().filter(of_login | Q(pk__in=rows.values("owner"))).select_related("user").order_by("pk")
    )


def is_proved(owner, address):
    """Whether they have shown that mail at this address reaches them: it opens their login, or they confirmed it."""
    if owner.user and owner.user.is_active and (owner.user.email or "") == address.lower():
        return True
    theirs = Q(owner=owner) | Q(user=owner.user) if owner.user else Q(owner=owner)
    rows = Address.objects.filter(theirs, channel=Channel.EMAIL, value__iexact=address)
    return rows.filter(verified_at__isnull=False).exists()


def writer(addressed, sender):
    """The customer whose word an answer to a signed address is; None: of somebody whom it was passed on to.

    Whoever it was given to writes from an address of theirs, or somebody else does who may write there, too.
    """
    for given_to in reachable(Owner.objects.filter(pk=addressed.owner.pk)):
        if has_address(given_to, Channel.EMAIL, sender):
            return given_to
    others = [owner for owner in owners_at(sender) if may_write(owner, addressed.ticket)]
    return others[0] if len(others) == 1 and is_proved(others[0], sender) else None


def may_write(owner, ticket):
    """Whether they still have to do with the home and see the ticket; without a login, whether it is theirs."""
    if ticket.of_former or not owner.ownerships.live().filter(home=ticket.home_id).exists():
        return False
    if owner.user is None:
        return ticket.owner_id == owner.pk
    return Ticket.objects.of_people(owner.user).filter(pk=ticket.pk).exists()


def unsigned(sender):
    """(owner or None, home or None, Why or "") of mail without a signed address: whose it is, and about which home."""
    found = owners_at(sender)[:2]
    if len(found) != 1:
        return None, None, Why.SEVERAL if found else Why.UNKNOWN
    owner = found[0]
    homes = Home.objects.filter(pk__in=owner.ownerships.live().values("home"))[:2]
    home = homes[0] if len(homes) == 1 else None
    if not is_proved(owner, sender):
        return owner, home, Why.UNPROVED
    return owner, home, "" if home else Why.HOMES
