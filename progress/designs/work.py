"""What a colleague who leaves has begun: drafts, and changes whose objections they would hear of."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.events.actions import record_each
from accounts.leaving import register
from progress import scope
from progress.staff.work import InPlaces

from .models import DesignChange


@register
class DesignChanges(InPlaces):
    """Each version of the text keeps who wrote it; the author of the change is who looks after it."""

    label = _("Design changes that they look after")
    model, path = DesignChange, "development"

    def of(self, user):
        return DesignChange.objects.filter(author=user).exclude(state=DesignChange.State.WITHDRAWN)

    def shown(self, rows):
        rows = rows.select_related("development")
        return [(f"{row} ({row.get_state_display()})", reverse("desk_updates:design", args=[row.pk])) for row in rows]

    def hand_over(self, user, *, to, by, at):
        if not to.has_perm("designs.change_designchange"):
            return 0
        theirs = self.of(user).filter(scope.of_assigned(to, DesignChange, "development"))
        rows = list(theirs.select_for_update(of=("self",)))
        DesignChange.objects.filter(pk__in=[row.pk for row in rows]).update(author=to)
        record_each("handed over", rows, by=by)
        return len(rows)
