"""What erasing a customer means for what upper apps keep of them. Each registers its own in `AppConfig.ready`:

@register
class Bookings(Consequence):
    def carry_out(self, owner, *, by, at): ...
"""

_consequences = []


class Consequence:
    """`lock` and `carry_out` run inside the transaction of the erasure, `lock` before anybody's record is locked."""

    def lock(self, owner):
        """Lock the rows that every action of this app locks first."""

    def hinders(self, owner, *, for_staff=False):
        """Why the record can't be erased as things stand, in words for its owner, or for staff."""
        return []

    def told(self, owner):
        """What would happen, in words for the staff who decide: (sentence, whether it is a warning)."""
        return []

    def deciders(self, owner):
        """The logins of those who decide about this owner."""
        return []

    def carry_out(self, owner, *, by, at):
        """Do it. What the registry says about fields is done elsewhere."""


def register(consequence):
    """Class decorator: ask this one too. In the order of registration."""
    _consequences.append(consequence())
    return consequence


def all_consequences():
    return list(_consequences)


def hindrances(owner, *, for_staff=False):
    return [why for each in _consequences for why in each.hinders(owner, for_staff=for_staff)]


def told(owner):
    return [line for each in _consequences for line in each.told(owner)]


def deciders(owner):
    return {user.pk: user for each in _consequences for user in each.deciders(owner)}.values()
