"""Whom a design change concerns: those who answer for a home, and those who hear what they say."""

from accounts.models import Channel, Owner
from accounts.notices.addresses import reachable
from progress.models import HOSTS, Assignment, Ownership
from progress.promises.sweep import colleagues


def hosts_of(homes):
    """The owners and co-owners of `homes` (a QuerySet), each once."""
    ties = Ownership.objects.live().filter(home__in=homes.order_by().values("pk"), role__in=HOSTS)
    return Owner.objects.active().filter(pk__in=ties.values("owner"))


def hosts_by_home(homes):
    """{home's id: the ids of its owners and co-owners} of these Homes. One query."""
    found = {home.pk: set() for home in homes}
    for home, owner in Ownership.objects.live().filter(home__in=found, role__in=HOSTS).values_list("home", "owner"):
        found[home].add(owner)
    return found


def staff_for(change):
    """Who hears of objections: the author while they work there, else the site managers, else the supervisors."""
    theirs = colleagues(change.development, Assignment.Role.SITE_MANAGER)
    supervisors = colleagues(change.development, Assignment.Role.SUPERVISOR)
    author = [person for person in (*theirs, *supervisors) if person.pk == change.author_id]
    return author[:1] or list(theirs) or list(supervisors)


def phones_of(owners):
    """{owner's id: [telephone numbers]} of these Owners (a QuerySet), each number once. A few queries."""
    return {owner.pk: list(dict.fromkeys(_numbers(owner))) for owner in reachable(owners)}


def _numbers(owner):
    login = owner.user if owner.user and owner.user.is_active else None
    if login and login.phone:
        yield login.phone.as_e164
    rows = [*owner.reached_at, *(login.reached_at if login else [])]
    yield from (row.value for row in rows if row.channel == Channel.SMS)
