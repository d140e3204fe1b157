"""What is said when a household changes; registered in `HouseholdsConfig.ready`."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.notices import topics
from accounts.notices.kinds import Kind, register
from progress.models import HOSTS, Ownership, RightState


class OfHousehold(Kind):
    topic = topics.ACCOUNT
    mandatory = True
    model = Ownership

    def subjects(self):
        return Ownership.objects.select_related("home__development", "owner")

    def zone(self, ownership):
        return ownership.home.development.time_zone


class ForHosts(OfHousehold):
    """Told to the owners and co-owners of today."""

    action = gettext_lazy("See who belongs to it")

    def still_concerns(self, ownership, person):
        return Ownership.objects.live().filter(home=ownership.home, owner=person, role__in=HOSTS).exists()

    def url(self, ownership):
        return reverse("home:household", args=[ownership.home_id])


@register("household-joined")
class HouseholdJoined(ForHosts):
    label = gettext_lazy("Somebody joined your household")

    def still_true(self, ownership):
        return ownership.state != RightState.ENDED

    def title(self, ownership):
        return _("%(name)s now belongs to your household") % {"name": ownership.owner}

    def paragraphs(self, ownership):
        words = {"name": ownership.owner, "home": ownership.home, "role": ownership.get_role_display()}
        return [
            _("%(name)s accepted the invitation to %(home)s (%(role)s).") % words,
            _("If you don't know them, remove them at once: on the page of your household it takes one click."),
        ]


@register("household-left")
class HouseholdLeft(ForHosts):
    label = gettext_lazy("Somebody left your household")

    def still_true(self, ownership):
        return ownership.state == RightState.ENDED

    def title(self, ownership):
        return _("%(name)s has left your household") % {"name": ownership.owner}

    def paragraphs(self, ownership):
        words = {"name": ownership.owner, "home": ownership.home}
        return [_("%(name)s has ended their access to %(home)s themselves. You can invite them again.") % words]


@register("household-removed")
class HouseholdRemoved(OfHousehold):
    label = gettext_lazy("You no longer belong to a household")

    def still_true(self, ownership):
        return ownership.state == RightState.ENDED

    def still_concerns(self, ownership, person):
        """Whoever came back meanwhile is not told."""
        return not ownership.home.ownerships.live().filter(owner=person).exists()

    def title(self, ownership):
        return _("You no longer belong to %(home)s") % {"home": ownership.home}

    def paragraphs(self, ownership):
        return [_("An owner of the home has ended your access. Your messages stay for 180 days.")]
