"""The service centre introduces itself to the owners of a home, once: when the contract is signed.

Whoever becomes an owner later, by a resale or because staff enter them, is introduced then.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef

from accounts.notices.actions import tell
from progress.journeys.models import Milestone
from progress.journeys.reached import when_reached
from progress.models import HOSTS, Ownership

from .models import Introduction

# The milestones by which a home is under contract, whatever the kind of work.
CONTRACT = ("contract-signed", "works-signed", "contract-paid")
LATELY = timedelta(days=7)


def signed(**lookup):
    """The milestones that say so."""
    return Milestone.objects.filter(state=Milestone.State.REACHED, template__code__in=CONTRACT, **lookup)


@when_reached
def introduce_after_signing(change, milestones, *, at):
    homes = {milestone.journey.home_id for milestone in milestones if milestone.template.code in CONTRACT}
    if homes:
        introduce(homes, at=at)


@transaction.atomic
def introduce(homes, *, at):
    """Tell the owners and co-owners of `homes` (ids), each once a home whatever happens. Returns how many."""
    ties = Ownership.objects.live().filter(home__in=homes, role__in=HOSTS, owner__erased_at=None)
    known = Introduction.objects.filter(home=OuterRef("home"), owner=OuterRef("owner"))
    pairs = ties.exclude(Exists(known)).order_by("pk").values_list("home", "owner")
    wanted = [Introduction(home_id=home, owner_id=owner, at=at) for home, owner in pairs]
    Introduction.objects.bulk_create(wanted, ignore_conflicts=True)
    # Another worker may have been first: only what stands there under our id is ours to say.
    made = Introduction.objects.filter(pk__in=[row.pk for row in wanted]).select_related("owner")
    for introduction in made:
        tell([introduction.owner], "service-introduced", introduction, at=at)
    return len(made)


def introduce_new_owners(*, today, at):
    """Owners of the last days, of homes that are under contract already. Running it twice changes nothing.

    Only of the last days, so that those whom an import brings along with the contract of years ago are left in peace.
    """
    new = Ownership.objects.live().filter(since__gt=today - LATELY, role__in=HOSTS)
    new = new.filter(Exists(signed(journey__home=OuterRef("home"))))
    return introduce(set(new.order_by().values_list("home", flat=True)), at=at)
