"""Whether care is seen to: when its sweep last came through, and who hears of it when it did not."""

from datetime import timedelta

from accounts.models import User
from accounts.notices.actions import tell
from accounts.notices.models import Heartbeat
from progress.models import Assignment

JOB, SWEEP = "care", "care-sweep"  # the step of each minute; the look at all rules, nightly at least
SILENCES = {JOB: timedelta(minutes=30), SWEEP: timedelta(hours=26)}
LONGEST_GAP = timedelta(days=35)  # what comes again and again is made up for as long as this, and no longer
ALARMED = (Assignment.Role.SUPERVISOR, Assignment.Role.MANAGER)


def last_run(*, at):
    """When all rules were last gone through: at most LONGEST_GAP before `at`, never after it. The first time: `at`."""
    return max(min(_beats().get(SWEEP, at), at), at - LONGEST_GAP)


def stands_still_since(*, at):
    """When care was last seen to, where that is too long ago; None while all is well, or it has never begun."""
    return min((beat for job, beat in _beats().items() if at - beat > SILENCES[job]), default=None)


def note_run(*, at, swept=False):
    """It came through; `swept`: all rules did. Supervisors and managers hear of each gap that it finds, once."""
    beats = _beats()
    for job, beat in beats.items():
        if at - beat > SILENCES[job]:
            posts = Assignment.objects.live().filter(role__in=ALARMED)
            people = User.objects.filter(is_active=True, assignments__in=posts).distinct()
            tell(people, "care-stood-still", Heartbeat.objects.get(job=job), at=at, step=f"{beat:%Y%m%d%H%M}")
    for job in (JOB, SWEEP) if swept else (JOB,):
        Heartbeat.objects.beat(job, at=max(at, beats.get(job, at)))


def _beats():
    """{job: when it last came through}"""
    return dict(Heartbeat.objects.filter(job__in=SILENCES).values_list("job", "at"))
