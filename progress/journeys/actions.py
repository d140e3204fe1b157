"""What may happen to a home's journey."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.events.actions import record
from progress.models import Home

from .models import Journey, JourneyTemplate, Look, Milestone, MilestoneTemplate


class JourneyError(Exception):
    """Refused. The message is worded for the member of staff who asked."""


@transaction.atomic
def start_journey(*, home, template, started, by):
    """Begin one job at `home` with every milestone of `template`, all still to come.

    Raises JourneyError when the home is on such a journey already, or `template` is a draft or was replaced.
    """
    if not JourneyTemplate.objects.in_force().filter(pk=template.pk).exists():
        raise JourneyError(_("A journey starts with the version that is in force."))
    Home.objects.select_for_update(of=("self",)).order_by().get(pk=home.pk)  # one beginning at a time
    if home.journeys.filter(template__kind=template.kind, ended__isnull=True).exists():
        raise JourneyError(_("This home is on such a journey already."))
    journey = Journey.objects.create(home=home, template=template, started=started)
    steps = MilestoneTemplate.objects.filter(stage__template=template)
    Milestone.objects.bulk_create(Milestone(journey=journey, template=step) for step in steps)
    record("started", journey, by=by, home=home)
    return journey


@transaction.atomic
def date_milestone(milestone, *, planned, forecast, actual, by, today):
    """Set a milestone's dates as they are known elsewhere: only for what imports and the demonstration load.

    It tells nobody and explains nothing; staff plan, forecast and report (`planning`, `changing`).
    A day in `actual` says that it was reached.

    Raises JourneyError when `actual` lies in the future.
    """
    milestones = Milestone.objects.select_for_update(of=("self",)).select_related("journey__home", "template")
    milestone = milestones.get(pk=milestone.pk)
    if actual and actual > today:
        raise JourneyError(_("A step is reached on the day it happens, not before."))
    milestone.planned, milestone.forecast, milestone.actual = planned, forecast, actual
    if milestone.state != Milestone.State.WITHDRAWN:
        milestone.state = Milestone.State.REACHED if actual else Milestone.State.PLANNED
    milestone.row_version += 1
    milestone.save()
    record("dated", milestone, by=by, home=milestone.journey.home)
    return milestone


def note_look(home, *, user, at):
    """Note that `user` looks at the journey of `home`. Returns when they last did before this visit, or None."""
    look, new = Look.objects.get_or_create(user=user, home=home, defaults={"at": at})
    if not new and at - look.at > Look.VISIT:
        look.before, look.at = look.at, at
        look.save(update_fields=["before", "at"])
    return look.before
