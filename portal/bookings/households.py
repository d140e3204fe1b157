"""Whom of a household we tell of what it has booked, or waits for."""

from collections import defaultdict

from progress.models import FOLLOWS_PROGRESS, HOSTS, Ownership


def told_of(rows):
    """{row's id: [ids of Owners]} of rows with a `home` and an `owner`, in one query.

    Whoever asked for it, as long as they follow the progress of the home; else those who own it now.
    """
    followers, hosts = defaultdict(set), defaultdict(list)
    ties = Ownership.objects.live().filter(home__in={row.home_id for row in rows}, role__in=FOLLOWS_PROGRESS)
    for home, owner, role in ties.filter(owner__erased_at=None).values_list("home", "owner", "role"):
        followers[home].add(owner)
        if role in HOSTS:
            hosts[home].append(owner)
    return {row.pk: [row.owner_id] if row.owner_id in followers[row.home_id] else hosts[row.home_id] for row in rows}


def follows(home_id, owner):
    """Whether this Owner follows the progress of the home today."""
    return Ownership.objects.live().follows_progress().filter(home=home_id, owner=owner).exists()
