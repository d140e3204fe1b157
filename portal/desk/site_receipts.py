"""Who was told of an update, and who has opened it in the portal. Nothing is hidden in mails to find that out."""

from accounts.models import Owner
from progress.models import Ownership
from progress.scope import may_view

MOST_NAMES = 200


def told_of(update, user, *, opened):
    """Who has opened a published update, or has not: [(home, name)], of homes that `user` may see.

    Names are for those who may see owners.
    """
    if not update.is_published:
        return []
    receipts = update.receipts.filter(opened_at__isnull=not opened)
    owners = list(receipts.order_by("owner__name", "pk").values_list("owner", flat=True)[:MOST_NAMES])
    ties = Ownership.objects.live().filter(owner__in=owners, home__updates=update)
    ties = ties.filter(home__development=update.development_id).select_related("home__building", "owner")
    named = may_view(user, Owner)
    return [(tie.home, tie.owner.name if named else "") for tie in ties.order_by("home__building", "home__number")]
