"""The four promises of a formal complaint. Each comes back two working days before it, then to the manager as well."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from progress.models import Assignment
from progress.promises.kinds import ANSWERABLE, SUPERVISOR, Kind, Step, register

from .models import FormalComplaint

MANAGER = Assignment.Role.MANAGER


class ComplaintLetter(Kind):
    team = SUPERVISOR
    touchpoint = "complaints"
    steps = (
        Step("two-days-before", days=-2),
        Step("day-before", days=-1, to=(ANSWERABLE, SUPERVISOR)),
        Step("due", to=(ANSWERABLE, SUPERVISOR, MANAGER)),
    )

    def holds(self, promise):
        return FormalComplaint.objects.open().filter(pk=promise.subject_id).exists()

    def url(self, promise):
        return reverse("desk_complaint:inspect", args=[promise.subject_id])


@register("complaint-acknowledgement")
class Acknowledgement(ComplaintLetter):
    label = _("Your formal complaint acknowledged")


@register("complaint-path")
class Path(ComplaintLetter):
    label = _("How we look into your formal complaint")


@register("complaint-answer")
class Answer(ComplaintLetter):
    label = _("Our full answer to your formal complaint")


@register("complaint-final")
class Final(ComplaintLetter):
    label = _("The final decision on your formal complaint")
