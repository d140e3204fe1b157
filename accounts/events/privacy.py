"""What the log of events holds about people: who did what to which row, by number, without a name."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.privacy.registry import Personal, declare
from accounts.privacy.ways import AS_LAW_ASKS, Stays

from .models import Event


def about(person):
    """What was done to this person's login and customer record, and what they did themselves."""
    found = Q(pk__in=[])
    for row in (person.user, person.owner):
        if row is not None:
            found |= Q(subject_kind=row._meta.label_lower, subject_id=str(row.pk))
    if person.user is not None:
        found |= Q(actor=person.user)
    return Event.objects.filter(found).select_related("actor").prefetch_related("actor__groups")


def who(event, person):
    """Themselves, or in what capacity somebody acted; no names."""
    if event.actor is None:
        return str(_("the portal"))
    if event.actor == person.user:
        return str(_("you"))
    groups = ", ".join(str(group) for group in event.actor.groups.all())
    return str(_("a member of staff")) + f" ({groups})" if groups else str(_("somebody else"))


declare(
    Event,
    by="actor",
    rows=about,
    heading=_("What happened to your record, and what you did"),
    personal={
        "verb subject_kind at reason": Personal(
            _("to answer who did what, and when"),
            Stays(_("stays, by number alone: without your name nobody can tell whom it was about")),
            AS_LAW_ASKS,
        )
    },
    plain="id subject_id home_id",
    also={"who": (_("who"), who)},
)
