"""Other people's copies, races of an erasure with whatever else happens to the same customer, and moved clocks."""

from datetime import timedelta
from time import sleep
from unittest.mock import patch

import pytest
from django.urls import reverse

from accounts.actions import AccountError, accept_invitation
from accounts.events.models import Event
from accounts.merges.actions import MergeError, merge_owners
from accounts.merges.models import OwnerMerge
from accounts.models import Owner
from accounts.privacy import downloads, erasure
from accounts.privacy.downloads import PrivacyError
from accounts.privacy.models import Download, ErasureRequest
from progress.models import Ownership, RightState
from progress.transfers import actions as transfers
from progress.transfers.actions import TransferError, transfer_home
from tests.concurrency import all_at_once, without_locks
from tests.factories import (
    NOW,
    TODAY,
    DownloadFactory,
    ErasureRequestFactory,
    HouseholdInvitationFactory,
    OwnerFactory,
    OwnershipFactory,
    StaffFactory,
)

State = ErasureRequest.State


def slowly(function, pause=0.3):
    def wait(*args, **kwargs):
        sleep(pause)
        return function(*args, **kwargs)

    return wait


@pytest.mark.django_db
class TestAnothersCopy:
    @pytest.fixture
    def theirs(self):
        return DownloadFactory(user=OwnershipFactory().owner.user, ready=True, ready_at=NOW, asked_at=NOW)

    @pytest.mark.parametrize(
        "who",
        [
            lambda tie: OwnershipFactory(home=tie.home, role="co_owner").owner.user,
            lambda tie: OwnershipFactory(home=tie.home, role="family").owner.user,
            lambda tie: OwnershipFactory(home=tie.home, former=True).owner.user,
            lambda tie: StaffFactory(group="Supervisors", everywhere=True),
        ],
        ids=["co-owner", "family", "former owner", "supervisor"],
    )
    def test_its_id_opens_nothing(self, client, theirs, who, time_machine):
        time_machine.move_to(NOW, tick=False)
        client.force_login(who(Ownership.objects.get(owner__user=theirs.user)))
        args = [theirs.pk]
        assert client.get(reverse("home:privacy-download", args=args)).status_code == 404
        assert client.post(reverse("home:privacy-discard-download", args=args)).status_code == 404
        assert Download.objects.get(pk=theirs.pk).state == Download.State.READY

    def test_whoever_erased_comes_back_with_it_finds_nothing(self, client, theirs, time_machine):
        time_machine.move_to(NOW, tick=False)
        client.force_login(theirs.user)
        erasure.carry_out(ErasureRequestFactory(owner=theirs.user.owner, state="approved", due_at=NOW), at=NOW)
        assert client.get(reverse("home:privacy-download", args=[theirs.pk])).status_code == 302


@pytest.mark.django_db
class TestMovedClock:
    def test_set_back_nothing_is_erased_before_its_time(self):
        request = ErasureRequestFactory(state=State.APPROVED)
        assert erasure.carry_out(request, at=NOW - timedelta(days=400)) is False

    def test_set_back_after_an_erasure_nothing_is_done_again(self):
        request = ErasureRequestFactory(state=State.APPROVED)
        erasure.carry_out(request, at=request.due_at)
        events = Event.objects.count()
        erasure.carry_out_due(at=NOW)
        erasure.carry_out_due(at=NOW + timedelta(days=60))
        assert Event.objects.count() == events

    def test_set_back_a_lease_is_not_taken_from_its_worker(self):
        download = DownloadFactory()
        assert downloads._claim(download, at=NOW)
        assert downloads._claim(download, at=NOW - timedelta(days=1)) is None


def buying_while_erased(buyer, home):
    request = ErasureRequestFactory(owner=buyer, state=State.APPROVED, due_at=NOW)
    acts = [
        lambda: transfer_home(home=home, to=[buyer], on=TODAY, by=None, at=NOW),
        lambda: sleep(0.1) or erasure.carry_out(request, at=NOW),
    ]
    with patch.object(transfers, "_carry_out", slowly(transfers._carry_out)):
        return all_at_once(lambda act: act(), acts)


def erased_with_a_home():
    return Ownership.objects.filter(state=RightState.LIVE, owner__erased_at__isnull=False).count()


class TestRaces:
    def test_whoever_is_erased_while_buying_has_no_home_afterwards(self, transactional_db):
        """The transfer comes first and the erasure then ends the right, or the other way round and it is refused."""
        outcomes = buying_while_erased(OwnerFactory(), OwnershipFactory().home)
        assert (set(outcomes.raised) <= {TransferError}, erased_with_a_home()) == (True, 0)

    @pytest.mark.postgresql
    def test_without_the_lock_they_would_have_one(self, transactional_db):
        with without_locks():
            buying_while_erased(OwnerFactory(), OwnershipFactory().home)
        assert erased_with_a_home() == 1

    def test_joining_a_household_while_erased_leaves_no_right(self, transactional_db):
        host, guest = OwnershipFactory(), OwnerFactory()
        tie = HouseholdInvitationFactory(
            home=host.home, invited_by=host.owner, invitation__channel="email", invitation__address=guest.user.email
        )
        request = ErasureRequestFactory(owner=guest, state=State.APPROVED, due_at=NOW)
        acts = [
            lambda: accept_invitation(tie.invitation, password=None, language="en", by=guest.user, at=NOW),
            lambda: erasure.carry_out(request, at=NOW),
        ]
        outcomes = all_at_once(lambda act: act(), acts)
        assert (set(outcomes.raised) <= {AccountError}, Owner.objects.filter(name=guest.name).count()) == (True, 0)
        if outcomes.raised:
            assert erased_with_a_home() == 0

    def test_selling_while_erased_ends_the_right_once(self, transactional_db):
        tie = OwnershipFactory()
        request = ErasureRequestFactory(owner=tie.owner, state=State.APPROVED, due_at=NOW)
        buyer = OwnerFactory()
        acts = [
            lambda: transfer_home(home=tie.home, to=[buyer], on=TODAY, by=None, at=NOW),
            lambda: erasure.carry_out(request, at=NOW),
        ]
        outcomes = all_at_once(lambda act: act(), acts)
        assert (outcomes.raised, erased_with_a_home()) == ([], 0)
        assert Event.objects.filter(verb="ended", subject_id=str(tie.pk)).count() == 1
        assert list(Ownership.objects.live().values_list("owner", flat=True)) == [buyer.pk]

    def test_erased_and_merged_at_once_it_is_one_of_both(self, transactional_db):
        kept, gone = OwnerFactory(), OwnerFactory(user=None)
        request = ErasureRequestFactory(owner=kept, state=State.APPROVED, due_at=NOW)
        acts = [
            lambda: erasure.carry_out(request, at=NOW),
            lambda: merge_owners(kept=kept, gone=gone, by=None, at=NOW),
        ]
        outcomes = all_at_once(lambda act: act(), acts)
        assert outcomes.raised == [MergeError]
        assert (Owner.objects.get(pk=kept.pk).erased_at, OwnerMerge.objects.count()) == (NOW, 0)

    def test_asked_for_and_merged_at_once_it_is_one_of_both(self, transactional_db):
        kept, gone = OwnerFactory(user=None), OwnerFactory()
        acts = [
            lambda: erasure.ask_erasure(owner=gone, by=gone.user, at=NOW),
            lambda: merge_owners(kept=kept, gone=gone, by=None, at=NOW),
        ]
        outcomes = all_at_once(lambda act: act(), acts)
        assert outcomes.raised in ([MergeError], [PrivacyError])
        assert ErasureRequest.objects.count() + OwnerMerge.objects.count() == 1

    def test_carried_out_several_times_at_once_it_is_once(self, transactional_db):
        request = ErasureRequestFactory(state=State.APPROVED, due_at=NOW)
        outcomes = all_at_once(lambda _n: erasure.carry_out(request, at=NOW), range(4))
        assert (outcomes.raised, sorted(outcomes.returned)) == ([], [False, False, False, True])
        assert Event.objects.filter(verb="erased").count() == 1

    def test_taken_back_and_carried_out_at_once_it_is_one_of_both(self, transactional_db):
        request = ErasureRequestFactory(state=State.APPROVED, due_at=NOW)
        by = request.owner.user
        acts = [lambda: erasure.take_back(request, by=by), lambda: erasure.carry_out(request, at=NOW)]
        outcomes = all_at_once(lambda act: act(), acts)
        request.refresh_from_db()
        erased = Owner.objects.get(pk=request.owner_id).erased_at is not None
        assert (request.state, outcomes.raised) == ((State.DONE, [PrivacyError]) if erased else (State.TAKEN_BACK, []))

    def test_asked_for_several_times_at_once_it_is_one(self, transactional_db):
        owner = OwnerFactory()
        outcomes = all_at_once(lambda _n: erasure.ask_erasure(owner=owner, by=owner.user, at=NOW).pk, range(4))
        assert (outcomes.raised, len(set(outcomes.returned)), ErasureRequest.objects.count()) == ([], 1, 1)

    def test_several_workers_make_one_copy(self, transactional_db):
        download = downloads.ask_download(user=OwnerFactory().user, at=NOW)
        outcomes = all_at_once(lambda _n: downloads.make(download, clock=lambda: NOW), range(3))
        download.refresh_from_db()
        assert (outcomes.raised, download.state, download.claims) == ([], Download.State.READY, 1)
