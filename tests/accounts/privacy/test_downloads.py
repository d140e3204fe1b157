"""A copy of everything held on somebody: what is in it, who makes it how often, and when it is gone."""

import json
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.db import IntegrityError, transaction
from django_q.models import OrmQ

from accounts.events.models import Event
from accounts.files.models import PrivateFile, private_storage
from accounts.merges.actions import merge_owners, undo_merge
from accounts.notices.models import Notice
from accounts.privacy import downloads
from accounts.privacy.downloads import LEASE, MAX_CLAIMS, MOST_A_DAY, PrivacyError
from accounts.privacy.models import KEPT, Download
from accounts.privacy.registry import declared
from tests.concurrency import all_at_once
from tests.factories import NOW, DownloadFactory, OwnerFactory, OwnershipFactory, StaffFactory

from .conftest import OTHERS, contents, entries, made

pytestmark = pytest.mark.django_db
State = Download.State
MINUTE = timedelta(minutes=1)


class TestWhatIsInIt:
    def test_it_has_what_is_held_on_them(self, tie):
        archive = made(tie.owner.user)
        assert entries(archive, "accounts.owner") == [{"name": "Lin Mei", "language": "English", "customer_no": "C-77"}]
        assert [each["value"] for each in entries(archive, "accounts.address")] == ["+8613900000001"]
        assert [each["home"] for each in entries(archive, "progress.ownership")] == [str(tie.home)]
        assert [each["title"] for each in entries(archive, "notices.notice")] == ["Windows are in"]

    def test_each_section_has_a_heading_labels_and_what_is_left_out(self, tie):
        sections = json.loads(made(tie.owner.user)["data.json"])["sections"]
        assert {each["section"] for each in sections} == {
            label for label, one in declared().items() if one.exported and (one.of or one.rows)
        }
        login = next(each for each in sections if each["section"] == "accounts.user")
        assert (login["heading"], login["labels"]["email"]) == ("Your login", "E-mail")
        assert login["not included"] == {"Password": "a secret: whoever has it could sign in as you"}

    def test_it_is_written_in_their_language(self, tie):
        tie.owner.user.language = "zh-hans"
        tie.owner.user.save()
        assert entries(made(tie.owner.user), "accounts.owner")[0]["language"] != "English"

    def test_their_documents_lie_beside_the_entries(self, tie):
        archive = made(tie.owner.user)
        path = entries(archive, "documents.homedocument")[0]["file"]
        assert (path, archive[path]) == ("files/0001-Contract of sale.pdf", b"%PDF-1.7 contract")

    def test_a_document_whose_bytes_are_gone_is_named_all_the_same(self, tie):
        private_storage().delete(PrivateFile.objects.get(content_type="application/pdf").file.name)
        archive = made(tie.owner.user)
        assert entries(archive, "documents.homedocument")[0]["file"] == "this file no longer exists"
        assert [name for name in archive if name.startswith("files/")] == []

    @pytest.mark.parametrize("title", ["../../etc/passwd", "C:\\x\x1f\n", "…" * 120, ".."])
    def test_a_title_makes_no_path(self, tie, title):
        document = tie.home.documents.get()
        document.title_en = title[:120]
        document.save()
        path = entries(made(tie.owner.user), "documents.homedocument")[0]["file"]
        assert (path.count("/"), path.count("\\"), "\n" in path, len(path) < 90) == (1, 0, False, True)

    def test_nothing_of_anybody_else_is_in_it(self, tie):
        archive = made(tie.owner.user)
        whole = b"".join(archive.values()).decode()
        assert [other for other in OTHERS if other in whole] == []

    def test_the_co_owner_gets_their_own(self, tie):
        """The control of the test above: what is left out there stands here."""
        spouse = tie.home.ownerships.get(role="co_owner").owner.user
        whole = b"".join(made(spouse).values()).decode()
        assert [other for other in OTHERS if other in whole] == OTHERS[:3]

    def test_who_looked_at_their_file_is_told_by_role(self, tie):
        looks = [each for each in entries(made(tie.owner.user), "events.event") if each["verb"] == "looked at"]
        assert [each["who"] for each in looks] == ["a member of staff (Customer service)"]

    def test_no_secret_is_in_it(self, tie):
        user = tie.owner.user
        user.set_password("lantern under the eaves")
        user.save()
        assert user.password not in made(user)["data.json"].decode()

    def test_a_member_of_staff_gets_what_is_held_on_them(self):
        user = StaffFactory(name="Agent Ang", everywhere=True)
        archive = made(user)
        assert entries(archive, "accounts.user")[0]["groups"] == ["Site managers"]
        assert len(entries(archive, "progress.assignment")) == 1

    def test_a_family_member_gets_no_contract(self, tie):
        family = OwnershipFactory(home=tie.home, role="family").owner.user
        assert entries(made(family), "documents.homedocument") == []

    def test_a_former_owner_gets_no_documents(self, tie):
        former = OwnershipFactory(home=tie.home, former=True).owner.user
        archive = made(former)
        assert (entries(archive, "documents.homedocument"), len(entries(archive, "progress.ownership"))) == ([], 1)


class TestAsking:
    def test_twice_makes_one(self, tie):
        first = downloads.ask_download(user=tie.owner.user, at=NOW)
        assert downloads.ask_download(user=tie.owner.user, at=NOW) == first
        assert (Download.objects.count(), Event.objects.filter(verb="asked for").count()) == (1, 1)

    @pytest.mark.django_db(transaction=True)
    def test_at_the_same_moment_makes_one(self):
        user = OwnerFactory().user
        outcomes = all_at_once(lambda _n: downloads.ask_download(user=user, at=NOW).pk, range(4))
        assert (outcomes.raised, len(set(outcomes.returned)), Download.objects.count()) == ([], 1, 1)

    def test_the_database_holds_it(self):
        download = DownloadFactory()
        with pytest.raises(IntegrityError), transaction.atomic():
            DownloadFactory(user=download.user)

    def test_one_that_is_ready_is_returned(self):
        ready = DownloadFactory(ready=True)
        assert downloads.ask_download(user=ready.user, at=NOW + MINUTE) == ready

    def test_after_throwing_it_away_another_is_made(self):
        ready = DownloadFactory(ready=True)
        downloads.discard_download(ready, by=ready.user, at=NOW)
        assert downloads.ask_download(user=ready.user, at=NOW + MINUTE) != ready

    def test_the_sixth_within_a_day_is_refused(self):
        user = OwnerFactory().user
        for _n in range(MOST_A_DAY):
            downloads.discard_download(downloads.ask_download(user=user, at=NOW), by=user, at=NOW)
        with pytest.raises(PrivacyError, match="tomorrow"):
            downloads.ask_download(user=user, at=NOW + timedelta(hours=23))
        assert downloads.ask_download(user=user, at=NOW + timedelta(hours=25)).is_waiting


class TestMaking:
    def test_whoever_asked_is_told(self, tie, told):
        made(tie.owner.user)
        assert [pair for pair in told() if pair[1] == "download-ready"] == [(tie.owner.user, "download-ready")]

    def test_a_second_time_makes_nothing_more(self, tie):
        made(tie.owner.user)
        download = Download.objects.get()
        file, notices = download.file, Notice.objects.count()
        downloads.make(download, clock=lambda: NOW + MINUTE)
        download.refresh_from_db()
        assert (download.file, Notice.objects.count()) == (file, notices)

    def test_while_another_worker_is_at_it_nothing_happens(self, tie):
        download = downloads.ask_download(user=tie.owner.user, at=NOW)
        assert downloads._claim(download, at=NOW)
        downloads.make(download, clock=lambda: NOW + MINUTE)
        download.refresh_from_db()
        assert (download.state, download.claims) == (State.WAITING, 1)

    def test_a_worker_that_was_killed_leaves_it_to_the_next(self, tie):
        download = downloads.ask_download(user=tie.owner.user, at=NOW)
        downloads._claim(download, at=NOW)
        downloads.make(download, clock=lambda: NOW + LEASE)
        download.refresh_from_db()
        assert (download.state, download.claims) == (State.READY, 2)

    def test_one_that_comes_too_late_leaves_no_file(self, tie):
        download = downloads.ask_download(user=tie.owner.user, at=NOW)
        files = PrivateFile.objects.count()

        def thrown_away(*args, **kwargs):
            downloads.discard_download(download, by=None, at=NOW)

        with patch.object(downloads, "write_archive", thrown_away):
            downloads.make(download, clock=lambda: NOW + MINUTE)
        download.refresh_from_db()
        assert (download.state, PrivateFile.objects.count()) == (State.GONE, files)

    def test_its_progress_shows(self, tie):
        seen = []
        download = downloads.ask_download(user=tie.owner.user, at=NOW)
        noted = downloads._note_progress

        def note(*args, **kwargs):
            noted(*args, **kwargs)
            seen.append(Download.objects.get().progress)

        with patch.object(downloads, "_note_progress", note):
            downloads.make(download, clock=lambda: NOW + MINUTE)
        assert seen == sorted(seen)
        assert (seen[0] < 10, seen[-1] > 90) == (True, True)


class TestSweep:
    def queued(self, at):
        OrmQ.objects.all().delete()
        downloads.tidy(at=at)
        return OrmQ.objects.count()

    @pytest.fixture
    def waiting(self, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            return downloads.ask_download(user=OwnerFactory().user, at=NOW)

    def test_what_was_just_asked_for_is_left_to_its_task(self, waiting):
        assert (self.queued(NOW + MINUTE), self.queued(NOW + LEASE + MINUTE)) == (0, 1)

    def test_what_a_worker_holds_is_left_alone_until_its_lease_is_over(self, waiting):
        downloads._claim(waiting, at=NOW)
        assert (self.queued(NOW + LEASE - MINUTE), self.queued(NOW + LEASE)) == (0, 1)

    def test_after_three_attempts_it_ends_and_they_are_told(self, waiting, told):
        for attempt in range(MAX_CLAIMS):
            assert downloads._claim(waiting, at=NOW + attempt * LEASE)
        over = NOW + MAX_CLAIMS * LEASE
        assert downloads._claim(waiting, at=over) is None
        downloads.tidy(at=over)
        downloads.tidy(at=over)
        waiting.refresh_from_db()
        assert (waiting.state, told()) == (State.FAILED, [(waiting.user, "download-failed")])

    def test_a_broken_attempt_is_made_again(self, tie):
        download = downloads.ask_download(user=tie.owner.user, at=NOW)
        with (
            patch.object(downloads, "write_archive", side_effect=OSError("disk full")),
            pytest.raises(OSError, match="full"),
        ):
            downloads.make(download, clock=lambda: NOW)
        downloads.make(download, clock=lambda: NOW + LEASE)
        download.refresh_from_db()
        assert "data.json" in contents(download)


class TestEnd:
    def fetchable(self, download, at=NOW + MINUTE):
        return Download.objects.for_user(download.user).to_be_fetched(at=at).exists()

    def test_after_seven_days_it_is_not_handed_over(self):
        ready = DownloadFactory(user=OwnerFactory().user, ready=True)
        assert (self.fetchable(ready, NOW + KEPT - MINUTE), self.fetchable(ready, NOW + KEPT)) == (True, False)

    def test_thrown_away_its_bytes_go(self, django_capture_on_commit_callbacks):
        ready = DownloadFactory(ready=True)
        name = ready.file.file.name
        with django_capture_on_commit_callbacks(execute=True):
            downloads.discard_download(ready, by=ready.user, at=NOW)
        ready.refresh_from_db()
        assert (ready.state, ready.file, private_storage().exists(name)) == (State.GONE, None, False)

    @pytest.mark.parametrize("place", ["kept", "gone"])
    def test_a_merge_ends_it(self, place):
        owner, other = OwnerFactory(), OwnerFactory(user=None)
        ready = DownloadFactory(user=owner.user, ready=True)
        pair = {"kept": owner, "gone": other} if place == "kept" else {"kept": other, "gone": owner}
        merge_owners(**pair, by=None, at=NOW + MINUTE)
        assert not self.fetchable(ready, NOW + 2 * MINUTE)
        downloads.tidy(at=NOW + 2 * MINUTE)
        ready.refresh_from_db()
        assert ready.state == State.GONE

    def test_a_merge_taken_apart_ends_what_was_made_in_between(self):
        owner = OwnerFactory()
        merge = merge_owners(kept=owner, gone=OwnerFactory(user=None), by=None, at=NOW - MINUTE)
        ready = DownloadFactory(user=owner.user, ready=True)
        assert self.fetchable(ready)
        undo_merge(merge, by=None, at=NOW + MINUTE)
        assert not self.fetchable(ready)

    def test_a_login_that_was_given_to_another_record_does_not_take_it_along(self):
        ready = DownloadFactory(user=OwnerFactory().user, ready=True)
        owner = ready.user.owner
        owner.user = None
        owner.save()
        assert not self.fetchable(ready)

    def test_a_closed_login_fetches_nothing(self):
        ready = DownloadFactory(user=OwnerFactory().user, ready=True)
        ready.user.is_active = False
        ready.user.save()
        assert not self.fetchable(ready)

    def test_nobody_fetches_anothers(self):
        ready = DownloadFactory(user=OwnerFactory().user, ready=True)
        assert not Download.objects.for_user(OwnerFactory().user).filter(pk=ready.pk).exists()
