"""Which milestones something is said of: the same step of the ticked homes, or of all homes of a place."""

from collections import Counter
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models.functions import Length
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from progress.journeys.models import ChangedMilestone, Milestone, MilestoneChange

from .board_forms import PlaceForm
from .scoped import within

MOST = 2000  # milestones at one stroke
ONE_BY_ONE = 20  # so many are listed; of more, only how many there are where

REACHED = Milestone.State.REACHED


class TooManyError(ValueError):
    """More than `MOST`."""


@dataclass
class Group:
    """The homes of one building (or those without one) among many."""

    key: str
    name: str
    steps: list = field(default_factory=list)

    @property
    def days(self):
        """The first and last day on which they were reached or, so far, are expected."""
        days = sorted({step.actual or step.expected for step in self.steps} - {None})
        return (days[0], days[-1]) if days else None


class Choice:
    """The milestones that an address names. `found`: all; `steps`: those of which `act` can be said; `left_out`."""

    def __init__(self, act, *, given, user):
        self.act, self.user = act, user
        self.whole = bool(given.get("whole"))
        self.code = given.get("step", "").replace("\x00", "")  # which PostgreSQL refuses to look for
        self.found = list(self._at_place(given) if self.whole else self._ticked(given))
        if len(self.found) > MOST:
            raise TooManyError(len(self.found))

    def _all(self):
        steps = within(Milestone, self.user).filter(template__code=self.code)
        steps = steps.select_related("template__stage", "journey__home__development", "journey__home__building")
        number = (Length("journey__home__number"), "journey__home__number", "pk")  # 2-201 before 2-1002
        return steps.order_by("journey__home__building__name", *number)

    def _ticked(self, given):
        return self._all().filter(journey__in=[pk for pk in given.getlist("journey")[:MOST] if is_uuid(pk)])

    def _at_place(self, given):
        place, kind = PlaceForm(given, user=self.user).chosen()
        if place is None:
            return Milestone.objects.none()
        homes = {f"journey__{path}": value for path, value in place.homes.items()}
        return self._all().filter(**homes, journey__template__kind=kind, journey__ended=None)[: MOST + 1]

    @cached_property
    def _split(self):
        waiting = ChangedMilestone.objects.filter(change__state=MilestoneChange.State.WAITING)
        waiting = set(
            waiting.filter(milestone__in=[step.pk for step in self.found]).values_list("milestone", flat=True)
        )
        steps, why_not = [], Counter()
        for step in self.found:
            if why := self._why_not(step, waiting):
                why_not[why] += 1
            else:
                steps.append(step)
        return steps, list(why_not.items())

    def _why_not(self, step, waiting):
        reached = step.state == REACHED
        if self.act == "withdraw":
            return "" if reached else _("not reached, so there is nothing to withdraw")
        if reached:
            return _("reached already")
        if self.act == "plan" and not step.is_undated:
            return _("dated already; a new date needs a reason")
        return _("waits for approval already") if self.act == "reached" and step.pk in waiting else ""

    @property
    def steps(self):
        return self._split[0]

    @property
    def left_out(self):
        """[(why, how many)]"""
        return self._split[1]

    @property
    def undated(self):
        """How many have no day that could be moved by days."""
        return sum(step.expected is None for step in self.steps) if self.act == "forecast" else 0

    @property
    def listed(self):
        return len(self.steps) <= ONE_BY_ONE

    @cached_property
    def groups(self):
        """The Groups of `steps`, by building."""
        groups = {}
        for step in self.steps:
            home = step.journey.home
            key = str(home.building_id or "none")
            name = home.building.name if home.building else capfirst(_("homes without a building"))
            groups.setdefault(key, Group(key, name)).steps.append(step)
        return list(groups.values())

    @property
    def only_home(self):
        """The home, where it is but one."""
        homes = {step.journey.home_id: step.journey.home for step in self.steps}
        return next(iter(homes.values())) if len(homes) == 1 else None

    def as_seen(self, seen, among):
        """Those that the person saw and wants, whatever became of them since. `among`: keys of Groups, or None."""
        steps = [step for step in self.found if str(step.pk) in seen]
        if among is None:
            return steps
        return [step for step in steps if str(step.journey.home.building_id or "none") in among]


def is_uuid(text):
    try:
        return bool(UUID(text))
    except ValueError:
        return False
