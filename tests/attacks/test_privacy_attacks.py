"""Reading, keeping and bringing back what should not be: looks, copies, erasures, and what goes by itself."""

import io
import json
import zipfile
from datetime import timedelta
from time import sleep
from unittest.mock import patch

import pytest
from django.test import Client
from django.urls import reverse

from accounts.actions import AccountError, accept_invitation, invite_owner
from accounts.events.looks import note_look
from accounts.files.delivery import deliver
from accounts.files.models import PrivateFile
from accounts.leaving import leave
from accounts.models import Address, Channel, Invitation, Owner, User
from accounts.notices.actions import tell
from accounts.notices.models import Notice
from accounts.notices.tasks import deliver_due
from accounts.privacy import downloads, erasure, retention
from accounts.privacy.models import Download, ErasureRequest
from progress.imports import actions as imports
from progress.imports import reading
from progress.models import Ownership, RightState, Role
from progress.transfers.models import HomeTransfer
from tests.concurrency import all_at_once, without_locks
from tests.factories import (
    NOW,
    TODAY,
    DownloadFactory,
    ErasureRequestFactory,
    HomeDocumentFactory,
    HomeTransferFactory,
    InvitationFactory,
    OwnerFactory,
    OwnershipFactory,
    QuestionFactory,
    StaffFactory,
    UpdateFactory,
)
from tests.progress.imports.books import ESTATE, book, confirmed, imported, previewed

PAGE = reverse("home:privacy")


@pytest.mark.django_db
class TestLooks:
    @pytest.fixture
    def tie(self):
        return OwnershipFactory()

    def words_for(self, user):
        client = Client()
        client.force_login(user)
        return client.get(reverse("home:looks")).content.decode()

    @pytest.mark.parametrize("role", [Role.FAMILY, Role.TENANT])
    def test_guests_do_not_learn_of_a_sale_from_who_looked_at_it(self, tie, role):
        guest = OwnershipFactory(home=tie.home, role=role)
        by = StaffFactory(name="Song Jia", everywhere=True)
        note_look(HomeTransferFactory(home=tie.home), by=by, home_id=tie.home.pk, at=NOW)
        assert "Song Jia" not in self.words_for(guest.owner.user)
        assert "a transfer of the home" in self.words_for(tie.owner.user)
        note_look(tie.home, by=by, home_id=tie.home.pk, at=NOW)
        assert "the file of the home" in self.words_for(guest.owner.user)

    def test_neighbours_and_the_co_owners_record_stay_out(self, tie):
        other = OwnershipFactory(home=tie.home, role=Role.CO_OWNER)
        neighbour = OwnershipFactory(home__building=tie.home.building)
        note_look(tie.owner, by=StaffFactory(name="Song Jia", everywhere=True), at=NOW)
        note_look(tie.home, by=StaffFactory(name="Ye Fan", everywhere=True), home_id=tie.home.pk, at=NOW)
        seen = [
            [name in self.words_for(row.owner.user) for name in ("Song Jia", "Ye Fan")] for row in (other, neighbour)
        ]
        assert seen == [[False, True], [False, False]]

    def test_a_number_in_the_address_opens_nobody_elses(self, tie):
        note_look(tie.owner, by=StaffFactory(name="Song Jia", everywhere=True), at=NOW)
        client = Client()
        client.force_login(OwnershipFactory().owner.user)
        query = f"?owner={tie.owner.pk}&user={tie.owner.user_id}&home={tie.home.pk}&page=-1"
        assert "Song Jia" not in client.get(reverse("home:looks") + query).content.decode()


@pytest.mark.django_db
class TestTheCopy:
    @pytest.fixture(autouse=True)
    def _now(self, time_machine):
        time_machine.move_to(NOW, tick=False)

    @pytest.mark.parametrize("kind", ["session left open", "logged out", "half in"])
    def test_the_link_in_the_message_opens_nothing_by_itself(self, client, long_in, mailoutbox, kind):
        user = OwnershipFactory(owner__user__password="lantern under the eaves").owner.user
        copy = downloads.ask_download(user=user, at=NOW)
        downloads.make(copy, clock=lambda: NOW)
        deliver_due()
        assert str(copy.pk) not in mailoutbox[-1].body
        if kind == "session left open":
            client.force_login(user)
            long_in(client)
        response = client.get(reverse("home:privacy-download", args=[copy.pk]))
        assert (response.status_code, response.url.startswith("/account/")) == (302, True)

    def test_names_make_no_path_and_no_second_document(self, client):
        tie = OwnershipFactory(owner__name='"},"evil":{"x":"', owner__user__name="../../etc/passwd")
        for title in ("../../../etc/cron.d/x", "C:\\evil", "/abs", "..", "a\u202efdp.exe", "x" * 400, "con\x7f|<>"):
            HomeDocumentFactory(home=tie.home, title_en=title[:120], title_zh="")
        QuestionFactory(tie=tie, text='"]}\n{"sections": []}\r\n=1+1')
        copy = downloads.ask_download(user=tie.owner.user, at=NOW)
        downloads.make(copy, clock=lambda: NOW)
        client.force_login(tie.owner.user)
        response = client.get(reverse("home:privacy-download", args=[copy.pk]))
        archive = zipfile.ZipFile(io.BytesIO(b"".join(response)))
        for name in archive.namelist():
            folder, _slash, last = name.rpartition("/")
            assert (folder in {"", "files"}, last.strip("."), ".." in name.split("/")) == (True, last, False), name
        data = json.loads(archive.read("data.json"))
        assert "evil" not in data
        texts = [entry["text"] for part in data["sections"] for entry in part["entries"] if "text" in entry]
        assert '"]}\n{"sections": []}\r\n=1+1' in texts

    def test_while_a_merge_or_an_erasure_has_passed_over_it_nobody_makes_it(self):
        tie = OwnershipFactory()
        copy = DownloadFactory(user=tie.owner.user)
        erasure.carry_out(ErasureRequestFactory(owner=tie.owner, state="approved", due_at=NOW), at=NOW)
        downloads.make(copy, clock=lambda: NOW)
        assert not Download.objects.filter(state="ready").exists()
        assert not PrivateFile.objects.kept().exists()

    def test_a_front_server_that_caches_is_told_not_to(self, client, rf):
        copy = DownloadFactory(user=OwnershipFactory().owner.user, ready=True)
        client.force_login(copy.user)
        response = client.get(reverse("home:privacy-download", args=[copy.pk]))
        list(response)
        assert response["Cache-Control"] == "private, no-store"
        again = deliver(rf.get("/", headers={"if-none-match": response["ETag"]}), copy.file)
        assert again.status_code == 304  # nothing that a stranger could learn from: their own view answers 404 before


@pytest.mark.django_db
class TestAnothersWish:
    @pytest.fixture
    def wish(self):
        return ErasureRequestFactory(owner=OwnershipFactory().owner)

    @pytest.mark.parametrize("role", [Role.CO_OWNER, Role.FAMILY])
    def test_nobody_of_the_household_takes_it_back_or_asks_it(self, client, wish, role):
        other = OwnershipFactory(home=wish.owner.ownerships.get().home, role=role)
        client.force_login(other.owner.user)
        assert client.post(reverse("home:privacy-take-back")).status_code == 404
        client.post(reverse("home:privacy-erasure"), {"number": wish.owner.customer_no, "owner": wish.owner.pk})
        wish.refresh_from_db()
        assert (wish.state, ErasureRequest.objects.count()) == ("waiting", 1)

    def test_staff_do_not_agree_to_their_own_by_way_of_a_merged_record(self, client):
        boss = StaffFactory(group="Supervisors", everywhere=True)
        wish = ErasureRequestFactory(owner=OwnerFactory(user=boss))
        client.force_login(boss)
        for name, form in (("agree", {}), ("refuse", {"reason": "No"})):
            client.post(reverse(f"desk_erasurerequest:{name}", args=[wish.pk]), form)
        wish.refresh_from_db()
        assert wish.state == "waiting"

    def test_who_works_at_one_of_two_places_does_not_decide(self, client, wish):
        here = wish.owner.ownerships.get().home.development
        OwnershipFactory(owner=wish.owner, former=True)  # elsewhere, long ago
        client.force_login(StaffFactory(group="Supervisors", development=here))
        for name in ("agree", "refuse"):
            assert client.post(reverse(f"desk_erasurerequest:{name}", args=[wish.pk])).status_code == 404
        assert client.get(reverse("desk_erasurerequest:inspect", args=[wish.pk])).status_code == 404


@pytest.mark.django_db
class TestAfterErasure:
    @pytest.fixture
    def erased(self, client):
        tie = OwnershipFactory(owner__user__password="lantern under the eaves")
        tie.owner.addresses.create(channel=Channel.EMAIL, value="old@example.com", verified_at=NOW)
        client.force_login(tie.owner.user)
        tie.email = tie.owner.user.email
        erasure.carry_out(ErasureRequestFactory(owner=tie.owner, state="approved", due_at=NOW), at=NOW)
        tie.owner.refresh_from_db()
        return tie

    def test_nothing_is_said_to_them_any_more(self, erased, mailoutbox):
        home = erased.home
        tell([erased.owner], "update-published", UpdateFactory(homes=[home]), at=NOW)
        deliver_due()
        assert (mailoutbox, Notice.objects.filter(owner=erased.owner, state="queued").count()) == ([], 0)

    def test_no_door_knows_them(self, client, erased, mailoutbox):
        client.post(reverse("account_request_login_code"), {"login": erased.email})
        client.post(reverse("account_reset_password"), {"email": erased.email})
        client.post(reverse("account_login"), {"login": erased.email, "password": "lantern under the eaves"})
        assert client.get(PAGE).status_code == 302
        assert not [mail for mail in mailoutbox if "reset/key" in mail.body]

    @pytest.mark.parametrize("sheet", ["owners", "ownerships"])
    def test_no_workbook_fills_the_record_again(self, erased, sheet):
        home = erased.home
        rows = {
            "owners": [ESTATE["owners"][0], (erased.owner.customer_no, "Back Again", "en", "back@example.com", None)],
            "ownerships": [
                ESTATE["ownerships"][0],
                (
                    erased.owner.customer_no,
                    home.development.name_en,
                    home.building.name,
                    home.number,
                    "owner",
                    "2026-11-01",
                ),
            ],
        }
        run = previewed(book({sheet: rows[sheet]}))
        assert run.state == "refused"
        assert (Owner.objects.get(pk=erased.owner.pk).name, Address.objects.count()) == ("Erased customer", 0)

    def test_nobody_invites_them_or_gives_them_a_home_at_the_desk(self, client, erased):
        client.force_login(StaffFactory(group="Supervisors", everywhere=True))
        form = {"owner": erased.owner.pk, "home": erased.home.pk, "role": "owner", "since": "2026-11-22"}
        client.post(reverse("desk_ownership:add"), form)
        client.post(
            reverse("desk_owner:edit", args=[erased.owner.pk]), {"name": "Back", "customer_no": "X", "email": "b@c.de"}
        )
        with pytest.raises(AccountError):
            invite_owner(owner=erased.owner, address="b@example.com", channel=Channel.EMAIL, by=None, at=NOW)
        erased.owner.refresh_from_db()
        assert erased.owner.name == "Erased customer"
        assert not Ownership.objects.exclude(state=RightState.ENDED).filter(owner=erased.owner).exists()
        assert not erased.owner.addresses.exists()


@pytest.mark.django_db
def test_what_is_still_needed_does_not_go_by_itself():
    """Years later: rights, homes, papers, questions, open wishes and plans are all there."""
    tie = OwnershipFactory()
    QuestionFactory(tie=tie)
    HomeDocumentFactory(home=tie.home)
    HomeTransferFactory(home=OwnershipFactory().home)
    ErasureRequestFactory(owner=tie.owner)
    waiting = Notice.objects.create(owner=tie.owner, kind="home-transferred", channel="email", key="k", due_at=NOW)
    opened = InvitationFactory(expires_at=NOW + timedelta(days=4000))
    retention.run(at=NOW + timedelta(days=3650))
    kept = (Ownership, HomeTransfer, ErasureRequest, Owner, User)
    assert all(model.objects.exists() for model in kept)
    assert tie.home.documents.count() == 1
    assert tie.owner.questions.count() == 1
    assert Notice.objects.get(pk=waiting.pk).state == "queued"
    assert Invitation.objects.filter(pk=opened.pk).exists()


@pytest.mark.django_db(transaction=True)
class TestRaces:
    @pytest.fixture
    def estate(self):
        imported(book(ESTATE))
        owner = Owner.objects.get(customer_no="1001")
        rows = {"owners": [ESTATE["owners"][0], (1001, "Somebody Again", "en", "again@example.com", None)]}
        return ErasureRequestFactory(owner=owner, state="approved", due_at=NOW), confirmed(previewed(book(rows)))

    def at_once(self, wish, run):
        def slowly(*args, **kwargs):
            sleep(0.5)
            return write(*args, **kwargs)

        write = reading.write
        acts = [
            lambda: imports.carry_out(run, today=TODAY, at=NOW),
            lambda: sleep(0.2) or erasure.carry_out(wish, at=NOW),
        ]
        with patch.object(reading, "write", slowly):
            all_at_once(lambda act: act(), acts)
        return set(Owner.objects.filter(erased_at__isnull=False).values_list("name", flat=True))

    def test_an_import_does_not_fill_a_record_that_is_being_erased(self, estate):
        assert self.at_once(*estate) == {"Erased customer"}
        assert not Address.objects.filter(value="again@example.com").exists()

    @pytest.mark.postgresql
    def test_without_the_lock_it_would(self, estate):
        with without_locks():
            assert self.at_once(*estate) == {"Somebody Again"}

    def test_accepted_while_erased_it_is_no_login_of_an_erased_record(self):
        owner = OwnerFactory(user=None, name="Shen Yue")
        invitation = invite_owner(owner=owner, address="shen@example.com", channel=Channel.EMAIL, by=None, at=NOW)
        wish = ErasureRequestFactory(owner=owner, state="approved", due_at=NOW)
        acts = [
            lambda: accept_invitation(invitation, password=None, language="en", at=NOW),
            lambda: erasure.carry_out(wish, at=NOW),
        ]
        all_at_once(lambda act: act(), acts)
        owner.refresh_from_db()
        assert (owner.user, owner.erased_at) == (None, NOW)
        assert not User.objects.filter(is_active=True, email="shen@example.com").exists()

    def test_two_administrators_and_a_leaver_at_once_leave_one(self):
        bosses = [StaffFactory(group="Supervisors", everywhere=True, is_superuser=True) for _each in range(3)]
        pairs = list(zip(bosses, bosses[1:] + bosses[:1], strict=True))
        all_at_once(lambda pair: leave(pair[0], by=pair[1], at=NOW), pairs)
        assert User.objects.filter(is_superuser=True, is_active=True).count() >= 1
