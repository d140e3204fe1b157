"""What happens by itself: every app registers its sweeps here, and two schedules run them all.

A sweep finds what is due and does it, so running it twice, late or never loses nothing and repeats nothing.

    @every_minute
    def publish_due_updates(*, at): ...

Modules that register sweeps are imported in their app's `AppConfig.ready`.
"""

import structlog
from django.utils import timezone

log = structlog.get_logger(__name__)

SCHEDULES = {
    "minute": {"func": "accounts.jobs.minute", "schedule_type": "I", "minutes": 1},
    "night": {"func": "accounts.jobs.night", "schedule_type": "C", "cron": "30 3 * * *"},
}
_minute, _night = {}, {}


def every_minute(job):
    """Register `job(*, at)` to run about once a minute. Keep it to seconds: long work is a task of its own."""
    return _register(_minute, job)


def nightly(job):
    """Register `job(*, at)` to run once a night, at 03:30."""
    return _register(_night, job)


def _register(jobs, job):
    jobs[f"{job.__module__}.{job.__qualname__}"] = job
    return job


def minute():
    """The task behind the schedule "minute"."""
    run("minute", _minute, at=timezone.now())


def night():
    """The task behind the schedule "night"."""
    run("night", _night, at=timezone.now())


def catch_up(*, at):
    """Do at once what falls due every minute: after a restore, before the worker starts."""
    run("restore", _minute, at=at)


def run(tick, jobs, *, at):
    """Run each of `jobs`, a broken one logged and passed over, then note the heartbeat `tick`.

    The heartbeat comes last, so that a job that hangs shows in /health/ready.
    """
    from accounts.notices.models import Heartbeat

    for name, job in list(jobs.items()):
        try:
            job(at=at)
        except Exception:
            log.exception("job_failed", job=name)
    Heartbeat.objects.beat(tick, at=at)


def ensure_schedules(**kwargs):
    """Create the two schedules, or mend them. Runs after every `migrate`; running it again changes nothing."""
    from django_q.models import Schedule

    for name, fields in SCHEDULES.items():
        wanted = {**fields, "args": None, "kwargs": None, "repeats": -1}
        kept = Schedule.objects.filter(name=name).order_by("pk").first()
        if kept is None:
            Schedule.objects.create(name=name, **wanted)
            continue
        Schedule.objects.filter(name=name).exclude(pk=kept.pk).delete()
        Schedule.objects.filter(pk=kept.pk).update(**wanted)
