"""What a resale means for checklists: the new household begins with empty boxes, and never sees who ticked before."""

from django.utils.translation import gettext_lazy as _

from progress.former import MESSAGES_KEPT
from progress.transfers.parts import Line, Part, register

from .models import Tick

KEPT_AFTER = MESSAGES_KEPT


@register
class Checklists(Part):
    """Ticks say who lived there and when, as messages do. What we promised about the home passes on by itself."""

    def ends(self, home):
        return [Line(_("entries ticked off in checklists"), Tick.objects.last().filter(home=home, ticked=True).count())]

    def carry_out(self, transfer, *, former, by, at):
        Tick.objects.of_household().filter(home=transfer.home).update(ended_at=at)
