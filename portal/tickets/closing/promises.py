"""What is promised after a ticket: a call once it is repaired, and one within a working day after a bad score."""

from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from progress.models import Assignment
from progress.promises.kinds import ANSWERABLE, SUPERVISOR, Kind, Step, register

from .calls import AFTER_REPAIR, CALL_BACK
from .models import Call


class OwedCall(Kind):
    team = Assignment.Role.CUSTOMER_SERVICE

    def holds(self, promise):
        due = Call.objects.due().filter(ticket__of_former=False, ticket__owner__erased_at__isnull=True)
        return due.filter(pk=promise.key.rpartition(":")[2]).exists()

    def url(self, promise):
        return reverse("desk_ticket:inspect", args=[promise.subject_id])


@register(AFTER_REPAIR)
class CallAfterRepair(OwedCall):
    label = _("We ring you after the repair")
    touchpoint = "repair-call"
    steps = (Step("four-hours-before", hours=-timedelta(hours=4)), Step("due", to=(ANSWERABLE, SUPERVISOR)))


@register(CALL_BACK)
class CallBack(OwedCall):
    label = _("We ring you because you were not content")
    touchpoint = "complaints"
    steps = (Step("two-hours-before", hours=-timedelta(hours=2)), Step("due", to=(ANSWERABLE, SUPERVISOR)))
