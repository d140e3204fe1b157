"""What may happen to a home's journey."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.events.actions import record
from progress.models import Home

from .models import Journey, Milestone, MilestoneTemplate


class JourneyError(Exception):
    """Refused. The message is worded for the member of staff who asked."""


@transaction.atomic
def start_journey(*, home, template, started, by):
    """Begin one job at `home` with every milestone of `template`, all still to come.

    Raises JourneyError when the home is on such a journey already.
    """
    Home.objects.select_for_update(of=("self",)).order_by().get(pk=home.pk)  # one beginning at a time
    if home.journeys.filter(template__kind=template.kind, ended__isnull=True).exists():
        raise JourneyError(_("This home is on such a journey already."))
    journey = Journey.objects.create(home=home, template=template, started=started)
    steps = MilestoneTemplate.objects.filter(stage__template=template)
    Milestone.objects.bulk_create(Milestone(journey=journey, template=step) for step in steps)
    record("started", journey, by=by, home=home)
    return journey


@transaction.atomic
def date_milestone(milestone, *, planned, forecast, actual, by, today, seen=None):
    """Set a milestone's dates; a day in `actual` says that it was reached.

    `seen` is the `row_version` of what the person had before them, if they had something.
    Raises JourneyError when `actual` lies in the future, or somebody changed the milestone since `seen`.
    """
    milestones = Milestone.objects.select_for_update(of=("self",)).select_related("journey__home", "template")
    milestone = milestones.get(pk=milestone.pk)
    if seen is not None and seen != milestone.row_version:
        raise JourneyError(_("Somebody else has changed “%(step)s” meanwhile.") % {"step": milestone})
    if actual and actual > today:
        raise JourneyError(_("A step is reached on the day it happens, not before."))
    milestone.planned, milestone.forecast, milestone.actual = planned, forecast, actual
    if milestone.state != Milestone.State.WITHDRAWN:
        milestone.state = Milestone.State.REACHED if actual else Milestone.State.PLANNED
    milestone.row_version += 1
    milestone.save()
    record("dated", milestone, by=by, home=milestone.journey.home)
    return milestone
