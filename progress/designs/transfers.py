"""What a home that changes hands takes along: answers stay with it, open questions go to the new owner."""

from django.utils.translation import gettext_lazy as _

from accounts.notices.actions import tell
from progress.models import Home
from progress.transfers.parts import Line, Part, register

from .models import DesignChange
from .people import hosts_of


@register
class DesignChanges(Part):
    def passes_on(self, home):
        waiting = DesignChange.objects.waiting_at(home)
        known = DesignChange.objects.known().filter(homes=home)
        return [
            Line(_("design changes, with the answers that were given for the home"), known.count()),
            Line(_("design changes that the new owner is asked about"), waiting.count()),
        ]

    def carry_out(self, transfer, *, former, by, at):
        for change in DesignChange.objects.waiting_at(transfer.home).select_related("development"):
            people = hosts_of(Home.objects.filter(pk=transfer.home.pk))
            tell(people, "design-change-published", change, at=at, step=f"{change.text_version}-{transfer.pk}")
