"""What a resale means for calendars: the household's lose the home, and end with it where it was the last."""

from django.utils.translation import gettext_lazy as _

from progress.models import RightState
from progress.transfers.parts import Line, Part, register

from .actions import end_feed
from .models import Feed


@register
class Feeds(Part):
    def ends(self, home):
        household = home.ownerships.live().follows_progress().values("owner")
        return [Line(_("calendars of the household, as far as this home goes"), self._of(household).count())]

    def carry_out(self, transfer, *, former, by, at):
        homeless = [owner.pk for owner in former if not owner.ownerships.exclude(state=RightState.ENDED).exists()]
        for feed in self._of(homeless).order_by("pk"):
            end_feed(feed, home=transfer.home, by=by, at=at)

    def _of(self, owners):
        return Feed.objects.alive().filter(owner__in=owners)
