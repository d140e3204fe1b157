"""The milestones of one act: locked in one order, compared with what the person saw, saved with a new row version."""

from datetime import timedelta

from django.db.models import F
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from .actions import JourneyError
from .models import Milestone

BATCH = 500
FURTHEST = timedelta(days=100 * 366)  # from the beginning of the work: "9999" is a slip, or means no day at all


class ChangedMeanwhileError(JourneyError):
    """Somebody else changed one of them after this person had looked. `milestones`: those."""

    def __init__(self, milestones):
        self.milestones = milestones
        super().__init__(
            _("Somebody else has changed “%(milestone)s” of %(home)s meanwhile. Please look at it again.")
            % {"milestone": milestones[0], "home": milestones[0].journey.home}
        )


def locked(milestones, versions):
    """The rows, locked in one order. Raises ChangedMeanwhileError, JourneyError for none or several developments."""
    rows = Milestone.objects.select_for_update(of=("self",)).order_by("pk")
    rows = rows.select_related("template__stage", "journey__home__development", "journey__home__building")
    rows = list(rows.filter(pk__in=[milestone.pk for milestone in milestones]))
    if len({row.journey.home.development_id for row in rows}) != 1:
        raise JourneyError(_("Please choose milestones of one development."))
    if len({row.template.stage.order for row in rows}) != 1:
        raise JourneyError(_("Please choose milestones of one stage."))
    if stale := [row for row in rows if versions and versions.get(row.pk) != row.row_version]:
        raise ChangedMeanwhileError(stale)
    return rows


def save(milestones):
    """Save the dates and states of rows that `locked` gave, so that whoever looked before is told."""
    milestones = list(milestones)
    for milestone in milestones:
        milestone.row_version = F("row_version") + 1
    Milestone.objects.bulk_update(
        milestones, ["planned", "forecast", "actual", "state", "row_version"], batch_size=BATCH
    )


def check_year(day, milestone):
    """Raises JourneyError for a day that nobody can mean."""
    if day - milestone.journey.started > FURTHEST:
        raise JourneyError(_("This day is too far away. Please look at the year."))


def in_words(day):
    """A day as messages name it, in the active language."""
    return date_format(day, "DATE_FORMAT")


def check_each(milestones, check):
    """[what `check` gives for each]. Of several homes, what it refuses names the home."""
    results = []
    for milestone in milestones:
        try:
            results.append(check(milestone))
        except JourneyError as error:
            raise JourneyError(f"{milestone.journey.home}: {error}" if len(milestones) > 1 else str(error)) from None
    return results
