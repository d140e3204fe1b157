"""What is said of milestones: a new forecast with its reason, reached with its evidence, withdrawn in public.

Each act is one MilestoneChange about the milestones of one development, one home's or hundreds'. `versions` maps
the ids of milestones to the row versions that the person saw: whoever comes second is told, and loses nothing.
"""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.events.actions import record
from accounts.files.actions import atomic_with_files
from accounts.notices.actions import tell
from accounts.notices.circulars import tell_all

from .actions import JourneyError
from .evidence import check_evidence, keep_evidence
from .locking import BATCH, check_each, check_year, in_words, locked, save
from .models import ChangedMilestone, Milestone, MilestoneChange
from .reached import say_reached

Kind, State = MilestoneChange.Kind, MilestoneChange.State


@transaction.atomic
def change_forecast(
    milestones, *, to=None, later_by=None, reason_en="", reason_zh="", versions=None, by, today, at, tells=True
):
    """Expect `milestones` on the day `to`, or so many days later than so far; their owners are told why.

    Returns the MilestoneChange, or None when that is no change. Raises JourneyError for a day that is past, before
    the journey's start, without a reason, or of what is reached already.
    """
    milestones = locked(milestones, versions)
    _check_reason(reason_en, reason_zh)
    moved = []
    days = check_each(milestones, lambda milestone: _new_day(milestone, to=to, later_by=later_by, today=today))
    for milestone, day in zip(milestones, days, strict=True):
        if day != milestone.expected:
            moved.append((milestone, milestone.state, milestone.expected, day))
            milestone.planned, milestone.forecast = milestone.planned or day, day
    if not moved:
        return None
    change = _change(Kind.FORECAST, moved, reason_en=reason_en, reason_zh=reason_zh, by=by, at=at)
    save(milestone for milestone, *_others in moved)
    return _made_known(change, by=by, at=at, tells=tells)


@atomic_with_files()
def claim_reached(milestones, *, on, evidence, reason_en="", reason_zh="", versions=None, by, today, at):
    """Say that `milestones` were reached on a day, with `evidence` (Proofs). Somebody else has to approve it.

    Where the company's setting says that one person is enough, it is made known at once.
    Raises JourneyError without evidence, for evidence from before the stage began, a day to come or before the start,
    what is reached already or waits for approval; FileError when a file cannot be stored.
    """
    milestones = locked(milestones, versions)
    _check_may_be_reached(milestones, on=on, today=today)
    check_evidence(milestones, evidence, today=today)
    lines = [(milestone, milestone.state, milestone.expected, on) for milestone in milestones]
    change = _change(Kind.REACHED, lines, reason_en=reason_en, reason_zh=reason_zh, by=by, at=at, state=State.WAITING)
    keep_evidence(change, evidence, by=by)
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
    milestones = locked(Milestone.objects.filter(changes__change=change), None)
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
    milestones = locked(milestones, versions)
    _check_reason(reason_en, reason_zh)
    lines = []
    for milestone in milestones:
        if milestone.state != Milestone.State.REACHED:
            raise JourneyError(
                _("“%(milestone)s” is not reached, so there is nothing to withdraw.") % {"milestone": milestone}
            )
        if forecast and forecast < today:
            raise JourneyError(_("A forecast is for a day to come."))
        if forecast:
            check_year(forecast, milestone)
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
    save(milestones)
    return _made_known(change, by=by, at=at)


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
            _("The work began on %(day)s; nothing is expected before.") % {"day": in_words(milestone.journey.started)}
        )
    if day < today:
        raise JourneyError(_("A forecast is for a day to come."))
    check_year(day, milestone)
    return day


def _check_may_be_reached(milestones, *, on, today):
    if on > today:
        raise JourneyError(_("A step is reached on the day it happens, not before."))
    waiting = set(
        ChangedMilestone.objects.filter(milestone__in=milestones, change__state=State.WAITING).values_list(
            "milestone", flat=True
        )
    )

    def check(milestone):
        words = {"milestone": milestone, "day": in_words(milestone.journey.started)}
        if on < milestone.journey.started:
            raise JourneyError(_("The work began on %(day)s; nothing was reached before.") % words)
        if milestone.state == Milestone.State.REACHED:
            raise JourneyError(_("“%(milestone)s” is reached already.") % words)
        if milestone.pk in waiting:
            raise JourneyError(_("“%(milestone)s” waits for approval already.") % words)

    check_each(milestones, check)


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
    save(milestones)
    change.state, change.approver, change.decided_at = State.MADE, by, at
    change.save()
    say_reached(change, milestones, at=at)
    return _made_known(change, by=by, at=at)


def _made_known(change, *, by, at, tells=True):
    record("made known", change, by=by)
    if tells:
        tell_all("milestones-changed", change, at=at)
    return change
