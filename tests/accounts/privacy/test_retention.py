"""What is over its time goes: as the registry says, no sooner, once, and not at all in a dry run."""

from collections import Counter
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django_q.models import OrmQ, Task

from accounts.files.models import private_storage
from accounts.models import Invitation
from accounts.notices.models import Notice
from accounts.privacy import registry, retention, tasks
from accounts.privacy.management.commands import privacy_register
from accounts.privacy.models import KEPT, Download
from accounts.privacy.ways import After
from progress.households.models import HouseholdInvitation
from progress.imports.models import ImportRun
from tests.factories import (
    NOW,
    DownloadFactory,
    HouseholdInvitationFactory,
    InvitationFactory,
    OwnerFactory,
    PrivateFileFactory,
)

from .conftest import told

pytestmark = pytest.mark.django_db
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


def ended(**options):
    """{model: rows} of what a run at NOW ends."""
    found = Counter()
    for rule, count in retention.run(at=NOW, **options):
        found[rule.label] += count
    return dict(+found)


def result(name, success, days):
    at = NOW - timedelta(days=days)
    Task.objects.create(id=name, name=name, func="x", started=at, stopped=at, success=success)


def turns():
    """Work through the queue. Returns how many turns that were."""
    done = 0
    while waiting := OrmQ.objects.first():
        waiting.delete()
        tasks.forget(*waiting.task["args"])
        done += 1
        assert done < 500
    return done


@pytest.fixture
def everything():
    """One of each that is over its time, and one that is just not."""
    owner = OwnerFactory()
    for number, sent_at in enumerate((NOW - 180 * DAY - SECOND, NOW - 180 * DAY + SECOND)):
        told(owner, f"News {number}", sent_at=sent_at)
    for expires_at in (NOW - 30 * DAY - SECOND, NOW - 30 * DAY + SECOND):
        InvitationFactory(expires_at=expires_at)
    for expires_at in (NOW - 180 * DAY - SECOND, NOW - 180 * DAY + SECOND):
        HouseholdInvitationFactory(invitation__expires_at=expires_at, invitation__used_at=NOW - 200 * DAY)
    for key, expires in (("over", NOW - SECOND), ("open", NOW + SECOND)):
        Session.objects.create(session_key=key, session_data="", expire_date=expires)
    for name, success, days in (("new", True, 1), ("old", True, 3), ("failed", False, 29), ("long failed", False, 31)):
        result(name, success, days)
    for ready_at in (NOW - KEPT, NOW - KEPT + SECOND):
        DownloadFactory(ready=True, ready_at=ready_at)
    for asked_at in (NOW - 180 * DAY - SECOND, NOW - 180 * DAY + SECOND):
        DownloadFactory(state="gone", asked_at=asked_at)
    imported()


def imported():
    for days in (8, 6):
        run = ImportRun.objects.create(
            file=PrivateFileFactory(), name="estate.xlsx", state="done", heard_at=NOW, problems=[["Owners", 2, "", "x"]]
        )
        ImportRun.objects.filter(pk=run.pk).update(created_at=NOW - days * DAY)


OVER = {
    "notices.notice": 1,
    "accounts.invitation": 2,
    "households.householdinvitation": 1,
    "sessions.session": 1,
    "django_q.task": 2,
    "privacy.download": 2,
    "imports.importrun": 1,
}


class TestRun:
    def test_it_ends_what_is_over_and_nothing_else(self, everything):
        retention.run(at=NOW)
        assert list(Notice.objects.exclude(title="").values_list("title", flat=True)) == ["News 1"]
        assert (Invitation.objects.count(), HouseholdInvitation.objects.count()) == (2, 1)
        assert list(Session.objects.values_list("session_key", flat=True)) == ["open"]
        assert sorted(Task.objects.values_list("name", flat=True)) == ["failed", "new"]
        assert sorted(Download.objects.values_list("state", flat=True)) == ["gone", "gone", "ready"]
        assert ImportRun.objects.filter(file=None, problems=[]).count() == 1

    def test_a_second_time_it_ends_nothing_more(self, everything):
        assert (ended() != {}, ended()) == (True, {})

    def test_dry_it_counts_the_same_and_changes_nothing(self, everything):
        before = [
            list(model.objects.order_by("pk").values()) for model in (Notice, Invitation, Session, Task, Download)
        ]
        counted = ended(dry=True)
        assert [
            list(model.objects.order_by("pk").values()) for model in (Notice, Invitation, Session, Task, Download)
        ] == before
        assert {label: counted[label] for label in OVER} == OVER

    def test_it_goes_in_batches(self):
        for _n in range(5):
            InvitationFactory(expires_at=NOW - 60 * DAY)
        with patch.object(retention, "BATCH", 2):
            assert ended()["accounts.invitation"] == 5

    def test_the_bytes_of_an_old_download_go(self, django_capture_on_commit_callbacks):
        name = DownloadFactory(ready=True, ready_at=NOW - KEPT).file.file.name
        with django_capture_on_commit_callbacks(execute=True):
            retention.run(at=NOW)
        assert not private_storage().exists(name)

    def test_it_runs_every_night(self, everything, time_machine):
        time_machine.move_to(NOW, tick=False)
        tasks.queue_retention(at=NOW)
        assert turns() == 1
        assert ended() == {}

    def test_a_rule_that_fails_does_not_hold_up_the_others(self, everything):
        def broken(rule, rows, *, at):
            raise ValueError(rule.label)

        with patch.object(retention, "_end", broken):
            assert {count for _rule, count in retention.run(at=NOW)} == {None, 0}
        assert ended() != {}

    def test_a_rule_that_ends_nothing_is_found_out_instead_of_running_for_ever(self, everything, monkeypatch):
        idle = After(1, rows=lambda *, at: Notice.objects.all(), act=lambda rows, *, at: None)
        rule = retention.Rule(registry.declared()["notices.notice"], ("title",), idle)
        monkeypatch.setattr(retention, "rules", lambda: [rule])
        assert retention.run(at=NOW) == [(rule, None)]


class TestTurns:
    """What is not done in one task is done in the next ones: none is so long that it would be killed."""

    @pytest.fixture
    def short(self, monkeypatch, time_machine):
        time_machine.move_to(NOW, tick=False)
        monkeypatch.setattr(tasks, "TURN", 0)  # one batch a turn, or one rule
        monkeypatch.setattr(retention, "BATCH", 2)

    def test_the_night_only_queues_it(self, everything):
        tasks.queue_retention(at=NOW)
        assert ended(dry=True) != {}
        assert [(task.func(), task.task["timeout"]) for task in OrmQ.objects.all()] == [
            ("accounts.privacy.tasks.forget", tasks.LONGEST)
        ]

    def test_it_goes_on_where_the_time_was_up(self, short):
        for _n in range(5):
            InvitationFactory(expires_at=NOW - 60 * DAY)
        number = [rule.label for rule in retention.rules()].index("accounts.invitation")
        assert [retention.run_for(0, at=NOW, first=number) for _n in range(4)] == [number] * 3 + [number + 1]
        assert not Invitation.objects.exists()

    def test_turn_after_turn_all_of_it_goes_and_then_it_ends(self, everything, short):
        tasks.queue_retention(at=NOW)
        assert turns() > len(retention.rules())
        assert ended() == {}

    def test_a_rule_that_fails_is_passed_and_not_tried_again_this_night(self, everything, short, monkeypatch):
        tried = []

        def broken(rule, rows, *, at):
            tried.append((rule.label, rule.fields))
            raise ValueError(rule.label)

        monkeypatch.setattr(retention, "_end", broken)
        tasks.queue_retention(at=NOW)
        assert turns() == len(retention.rules()) + 1
        assert len(tried) == len(set(tried))


class TestCommand:
    def lines(self, capsys, *options):
        call_command("retention", *options)
        return capsys.readouterr().out.splitlines()

    def test_it_prints_a_line_a_rule(self, everything, capsys, time_machine):
        time_machine.move_to(NOW, tick=False)
        lines = self.lines(capsys)
        assert lines[0].split() == ["model", "fields", "after", "rule", "rows"]
        assert [line.split() for line in lines if line.startswith("sessions.session")] == [
            ["sessions.session", "session_key", "session_data", "expire_date", "0", "days", "delete", "1"]
        ]
        assert len(lines) == len(retention.rules()) + 1

    def test_dry_it_says_that_nothing_was_changed(self, everything, capsys, time_machine):
        time_machine.move_to(NOW, tick=False)
        assert self.lines(capsys, "--dry-run")[-1] == "Nothing was changed."
        assert Session.objects.count() == 2

    def test_a_failed_rule_is_named_and_the_command_fails(self, everything, capsys):
        with patch.object(retention, "_carry_out", side_effect=ValueError), pytest.raises(CommandError, match="failed"):
            self.lines(capsys)


class TestTable:
    def test_docs_privacy_md_is_true(self):
        """Fails? `python manage.py privacy_register` writes it anew."""
        call_command("privacy_register", "--check")

    def test_an_old_one_is_found_out(self, tmp_path, monkeypatch):
        monkeypatch.setattr(privacy_register, "PLACE", tmp_path / "privacy.md")
        with pytest.raises(CommandError, match="out of date"):
            call_command("privacy_register", "--check")
        call_command("privacy_register")
        call_command("privacy_register", "--check")
