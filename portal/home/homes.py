"""The homes of whoever asks, and what is told there: read once a request, for the page and its masthead alike."""

from progress.models import FOLLOWS_PROGRESS, HOSTS, Ownership
from progress.updates.models import Update


def homes_of(request):
    """The person's own homes with their places, in any live role."""
    if not hasattr(request, "own_homes"):
        request.own_homes = lived_in_by(request.user)
    return request.own_homes


def lived_in_by(user):
    """What `Home.objects.lived_in_by` finds, with `is_followed`, `is_hosted` and `roles`: one query instead of five."""
    if not user.is_authenticated or not user.is_active:
        return []
    ties = Ownership.objects.live().filter(owner__user=user, owner__erased_at=None)
    ties = ties.select_related("owner", "home__development", "home__building")
    homes = {}
    for tie in ties.order_by():
        user.owner = tie.owner  # so that nobody asks for it again
        home = homes.setdefault(tie.home_id, tie.home)
        home.is_followed = getattr(home, "is_followed", False) or tie.role in FOLLOWS_PROGRESS
        home.is_hosted = getattr(home, "is_hosted", False) or tie.role in HOSTS
        home.roles = getattr(home, "roles", frozenset()) | {tie.role}
    return sorted(homes.values(), key=_place)


def _place(home):
    """In the order of `Home.Meta`; what stands in no building comes first."""
    return home.development.name_en, home.development.name_zh, home.building.name if home.building else "", home.number


def updates_at(home):
    """What is published for one of `homes_of`, newest first: all for those who follow it, announcements for others."""
    updates = Update.objects.for_home(home)
    return updates if home.is_followed else updates.announcements()
