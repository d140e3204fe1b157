"""What erasing a customer means for their homes: their rights end, the homes and everybody else's rights stay."""

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.actions import revoke_invitation
from accounts.events.actions import record
from accounts.models import User
from accounts.privacy.consequences import Consequence, register
from progress.households.actions import end_right, today_at
from progress.households.models import HouseholdInvitation
from progress.models import HOSTS, Home, Ownership, RightState

from .models import NewOwner

PERMISSION = "change_erasurerequest"


@register
class Homes(Consequence):
    def _ties(self, owner):
        current = Ownership.objects.filter(owner=owner).exclude(state=RightState.ENDED)
        return current.select_related("home__development").order_by("home")

    def _sent(self, owner):
        return HouseholdInvitation.objects.waiting().filter(invited_by=owner).select_related("invitation")

    def lock(self, owner):
        """The homes, as whoever transfers one or joins its household does."""
        theirs = Q(ownerships__owner=owner) | Q(household_invitations__invited_by=owner)
        pks = Home.objects.filter(theirs).values("pk")
        list(Home.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=pks).order_by("pk"))

    def hinders(self, owner, *, for_staff=False):
        what = (
            _("%(home)s goes to this customer on %(day)s. Please call that transfer off first.")
            if for_staff
            else _("%(home)s is to be yours on %(day)s. Please ring us to call that off first.")
        )
        coming = NewOwner.objects.filter(owner=owner, transfer__state="planned")
        return [
            what % {"home": each.transfer.home, "day": date_format(each.transfer.on)}
            for each in coming.select_related("transfer__home__development")
        ]

    def told(self, owner):
        for tie in self._ties(owner):
            others = tie.home.ownerships.exclude(state=RightState.ENDED).exclude(owner=owner)
            left = others.filter(role__in=HOSTS).count()
            names = {"home": tie.home, "count": left}
            if tie.role not in HOSTS:
                yield _("Their right to %(home)s ends.") % names, False
            elif left:
                yield _("Their right to %(home)s ends; it stays with its other owners (%(count)s).") % names, False
            else:
                yield (
                    _("They are the only owner of %(home)s. The home stays, and is nobody's in the portal.") % names,
                    True,
                )
        if sent := self._sent(owner).count():
            yield _("Invitations to a household that they sent are taken back: %(count)s.") % {"count": sent}, False

    def deciders(self, owner):
        """Whoever may decide and works wherever the customer has had a home, and administrators."""
        may = User.objects.filter(is_active=True, groups__permissions__codename=PERMISSION).distinct()
        places = set(Ownership.objects.filter(owner=owner).values_list("home__development", flat=True))
        working = [user.pk for user in may if self._works_at(user, places)]
        return User.objects.filter(Q(pk__in=working) | Q(is_superuser=True, is_active=True))

    def _works_at(self, user, places):
        here = set(user.assignments.live().values_list("development", flat=True))
        return None in here or (places and places <= here)

    def carry_out(self, owner, *, by, at):
        for tie in self._ties(owner).select_for_update(of=("self",)):
            end_right(tie, on=today_at(tie.home, at=at))
            record("ended", tie, by=None, home=tie.home, reason="erasure")
        for tie in self._sent(owner):
            revoke_invitation(tie.invitation, by=None, at=at)
