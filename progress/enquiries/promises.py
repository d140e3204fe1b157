"""What whoever asks is promised: that somebody calls within two working hours; in an emergency at once."""

from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from progress.models import Assignment
from progress.promises.kinds import ANSWERABLE, SUPERVISOR, Kind, Step, register

from .models import Enquiry


@register("enquiry-confirmed")
class Confirmed(Kind):
    label = _("Call back about an enquiry")
    team = Assignment.Role.CUSTOMER_SERVICE
    shown = False  # whoever asks has no home with us yet
    steps = (Step("soon", hours=-timedelta(minutes=30)), Step("due", to=(ANSWERABLE, SUPERVISOR)))

    def holds(self, promise):
        return Enquiry.objects.new().filter(pk=promise.subject_id).exists()

    def url(self, promise):
        return reverse("desk_enquiry:inspect", args=[promise.subject_id])


@register("enquiry-emergency")
class Emergency(Confirmed):
    label = _("EMERGENCY: call back about an enquiry at once")
    round_the_clock = True
    steps = (Step("soon", hours=-timedelta(minutes=15)), Step("due", to=(ANSWERABLE, SUPERVISOR)))
