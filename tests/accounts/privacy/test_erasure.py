"""A customer is erased: asked, taken back, agreed, refused, carried out after the waiting time."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.actions import AccountError, accept_invitation, invite_owner
from accounts.events.models import Event
from accounts.files.models import PrivateFile
from accounts.merges.actions import MergeError, merge_owners, undo_merge
from accounts.models import Address, Channel, Invitation, Owner, User
from accounts.notices import kinds
from accounts.notices.models import Notice
from accounts.privacy import erasure
from accounts.privacy.downloads import PrivacyError, ask_download
from accounts.privacy.models import WAIT, Download, ErasureRequest
from accounts.privacy.registry import Person, erased_first
from accounts.privacy.ways import Stays
from progress.models import Ownership, RightState
from progress.transfers.actions import TransferError, transfer_home, undo_transfer
from tests.factories import (
    NOW,
    TODAY,
    ErasureRequestFactory,
    HouseholdInvitationFactory,
    OwnerFactory,
    OwnershipFactory,
    QuestionFactory,
    StaffFactory,
    UserFactory,
)

from .conftest import told as write_notice

pytestmark = pytest.mark.django_db
State = ErasureRequest.State
DUE = datetime(2026, 12, 22, 15, 59, 59, tzinfo=UTC)  # when the thirtieth day after NOW ends in Shanghai


@pytest.fixture
def supervisor(tie):
    return StaffFactory(group="Supervisors", development=tie.home.development)


@pytest.fixture
def agreed(tie, supervisor):
    request = erasure.ask_erasure(owner=tie.owner, by=tie.owner.user, at=NOW)
    return erasure.approve(request, by=supervisor, at=NOW)


def erase(request, at=DUE):
    return erasure.carry_out(request, at=at)


class TestAsking:
    def test_it_waits_thirty_days_and_they_are_told(self, tie, supervisor, told):
        request = erasure.ask_erasure(owner=tie.owner, by=tie.owner.user, at=NOW)
        assert (request.state, request.due_at) == (State.WAITING, DUE)
        assert [pair for pair in told() if "erasure" in pair[1]] == [
            (tie.owner, "erasure-asked"),
            (supervisor, "erasure-waits"),
        ]

    def test_twice_is_one(self, tie):
        first = erasure.ask_erasure(owner=tie.owner, by=tie.owner.user, at=NOW)
        assert erasure.ask_erasure(owner=tie.owner, by=tie.owner.user, at=NOW) == first
        assert ErasureRequest.objects.count() == 1

    def test_the_database_holds_it(self):
        request = ErasureRequestFactory()
        with pytest.raises(IntegrityError), transaction.atomic():
            ErasureRequestFactory(owner=request.owner)

    def test_only_who_may_decide_there_is_told(self, tie, told):
        StaffFactory(group="Supervisors", development=OwnershipFactory().home.development)
        StaffFactory(group="Customer service", development=tie.home.development)
        everywhere = StaffFactory(group="Supervisors", everywhere=True)
        erasure.ask_erasure(owner=tie.owner, by=tie.owner.user, at=NOW)
        assert [who for who, kind in told() if kind == "erasure-waits"] == [everywhere]

    def test_of_an_erased_record_is_refused(self):
        owner = OwnerFactory(erased_at=NOW)
        with pytest.raises(PrivacyError, match="erased already"):
            erasure.ask_erasure(owner=owner, by=None, at=NOW)

    def test_of_a_record_that_went_into_another_is_refused(self):
        kept, gone = OwnerFactory(), OwnerFactory(user=None)
        merge_owners(kept=kept, gone=gone, by=None, at=NOW)
        with pytest.raises(PrivacyError, match="went into another"):
            erasure.ask_erasure(owner=gone, by=None, at=NOW)

    def test_of_somebody_to_whom_a_home_goes_is_refused(self, tie):
        buyer = OwnerFactory()
        transfer = transfer_home(home=tie.home, to=[buyer], on=TODAY + timedelta(days=7), by=None, at=NOW)
        with pytest.raises(PrivacyError, match="is to be yours on"):
            erasure.ask_erasure(owner=buyer, by=buyer.user, at=NOW)
        undo_transfer(transfer, by=None, at=NOW)
        assert erasure.ask_erasure(owner=buyer, by=buyer.user, at=NOW).is_open


class TestTakingBack:
    def test_nothing_happens(self, agreed, tie):
        erasure.take_back(agreed, by=tie.owner.user)
        assert (erase(agreed), Owner.objects.get(pk=tie.owner.pk).erased_at) == (False, None)

    def test_a_second_time_changes_nothing(self, agreed, tie):
        for _n in range(2):
            erasure.take_back(agreed, by=tie.owner.user)
        assert Event.objects.filter(verb="taken back").count() == 1

    def test_once_refused_there_is_nothing_to_take_back(self, agreed, tie, supervisor):
        erasure.refuse(agreed, reason="The last invoice is open.", by=supervisor, at=NOW)
        with pytest.raises(PrivacyError, match="decided already"):
            erasure.take_back(agreed, by=tie.owner.user)

    def test_they_can_ask_again(self, agreed, tie):
        erasure.take_back(agreed, by=tie.owner.user)
        assert erasure.ask_erasure(owner=tie.owner, by=tie.owner.user, at=DUE).due_at == DUE + WAIT


class TestWhichNight:
    """At 03:30 in Shanghai. What is promised for a day happens in the night after it, not before it begins."""

    NIGHT = datetime(2026, 12, 21, 19, 30, tzinfo=UTC)  # of 22 December

    @pytest.mark.parametrize("hour", [16, 19])  # midnight, and three o'clock, of 22 November
    def test_asked_before_half_past_three_the_last_day_is_theirs(self, tie, supervisor, hour):
        asked = datetime(2026, 11, 21, hour, 0, tzinfo=UTC)
        wish = erasure.ask_erasure(owner=tie.owner, by=tie.owner.user, at=asked)
        erasure.approve(wish, by=supervisor, at=asked)
        nights = [self.NIGHT + timedelta(days=days) for days in (-1, 0, 1)]
        assert [erase(wish, at) for at in nights] == [False, False, True]

    def test_agreed_late_and_before_half_past_three_the_day_is_theirs_too(self, tie, supervisor):
        wish = erasure.ask_erasure(owner=tie.owner, by=tie.owner.user, at=NOW - timedelta(days=10))
        wish = erasure.approve(wish, by=supervisor, at=self.NIGHT - timedelta(hours=1))
        words = kinds.get("erasure-agreed").paragraphs(wish)
        assert words[0] == "We have agreed. It happens in the night after 22 December 2026."
        assert [erase(wish, self.NIGHT + timedelta(days=days)) for days in (0, 1)] == [False, True]


class TestDeciding:
    @pytest.mark.parametrize(("decided", "day"), [(-5, 22), (0, 22), (3, 25)])
    def test_the_day_that_they_are_told_is_ours_and_never_past(self, decided, day):
        due = datetime(2026, 11, 21, 17, tzinfo=UTC)  # the 22nd in Shanghai
        wish = ErasureRequestFactory(state=State.APPROVED, due_at=due, decided_at=due + timedelta(days=decided))
        words = kinds.get("erasure-agreed").paragraphs(wish)
        assert words[0] == f"We have agreed. It happens in the night after {day} November 2026."

    def test_agreed_they_are_told_the_day(self, agreed, tie, told):
        assert (tie.owner, "erasure-agreed") in told()

    def test_refused_they_are_told_and_it_has_the_reason(self, agreed, tie, supervisor, told):
        erasure.refuse(agreed, reason=" The last invoice is open. ", by=supervisor, at=NOW)
        agreed.refresh_from_db()
        assert (agreed.state, agreed.reason) == (State.REFUSED, "The last invoice is open.")
        assert (tie.owner, "erasure-refused") in told()

    @pytest.mark.parametrize("reason", ["", "  \n"])
    def test_refusing_needs_a_reason(self, agreed, supervisor, reason):
        with pytest.raises(PrivacyError, match="write why"):
            erasure.refuse(agreed, reason=reason, by=supervisor, at=NOW)

    def test_what_was_taken_back_is_not_decided(self, agreed, tie, supervisor):
        erasure.take_back(agreed, by=tie.owner.user)
        with pytest.raises(PrivacyError, match="no longer open: taken back"):
            erasure.approve(agreed, by=supervisor, at=NOW)

    def test_nobody_decides_about_themselves(self, tie):
        tie.owner.user.groups.add(Group.objects.get(name="Supervisors"))
        request = erasure.ask_erasure(owner=tie.owner, by=tie.owner.user, at=NOW)
        with pytest.raises(PrivacyError, match="ask a colleague"):
            erasure.approve(request, by=tie.owner.user, at=NOW)

    def test_without_an_answer_nothing_is_erased_and_those_who_decide_are_warned_once(self, tie, supervisor, told):
        request = erasure.ask_erasure(owner=tie.owner, by=tie.owner.user, at=NOW)
        for _night in range(2):
            erasure.carry_out_due(at=DUE)
            erasure.warn_of_overdue(at=DUE)
        request.refresh_from_db()
        assert (request.state, list(ErasureRequest.objects.overdue(at=DUE))) == (State.WAITING, [request])
        assert [pair for pair in told() if pair[1] == "erasure-overdue"] == [(supervisor, "erasure-overdue")]


class TestCarryingOut:
    def test_not_before_the_waiting_time_is_over(self, agreed, tie):
        assert (erase(agreed, DUE - timedelta(seconds=1)), erase(agreed)) == (False, True)

    def test_not_before_staff_have_agreed(self, tie):
        request = erasure.ask_erasure(owner=tie.owner, by=tie.owner.user, at=NOW)
        assert (erase(request), Owner.objects.get(pk=tie.owner.pk).name) == (False, "Lin Mei")

    def test_the_record_keeps_its_number_and_nothing_else(self, agreed, tie):
        erase(agreed)
        owner = Owner.objects.get(pk=tie.owner.pk)
        assert (owner.customer_no, owner.name, owner.user, owner.erased_at) == ("C-77", "Erased customer", None, DUE)
        assert not owner.addresses.exists()

    def test_the_login_says_nothing_and_opens_nothing(self, agreed, tie):
        login, client = tie.owner.user, Client()
        login.set_password("lantern under the eaves")
        login.save()
        client.force_login(login)
        erase(agreed)
        user = User.objects.get(pk=login.pk)
        assert (user.name, user.phone, user.is_active, user.has_usable_password()) == ("", None, False, False)
        assert user.email == f"{user.pk}@erased.invalid"
        assert client.get(reverse("home:inbox")).status_code == 302

    def test_nothing_of_theirs_is_left_anywhere_but_what_stays(self, agreed, tie):
        """By the registry itself: each field is gone, or says why it stays."""
        login = tie.owner.user
        person = Person(user=login, owner=tie.owner)
        before = {
            (each.label, row.pk, name): getattr(row, name)
            for each in erased_first()
            for row in each.rows_of(person)
            for name, treatment in each.personal.items()
            if not isinstance(treatment.erased, Stays) and isinstance(getattr(row, name), str) and getattr(row, name)
        }
        erase(agreed)
        words = {"Lin Mei", "lin@example.com", "+8613900000001", "Windows are in", "Windows are in.", login.name}
        assert words <= set(before.values())
        left = [
            (each.label, name)
            for each in erased_first()
            for row in each.model._base_manager.all()
            for name in each.personal
            if str(getattr(row, name, "")) in words
        ]
        assert left == []

    def test_messages_are_blanked_and_none_goes_out_any_more(self, agreed, tie):
        waiting = write_notice(tie.owner, "Water off", key="w", state=Notice.State.QUEUED, sent_at=None)
        erase(agreed)
        waiting.refresh_from_db()
        assert waiting.state == Notice.State.SUPPRESSED
        assert not Notice.objects.filter(owner=tie.owner).exclude(title="", text="").exists()

    def test_their_rights_end_and_the_co_owner_keeps_everything(self, agreed, tie):
        spouse = tie.home.ownerships.get(role="co_owner").owner
        addresses = list(spouse.addresses.values_list("value", flat=True))
        erase(agreed)
        tie.refresh_from_db()
        assert tie.state == RightState.ENDED
        assert list(Ownership.objects.live().filter(home=tie.home).values_list("owner__name", flat=True)) == ["Wen Lan"]
        assert list(spouse.addresses.values_list("value", flat=True)) == addresses
        assert spouse.user.is_active

    def test_the_documents_stay(self, agreed, tie):
        document = tie.home.documents.get()
        erase(agreed)
        document.refresh_from_db()
        assert (document.withdrawn_at, PrivateFile.objects.kept().filter(pk=document.file_id).exists()) == (None, True)

    def test_the_only_owner_leaves_a_home_without_one(self, supervisor):
        alone = OwnershipFactory()
        request = ErasureRequestFactory(owner=alone.owner, state=State.APPROVED, decided_by=supervisor)
        warnings = [line for line, warns in erasure.what_would_happen(alone.owner) if warns]
        assert [str(alone.home) in line for line in warnings] == [True]
        erase(request)
        assert (alone.home.ownerships.live().count(), type(alone.home).objects.filter(pk=alone.home_id).count()) == (
            0,
            1,
        )

    def test_invitations_that_they_sent_are_taken_back(self, agreed, tie):
        erase(agreed)
        sent = Invitation.objects.get(household__invited_by=tie.owner)
        assert sent.revoked_at == DUE

    def test_a_copy_of_their_data_is_thrown_away(self, agreed, tie):
        download = ask_download(user=tie.owner.user, at=NOW)
        erase(agreed)
        assert not Download.objects.filter(pk=download.pk).exists()

    def test_questions_go(self, agreed, tie):
        QuestionFactory(tie=tie)
        erase(agreed)
        assert not tie.home.questions.exists()

    def test_twice_changes_nothing_more(self, agreed, tie):
        assert erase(agreed)
        events = Event.objects.count()
        assert (erase(agreed), Event.objects.count()) == (False, events)

    def test_there_is_an_event_without_a_name(self, agreed, tie):
        erase(agreed)
        event = Event.objects.get(verb="erased")
        assert (event.subject_id, event.actor, event.reason) == (str(tie.owner.pk), None, "")

    def test_another_customer_is_untouched(self, agreed, tie):
        other = OwnershipFactory()
        Address.objects.create(owner=other.owner, channel=Channel.EMAIL, value="other@example.com")
        told = write_notice(other.owner, "Doors are in")
        name, email = other.owner.name, other.owner.user.email
        erase(agreed)
        for row in (other, other.owner, other.owner.user, told):
            row.refresh_from_db()
        assert (other.state, other.owner.name, other.owner.user.email) == ("live", name, email)
        assert (told.title, other.owner.addresses.count()) == ("Doors are in", 1)

    def test_one_that_fails_does_not_hold_up_the_next(self, tie, supervisor):
        buyer = OwnerFactory()
        hindered = ErasureRequestFactory(owner=buyer, state=State.APPROVED, asked_at=NOW - WAIT, due_at=NOW)
        transfer_home(home=tie.home, to=[buyer], on=TODAY + timedelta(days=7), by=None, at=NOW)
        other = ErasureRequestFactory(state=State.APPROVED, asked_at=NOW - WAIT, due_at=NOW)
        erasure.carry_out_due(at=NOW)
        hindered.refresh_from_db()
        other.refresh_from_db()
        assert (hindered.state, other.state) == (State.APPROVED, State.DONE)


class TestStaffWhoAreCustomers:
    @pytest.fixture
    def colleague(self, tie):
        tie.owner.user.groups.add(Group.objects.get(name="Customer service"))
        return User.objects.get(pk=tie.owner.user_id)

    def test_keep_their_login_and_lose_their_record(self, agreed, tie, colleague):
        email = colleague.email
        erase(agreed)
        colleague.refresh_from_db()
        assert (colleague.email, colleague.is_staff) == (email, True)
        assert Owner.objects.get(pk=tie.owner.pk).name == "Erased customer"
        assert not Owner.objects.filter(user=colleague).exists()

    def test_the_copy_with_their_record_is_thrown_away(self, agreed, colleague):
        download = ask_download(user=colleague, at=NOW)
        erase(agreed)
        download.refresh_from_db()
        assert download.state == Download.State.GONE

    def test_staff_read_so_beforehand(self, agreed, tie, colleague):
        tie.owner.refresh_from_db()
        assert any("works at the desk" in line for line, warns in erasure.what_would_happen(tie.owner) if warns)


class TestMerged:
    def test_the_records_that_went_into_it_are_erased_too(self, tie, supervisor):
        gone = OwnerFactory(name="Lin May", user=UserFactory(email="may@example.com"))
        login = gone.user
        merge_owners(kept=tie.owner, gone=gone, by=None, at=NOW)
        request = erasure.ask_erasure(owner=tie.owner, by=tie.owner.user, at=NOW)
        erase(erasure.approve(request, by=supervisor, at=NOW))
        gone.refresh_from_db()
        login.refresh_from_db()
        assert (gone.name, gone.erased_at, login.email) == ("Erased customer", DUE, f"{login.pk}@erased.invalid")

    def test_while_somebody_wants_to_be_erased_nothing_is_merged(self, agreed, tie):
        for pair in ((tie.owner, OwnerFactory(user=None)), (OwnerFactory(user=None), tie.owner)):
            with pytest.raises(MergeError, match="wants to be erased"):
                merge_owners(kept=pair[0], gone=pair[1], by=None, at=NOW)

    def test_nor_taken_apart(self, tie):
        merge = merge_owners(kept=tie.owner, gone=OwnerFactory(user=None), by=None, at=NOW)
        erasure.ask_erasure(owner=tie.owner, by=tie.owner.user, at=NOW)
        with pytest.raises(MergeError, match="wants to be erased"):
            undo_merge(merge, by=None, at=NOW)


class TestAfterwards:
    def test_an_old_invitation_opens_nothing(self, tie, supervisor, client):
        owner = OwnerFactory(user=None)
        OwnershipFactory(owner=owner, home=tie.home)
        invitation = invite_owner(owner=owner, address="old@example.com", channel=Channel.EMAIL, by=None, at=NOW)
        erase(ErasureRequestFactory(owner=owner, state=State.APPROVED, decided_by=supervisor))
        invitation.refresh_from_db()
        with pytest.raises(AccountError, match="no longer open"):
            accept_invitation(invitation, password=None, language="en", at=DUE)
        page = client.get(invitation.path)
        assert (page.status_code, b"old@example.com" in page.content, invitation.address) == (200, False, "")

    def test_the_household_invitation_they_sent_opens_nothing(self, agreed, tie):
        invitation = Invitation.objects.get(household__invited_by=tie.owner)
        erase(agreed)
        invitation.refresh_from_db()
        with pytest.raises(AccountError, match="no longer open"):
            accept_invitation(invitation, password=None, language="en", at=DUE)

    def test_no_home_goes_to_them(self, agreed, tie):
        erase(agreed)
        with pytest.raises(TransferError, match="has been erased"):
            transfer_home(home=OwnershipFactory().home, to=[tie.owner], on=TODAY, by=None, at=NOW)

    def test_they_can_be_invited_into_a_household_as_somebody_new(self, agreed, tie):
        erase(agreed)
        fresh = HouseholdInvitationFactory(
            home=tie.home,
            invited_by=tie.home.ownerships.get(role="co_owner").owner,
            invitation__address="lin@example.com",
            invitation__expires_at=DUE + timedelta(days=14),
        )
        user = accept_invitation(fresh.invitation, password=None, language="en", at=DUE)
        assert (user.email, user.owner.customer_no == "C-77") == ("lin@example.com", False)
