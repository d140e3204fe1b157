"""Moving homes to the version in force: what was dated, said and shown stays with them."""

from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from accounts.events.actions import record_each

from .actions import JourneyError
from .models import ChangedMilestone, Journey, JourneyTemplate, Milestone, MilestoneTemplate


@dataclass
class Move:
    """What happens to one journey: `kept` pairs (Milestone, MilestoneTemplate), `added` and `dropped` ones."""

    journey: Journey
    kept: list = field(default_factory=list)
    added: list = field(default_factory=list)
    dropped: list = field(default_factory=list)

    @property
    def in_the_way(self):
        """Milestones that the new version does not have, though something is known of them."""
        return [step for step in self.dropped if step.has_history]

    @property
    def problem(self):
        """Why this journey stays where it is, or nothing."""
        if not self.in_the_way:
            return ""
        names = ", ".join(str(step) for step in self.in_the_way)
        return _("%(home)s: the new version lacks what is dated already: %(names)s.") % {
            "home": self.journey.home,
            "names": names,
        }


def plan_moves(journeys, template):
    """A Move for each of `journeys`, matched by the codes of stage and milestone. Two queries."""
    wanted = {_place(step): step for step in _steps_of(template)}
    said = ChangedMilestone.objects.filter(milestone=OuterRef("pk"))
    steps = Milestone.objects.filter(journey__in=[journey.pk for journey in journeys]).annotate(said=Exists(said))
    moves = {journey.pk: Move(journey, added=dict(wanted)) for journey in journeys}
    for step in steps.select_related("template__stage"):
        move, place = moves[step.journey_id], _place(step.template)
        step.has_history = step.said or not step.is_undated
        if place in wanted:
            move.kept.append((step, wanted[place]))
            del move.added[place]
        else:
            move.dropped.append(step)
    for move in moves.values():
        move.added = list(move.added.values())
    return list(moves.values())


def _steps_of(template):
    return MilestoneTemplate.objects.filter(stage__template=template).select_related("stage").order_by("pk")


def _place(step):
    return step.stage.code, step.code


@transaction.atomic
def move_journeys(journeys, *, template, by):
    """Let all `journeys` follow `template`, the version in force, or none of them. Returns how many were moved.

    Dates, changes and evidence stay with their milestones; new milestones come undated. Journeys that follow it
    already are left as they are. Raises JourneyError when `template` is not in force, is of another kind of work,
    or lacks a milestone of which something is known.
    """
    template = JourneyTemplate.objects.select_for_update().get(pk=template.pk)
    if not template.is_in_force:
        raise JourneyError(_("Another version has come into force meanwhile. Please look again."))
    rows = Journey.objects.select_for_update(of=("self",)).order_by("pk").select_related("home__building", "template")
    rows = [row for row in rows.filter(pk__in=[journey.pk for journey in journeys]) if row.template_id != template.pk]
    if any(row.template.kind != template.kind for row in rows):
        raise JourneyError(_("This version is for another kind of work."))
    list(Milestone.objects.select_for_update().order_by("pk").filter(journey__in=rows).values_list("pk"))
    moves = plan_moves(rows, template)
    if problems := [move.problem for move in moves if move.problem]:
        raise JourneyError(problems[0])
    for move in moves:
        _move(move, template)
    record_each("moved to another version", rows, by=by)
    return len(rows)


def _move(move, template):
    Milestone.objects.filter(pk__in=[step.pk for step in move.dropped]).delete()
    for step, wanted in move.kept:
        step.template = wanted
    Milestone.objects.bulk_update([step for step, _wanted in move.kept], ["template"])
    Milestone.objects.bulk_create(Milestone(journey=move.journey, template=wanted) for wanted in move.added)
    move.journey.template = template
    move.journey.save(update_fields=["template"])
