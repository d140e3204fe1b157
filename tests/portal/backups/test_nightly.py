"""The backup that the worker makes each night, and the word about it on the desk."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from django_q.models import OrmQ
from structlog.testing import capture_logs

from accounts.notices.models import Heartbeat
from portal.backups import tasks
from portal.backups.actions import back_up
from portal.backups.store import Store
from portal.desk.today import last_backup
from tests.factories import NOW, StaffFactory, UserFactory


@pytest.fixture
def nightly(settings, store):
    settings.BACKUP_FOLDER, settings.BACKUP_KEEP = str(store), 2


def names_of_tasks():
    return [task.func() for task in OrmQ.objects.all()]


def test_it_is_a_task_of_its_own(db, nightly):
    tasks.queue_backup(at=NOW)
    assert names_of_tasks() == ["portal.backups.tasks.back_up_tonight"]


def test_without_a_folder_there_is_none(db):
    tasks.queue_backup(at=NOW)
    assert names_of_tasks() == []


def test_it_is_noted_and_older_ones_go(portal, nightly, store):
    for day in range(3):
        with time_machine.travel(NOW + timedelta(days=day), tick=False):
            tasks.back_up_tonight()
    assert len(Store(store).backups()) == 2
    assert Heartbeat.objects.get(job="backup").at == NOW + timedelta(days=2)


def test_a_second_one_at_the_same_time_ends_quietly(portal, nightly, store):
    with Store(store).locked(alone=True), capture_logs() as logs:
        tasks.back_up_tonight()
    assert not Heartbeat.objects.filter(job="backup").exists()
    assert [(line["log_level"], line["event"]) for line in logs] == [("info", "backup_at_work")]


def test_one_that_fails_is_an_error(portal, nightly, store):
    store.write_text("no folder")
    with capture_logs() as logs:
        tasks.back_up_tonight()
    assert [(line["log_level"], line["event"]) for line in logs] == [("error", "not_backed_up")]


def test_one_elsewhere_is_not_the_nightly_one(portal, nightly, tmp_path):
    back_up(tmp_path / "stick", at=NOW)
    assert not Heartbeat.objects.filter(job="backup").exists()


def test_one_that_lacks_a_file_is_not_good(portal, nightly, store):
    portal[0].file.storage.delete(portal[0].file.name)
    back_up(store, at=NOW)
    assert not Heartbeat.objects.filter(job="backup").exists()


class TestToday:
    @pytest.mark.parametrize(("ago", "late"), [(35, False), (37, True), (None, True)])
    def test_a_night_that_was_missed_shows(self, db, nightly, ago, late):
        if ago:
            Heartbeat.objects.beat("backup", at=NOW - timedelta(hours=ago))
        assert last_backup(at=NOW) == {"at": NOW - timedelta(hours=ago) if ago else None, "late": late}

    def test_without_a_folder_nothing_is_said(self, db):
        assert last_backup(at=NOW) is None

    def test_administrators_read_it_and_nobody_else(self, client, db, nightly):
        client.force_login(UserFactory(is_superuser=True))
        assert "There is no good backup yet." in client.get("/desk/").content.decode()
        Heartbeat.objects.beat("backup", at=timezone.now())
        assert "Last good backup:" in client.get("/desk/").content.decode()
        client.force_login(StaffFactory(group="Supervisors", everywhere=True))
        assert "backup" not in client.get("/desk/").content.decode().split("<main")[1]
