"""Two years in the life of one home, day by day: what rules owe it, and what became of that.

The clock is moved by hand; nobody waits. Whoever works at the company does so on the day something is due: they make
the checks, and keep what they have promised.
"""

from collections import namedtuple
from datetime import datetime, time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

from accounts.notices.delivery import deliver
from portal.care.advancing import advance
from portal.care.checks import filling, signing
from portal.care.checks.models import Check
from portal.care.sweep import sweep
from progress.journeys.actions import start_journey
from progress.journeys.models import JourneyTemplate, Milestone
from progress.models import HOSTS
from progress.promises.actions import keep_promise
from progress.promises.models import Promise
from progress.promises.sweep import sweep as sweep_ledger
from progress.warranties.keeping import keep_warranties

NIGHT, MORNING, EVENING = time(3, 30), time(9, 31), time(18, 1)
AT_WORK = time(16)
WORKED_BEFORE = timedelta(days=2)  # a check is made so long before it is due
TASKS = ("care-task", "care-call")
Line = namedtuple("Line", "day what promise")


def live(home, *, first, days, by, alone=lambda run: run()):
    """Move the clock from the day `first`, so many days on. Yields a Line for each thing that happened.

    `by`: who works there. `alone` is given each run of a worker to carry out, and may break it off and begin anew.
    """
    zone = ZoneInfo(home.development.time_zone)
    seen = {}
    for number in range(days):
        day = first + timedelta(days=number)
        for clock in (NIGHT, MORNING, AT_WORK, EVENING):
            at = datetime.combine(day, clock, tzinfo=zone)
            if clock == AT_WORK:
                work(home, by=by, at=at)
            else:
                alone(lambda at=at, day=day, clock=clock: run(day=day, at=at, whole=clock == NIGHT))
        yield from _changes(home, seen, day)


def keys_given(home, *, on):
    """Let the home have its keys on that day, and be on no other journey."""
    template = JourneyTemplate.objects.in_force().get(kind="new_home")
    journey = home.journeys.filter(template__kind="new_home").first()
    journey = journey or start_journey(home=home, template=template, started=on, by=None)
    Milestone.objects.filter(journey=journey, template__code="keys").update(
        planned=on, actual=on, state=Milestone.State.REACHED
    )


def run(*, day, at, whole):
    """What the worker does: by night all of it, by day what is due."""
    if whole:
        keep_warranties(today=day, at=at)
        sweep(at=at)
    else:
        advance(at=at)
    sweep_ledger(at=at)
    deliver(clock=lambda: at)


def work(home, *, by, at):
    """What people do: checks are made two days ahead and signed by an owner, tasks kept on their day."""
    for check in Check.objects.open().filter(home=home, promise__due_at__lte=at + WORKED_BEFORE):
        make(check, by=by, at=at)
    for promise in Promise.objects.open().filter(home=home, kind__in=TASKS, due_at__lte=at + timedelta(hours=4)):
        keep_promise(promise, by=by, at=at)


def make(check, *, by, at):
    """Everything is in order: measured in the middle of what is allowed, and signed by an owner."""
    check = filling.begin(check, by=by, at=at)
    for item in check.form.items.all():
        filling.record(
            check,
            result_id=uuid4(),
            item=item,
            verdict="pass" if item.photo != "always" else "no_access",
            value=item.low if item.low is not None else item.high,
            unit=item.unit,
            by=by,
            done_at=at,
            at=at,
        )
    filling.finish(check, by=by, at=at)
    if not check.is_call:
        owner = check.home.ownerships.live().filter(role__in=HOSTS).select_related("owner").first().owner
        signing.sign(check, owner=owner, by=owner.user, at=at)


def _changes(home, seen, day):
    for promise in Promise.objects.filter(home=home).exclude(rule="").order_by("due_at", "key"):
        if seen.get(promise.pk) != promise.state:
            what = promise.get_state_display() if promise.pk in seen else "promised"
            seen[promise.pk] = promise.state
            yield Line(day, str(what), promise)
