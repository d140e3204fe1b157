from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from django_q.models import OrmQ, Schedule, Task
from django_q.scheduler import scheduler

from accounts import jobs
from accounts.notices.models import Heartbeat
from accounts.privacy import retention
from tests.factories import NOW

WANTED = [("minute", "accounts.jobs.minute"), ("night", "accounts.jobs.night")]


@pytest.fixture
def registered(monkeypatch):
    """The two registries, empty."""
    monkeypatch.setattr(jobs, "_minute", {})
    monkeypatch.setattr(jobs, "_night", {})


def test_a_broken_job_does_not_stop_the_others(db, registered, time_machine):
    time_machine.move_to(NOW, tick=False)
    ran = []

    @jobs.every_minute
    def broken(*, at):
        raise RuntimeError

    @jobs.every_minute
    def sound(*, at):
        ran.append(at)

    jobs.minute()
    assert ran == [NOW]
    assert list(Heartbeat.objects.values_list("job", "at")) == [("minute", NOW)]


def test_the_night_runs_its_own_jobs(db, registered):
    ran = []
    jobs.every_minute(lambda *, at: ran.append("minute"))

    @jobs.nightly
    def clean(*, at):
        ran.append("night")

    jobs.night()
    assert ran == ["night"]


def test_a_job_registered_twice_runs_once(db, registered):
    ran = []

    def job(*, at):
        ran.append(at)

    jobs.every_minute(jobs.every_minute(job))
    jobs.minute()
    assert len(ran) == 1


def test_there_are_two_schedules_without_arguments(db):
    jobs.ensure_schedules()
    jobs.ensure_schedules()
    assert sorted(Schedule.objects.values_list("name", "func", "args", "kwargs")) == [
        (*wanted, None, None) for wanted in WANTED
    ]


def test_migrating_mends_them(db):
    Schedule.objects.filter(name="night").delete()
    Schedule.objects.filter(name="minute").update(args="broken(", repeats=0)
    Schedule.objects.create(name="minute", func="accounts.jobs.minute")
    call_command("migrate", verbosity=0)
    assert sorted(Schedule.objects.values_list("name", "args", "repeats")) == [
        ("minute", None, -1),
        ("night", None, -1),
    ]


def test_django_q_takes_them(transactional_db):
    Schedule.objects.update(next_run=timezone.now() - timedelta(days=3))
    scheduler()
    assert sorted(task.func() for task in OrmQ.objects.all()) == [func for _, func in WANTED]
    assert Schedule.objects.filter(next_run__lte=timezone.now()).count() == 0


def test_results_of_tasks_are_purged(db):
    for name, success, days in [("new", True, 1), ("old", True, 3), ("failed", False, 29), ("long failed", False, 31)]:
        at = NOW - timedelta(days=days)
        Task.objects.create(id=name, name=name, func="x", started=at, stopped=at, success=success)
    retention.run(at=NOW)
    assert sorted(Task.objects.values_list("name", flat=True)) == ["failed", "new"]
