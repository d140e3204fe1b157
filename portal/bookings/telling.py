"""Telling a household of its booking without holding anybody up."""

from accounts.models import Owner
from accounts.notices import kinds
from accounts.notices.actions import notices_of, queue_delivery, tell
from accounts.notices.addresses import reachable
from accounts.notices.models import Notice

from .households import told_of


class Telling:
    """What the owner of a booking is told: worked out before the transaction, written in it by one statement."""

    def __init__(self, kind_code, booking, *, at, expires):
        people = list(reachable(Owner.objects.filter(pk=booking.owner_id)))
        self.notices = notices_of(people, kinds.get(kind_code), booking, at=at, due=at, expires=expires)

    def write(self):
        Notice.objects.bulk_create(self.notices, ignore_conflicts=True)
        queue_delivery()


def tell_household(kind_code, booking, *, at, expires=None):
    """Tell whoever booked, while they belong to the home, else its owners. Each time anew, whatever was told before."""
    people = Owner.objects.filter(pk__in=told_of([booking])[booking.pk])
    tell(people, kind_code, booking, at=at, expires=expires, step=f"{at:%Y%m%d%H%M%S%f}")
