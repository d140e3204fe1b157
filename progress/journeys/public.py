"""How far a development is, as anybody may know it: dates and states that many homes share, and nothing of one."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Count
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.languages import half_of

from .models import Kind, Milestone

FEWEST = 3  # homes: what fewer have in common would tell of them
KINDS = (Kind.NEW_HOME, Kind.RENOVATION)  # what a company builds; a repair is its owner's business
NAMES = {
    "ground": _("Foundations"),
    "topping-out": _("Topping out"),
    "windows": pgettext_lazy("a milestone", "Windows"),
    "pipes-and-wires": _("Pipes and wires"),
    "finishing": _("Fittings and finishing"),
    "acceptance": _("Official acceptance"),
    "works-started": _("Works started"),
    "half-way": _("Half-way"),
    "works-finished": _("Works finished"),
    "keys": pgettext_lazy("a milestone", "Keys"),
}  # by the milestone's code, in their order; the others are between the company and an owner


@dataclass(frozen=True)
class PublicStep:
    """One milestone: its dates where most homes have the same, else how many of the homes have reached it."""

    code: str
    state: str
    planned: date | None = None
    forecast: date | None = None
    actual: date | None = None
    reached: int | None = None
    homes: int | None = None

    @property
    def name(self):
        return NAMES[self.code]

    @property
    def is_counted(self):
        """Whether it is known by number alone, since the homes have it at different times."""
        return self.homes is not None

    @property
    def expected(self):
        return self.actual or self.forecast or self.planned

    @property
    def is_reached(self):
        return self.state == Milestone.State.REACHED

    @property
    def is_withdrawn(self):
        return self.state == Milestone.State.WITHDRAWN

    @property
    def days_late(self):
        """Days between the plan and what came or is expected; negative when early, None where nobody can say."""
        return (self.expected - self.planned).days if self.planned else None


@dataclass(frozen=True)
class PublicProgress:
    """The milestones of the places that share them: buildings by name, or none for homes without a building."""

    kind: str
    places: tuple[str, ...]
    steps: tuple[PublicStep, ...]

    @property
    def kind_name(self):
        return Kind(self.kind).label

    @property
    def next_step(self):
        """The first that is neither reached nor withdrawn."""
        return next((step for step in self.steps if not step.is_reached and not step.is_withdrawn), None)


def public_progress(development):
    """A list of PublicProgress, by kind and building; buildings with the same dates together. One query."""
    found = Milestone.objects.filter(
        journey__home__development=development, journey__template__kind__in=KINDS, template__code__in=NAMES
    )
    found = (
        found.order_by()
        .values_list(
            "journey__template__kind",
            "journey__home__building__name",
            "template__code",
            "state",
            "planned",
            "forecast",
            "actual",
        )
        .annotate(homes=Count("journey__home", distinct=True))
    )
    variants = defaultdict(lambda: defaultdict(list))
    for kind, building, code, *variant in found:
        variants[kind, building or ""][code].append(tuple(variant))
    shared = defaultdict(list)
    for (kind, building), codes in sorted(variants.items()):
        steps = tuple(filter(None, (_step(code, codes[code]) for code in NAMES if code in codes)))
        if steps:
            shared[kind, steps].append(half_of(building))
    return [PublicProgress(kind, tuple(filter(None, places)), steps) for (kind, steps), places in shared.items()]


def _step(code, variants):
    """`variants`: (state, planned, forecast, actual, homes) of one milestone. None where too few homes have it."""
    homes = sum(variant[-1] for variant in variants)
    if homes < FEWEST:
        return None
    *shared, most = max(variants, key=lambda variant: (variant[-1], str(variant)))
    if most >= FEWEST and 2 * most > homes:
        return PublicStep(code, *shared)
    reached = sum(variant[-1] for variant in variants if variant[0] == Milestone.State.REACHED)
    state = Milestone.State.REACHED if reached == homes else Milestone.State.PLANNED
    return PublicStep(code, state, reached=reached, homes=homes)
