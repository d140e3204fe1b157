"""What a colleague who leaves would still take people round: open days, and times of them, that are to come."""

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.events.actions import record_each
from accounts.leaving import register
from progress import scope
from progress.staff.work import InPlaces

from .models import OpenDay, Slot


@register
class ComingOpenDays(InPlaces):
    label = _("Open days that they are in charge of")
    model, path = OpenDay, "development"

    def of(self, user):
        """Drafts too; of those published, the ones not over."""
        theirs = Slot.objects.filter(open_day=OuterRef("pk"), ends__gt=timezone.now())
        leads = Q(guide=user) | Exists(theirs.filter(guide=user))
        coming = Exists(theirs) | Q(state=OpenDay.State.DRAFT)
        return OpenDay.objects.exclude(state=OpenDay.State.CANCELLED).filter(leads, coming)

    def shown(self, rows):
        rows = rows.select_related("development")
        return [(f"{row} ({row.get_state_display()})", reverse("desk_openday:page", args=[row.pk])) for row in rows]

    def hand_over(self, user, *, to, by, at):
        if not to.has_perm("bookings.change_openday"):
            return 0
        theirs = self.of(user).filter(scope.of_assigned(to, OpenDay, "development"))
        rows = list(theirs.select_for_update(of=("self",), no_key=True).order_by("pk"))
        pks = [row.pk for row in rows]
        Slot.objects.locked(*Slot.objects.filter(open_day__in=pks, guide=user).values_list("pk", flat=True))
        OpenDay.objects.filter(pk__in=pks, guide=user).update(guide=to)
        Slot.objects.filter(open_day__in=pks, guide=user).update(guide=to)
        record_each("handed over", rows, by=by)
        return len(rows)
