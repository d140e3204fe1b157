"""What is said of milestones: a new forecast with its reason, reached with its evidence, withdrawn in public.

Each act is one MilestoneChange about the milestones of one development, one home's or hundreds'. `versions` maps
the ids of milestones to the row versions that the person saw: whoever comes second is told, and loses nothing.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from accounts.events.actions import record
from accounts.files.actions import atomic_with_files, store_document
from accounts.models import Owner
from accounts.notices.actions import tell
from progress.models import Ownership

from .actions import JourneyError
from .models import ChangedMilestone, Evidence, Milestone, MilestoneChange

Kind, State = MilestoneChange.Kind, MilestoneChange.State
BATCH = 500


class ChangedMeanwhileError(JourneyError):
    """Somebody else changed one of them after this person had looked. `milestones`: those."""

    def __init__(self, milestones):
        self.milestones = milestones
        super().__init__(
            _("Somebody else has changed “%(milestone)s” of %(home)s meanwhile. Please look at it again.")
            % {"milestone": milestones[0], "home": milestones[0].journey.home}
        )


@dataclass(frozen=True)
class Proof:
    """A photo or document, as a form field has checked it, that shows how far the work is."""

    file: object
    taken_on: date
    caption_en: str = ""
    caption_zh: str = ""


@transaction.atomic
def change_forecast(
    milestones, *, to=None, later_by=None, reason_en="", reason_zh="", versions=None, by, today, at, tells=True
):
    """Expect `milestones` on the day `to`, or so many days later than so far; their owners are told why.

    Returns the MilestoneChange, or None when that is no change. Raises JourneyError for a day that is past, before
    the journey's start, without a reason, or of what is reached already.
    """
    milestones = _locked(milestones, versions)
    _check_reason(reason_en, reason_zh)
    moved = []
    for milestone in milestones:
        day = _new_day(milestone, to=to, later_by=later_by, today=today)
        if day != milestone.expected:
            moved.append((milestone, milestone.state, milestone.expected, day))
            milestone.planned, milestone.forecast = milestone.planned or day, day
    if not moved:
        return None
    change = _change(Kind.FORECAST, moved, reason_en=reason_en, reason_zh=reason_zh, by=by, at=at)
    _save(milestone for milestone, *_others in moved)
    return _made_known(change, by=by, at=at, tells=tells)


@atomic_with_files()
def claim_reached(milestones, *, on, evidence, reason_en="", reason_zh="", versions=None, by, today, at):
    """Say that `milestones` were reached on a day, with `evidence` (Proofs). Somebody else has to approve it.

    Where the company's setting says that one person is enough, it is made known at once.
    Raises JourneyError without evidence, for evidence from before the stage began, a day to come or before the start,
    what is reached already or waits for approval; FileError when a file cannot be stored.
    """
    milestones = _locked(milestones, versions)
    _check_may_be_reached(milestones, on=on, today=today)
    _check_evidence(milestones, evidence, today=today)
    lines = [(milestone, milestone.state, milestone.expected, on) for milestone in milestones]
    change = _change(Kind.REACHED, lines, reason_en=reason_en, reason_zh=reason_zh, by=by, at=at, state=State.WAITING)
    for proof in evidence:
        Evidence.objects.create(
            change=change,
            file=store_document(proof.file, by=by),
            taken_on=proof.taken_on,
            caption_en=proof.caption_en,
            caption_zh=proof.caption_zh,
        )
    record("claimed", change, by=by)
    return change if settings.MILESTONE_APPROVAL else _reach(change, milestones, by=by, at=at)


@transaction.atomic
def approve_change(change, *, by, at):
    """Confirm that they were reached: now it counts, and the owners are told.

    Raises JourneyError for the person who claimed it, when it is decided already, or a milestone was reached since.
    """
    change = _locked_waiting(change)
    if change.by_id == by.pk:
        raise JourneyError(_("Somebody else approves what you have reported."))
    milestones = _locked(Milestone.objects.filter(changes__change=change), None)
    for milestone in milestones:
        if milestone.state == Milestone.State.REACHED:
            raise JourneyError(_("“%(milestone)s” is reached already.") % {"milestone": milestone})
    return _reach(change, milestones, by=by, at=at)


@transaction.atomic
def decline_change(change, *, reason, by, at):
    """Send it back to the one who claimed it. Raises JourneyError when it is decided already or unexplained."""
    change = _locked_waiting(change)
    if not reason.strip():
        raise JourneyError(_("Please say why."))
    change.state, change.declined_because = State.DECLINED, reason.strip()
    change.approver, change.decided_at = by, at
    change.save()
    record("declined", change, by=by)
    if change.by:
        tell([change.by], "milestone-declined", change, at=at)
    return change


@transaction.atomic
def withdraw_reached(milestones, *, reason_en="", reason_zh="", forecast=None, versions=None, by, today, at):
    """Say in public that `milestones` were called reached by mistake. The evidence stays; owners are told why.

    `forecast`: when they are expected now, if known. Raises JourneyError when one is not reached, or without a reason.
    """
    milestones = _locked(milestones, versions)
    _check_reason(reason_en, reason_zh)
    lines = []
    for milestone in milestones:
        if milestone.state != Milestone.State.REACHED:
            raise JourneyError(
                _("“%(milestone)s” is not reached, so there is nothing to withdraw.") % {"milestone": milestone}
            )
        if forecast and forecast < today:
            raise JourneyError(_("A forecast is for a day to come."))
        lines.append((milestone, milestone.state, milestone.actual, forecast))
        milestone.state, milestone.actual, milestone.forecast = Milestone.State.WITHDRAWN, None, forecast
    change = _change(
        Kind.WITHDRAWN,
        lines,
        reason_en=reason_en,
        reason_zh=reason_zh,
        by=by,
        at=at,
        to_state=Milestone.State.WITHDRAWN,
    )
    _save(milestones)
    return _made_known(change, by=by, at=at)


def _locked(milestones, versions):
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


def _locked_waiting(change):
    change = (
        MilestoneChange.objects.select_for_update(of=("self",)).select_related("development", "by").get(pk=change.pk)
    )
    if change.state != State.WAITING:
        raise JourneyError(_("This is decided already: %(state)s.") % {"state": change.get_state_display()})
    return change


def _check_reason(*reasons):
    if not any(reason.strip() for reason in reasons):
        raise JourneyError(_("Please say why; the owners read it."))


def _new_day(milestone, *, to, later_by, today):
    if milestone.state == Milestone.State.REACHED:
        raise JourneyError(_("“%(milestone)s” is reached already.") % {"milestone": milestone})
    if to is None and milestone.expected is None:
        raise JourneyError(_("“%(milestone)s” has no date yet. Please give it one.") % {"milestone": milestone})
    day = to or milestone.expected + timedelta(days=later_by)
    if day < milestone.journey.started:
        raise JourneyError(
            _("The work began on %(day)s; nothing is expected before.") % {"day": milestone.journey.started}
        )
    if day < today:
        raise JourneyError(_("A forecast is for a day to come."))
    return day


def _check_may_be_reached(milestones, *, on, today):
    if on > today:
        raise JourneyError(_("A step is reached on the day it happens, not before."))
    waiting = set(
        ChangedMilestone.objects.filter(milestone__in=milestones, change__state=State.WAITING).values_list(
            "milestone", flat=True
        )
    )
    for milestone in milestones:
        words = {"milestone": milestone, "day": milestone.journey.started}
        if on < milestone.journey.started:
            raise JourneyError(_("The work began on %(day)s; nothing was reached before.") % words)
        if milestone.state == Milestone.State.REACHED:
            raise JourneyError(_("“%(milestone)s” is reached already.") % words)
        if milestone.pk in waiting:
            raise JourneyError(_("“%(milestone)s” waits for approval already.") % words)


def _check_evidence(milestones, evidence, *, today):
    if not evidence:
        raise JourneyError(_("Please add a dated photo or document that shows it."))
    begun = stages_began(milestones)
    for proof in evidence:
        if proof.taken_on > today:
            raise JourneyError(_("Evidence cannot be from a day to come."))
        if proof.taken_on < begun:
            raise JourneyError(_("This evidence is older than the stage, which began on %(day)s.") % {"day": begun})


def stages_began(milestones):
    """The day on which the stages of `milestones` had all begun: the earlier stages done, else the journeys' start."""
    journeys = {milestone.journey_id: milestone.journey for milestone in milestones}
    order = milestones[0].template.stage.order or 0
    earlier = Milestone.objects.filter(
        journey__in=journeys, template__stage__order__lt=order, state=Milestone.State.REACHED
    )
    last = earlier.aggregate(last=Max("actual"))["last"]
    return max(filter(None, [last, *(journey.started for journey in journeys.values())]))


def _change(kind, lines, *, by, at, reason_en, reason_zh, state=State.MADE, to_state=None):
    """Write the change with its lines: (milestone, state before, day before, day by it)."""
    change = MilestoneChange.objects.create(
        development=lines[0][0].journey.home.development,
        kind=kind,
        state=state,
        reason_en=reason_en.strip(),
        reason_zh=reason_zh.strip(),
        by=by,
        at=at,
    )
    reached = Milestone.State.REACHED if kind == Kind.REACHED else None
    rows = (
        ChangedMilestone(
            change=change,
            milestone=milestone,
            from_state=before,
            to_state=to_state or reached or before,
            from_date=earlier,
            to_date=day,
        )
        for milestone, before, earlier, day in lines
    )
    ChangedMilestone.objects.bulk_create(rows, batch_size=BATCH)
    return change


def _reach(change, milestones, *, by, at):
    on = {line.milestone_id: line.to_date for line in change.lines.all()}
    for milestone in milestones:
        milestone.state, milestone.actual = Milestone.State.REACHED, on[milestone.pk]
    _save(milestones)
    change.state, change.approver, change.decided_at = State.MADE, by, at
    change.save()
    return _made_known(change, by=by, at=at)


def _save(milestones):
    milestones = list(milestones)
    for milestone in milestones:
        milestone.row_version = F("row_version") + 1
    Milestone.objects.bulk_update(
        milestones, ["planned", "forecast", "actual", "state", "row_version"], batch_size=BATCH
    )


def _made_known(change, *, by, at, tells=True):
    record("made known", change, by=by)
    if tells:
        tell(owners_of(change), "milestones-changed", change, at=at)
    return change


def owners_of(change):
    """Who follows the progress of the homes that the change is about."""
    homes = change.lines.values("milestone__journey__home")
    ties = Ownership.objects.live().follows_progress().filter(home__in=homes)
    return Owner.objects.active().filter(pk__in=ties.values("owner"))
