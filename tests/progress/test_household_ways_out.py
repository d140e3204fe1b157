"""How an invitation is sent again, how family and tenants leave, and what ends with the right of who invited."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from accounts import jobs
from accounts.events.models import Event
from accounts.notices.models import Notice
from accounts.notices.tasks import deliver_due
from progress.actions import turn_rights
from progress.households import actions
from progress.households.actions import HouseholdError
from progress.households.models import HouseholdInvitation
from progress.models import GUESTS, HOSTS, Home, Ownership, RightState, Role
from tests.factories import NOW, TODAY, HomeFactory, HouseholdInvitationFactory, OwnershipFactory

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=2)


@pytest.fixture
def ownership():
    return OwnershipFactory(owner__name="Shen Yue")


@pytest.fixture
def tie(ownership):
    return invite(ownership)


def invite(ownership, *, at=NOW, **fields):
    given = {"name": "Lin Wen", "role": Role.FAMILY, "channel": "email", "address": "lin@example.com", "language": "en"}
    return actions.invite_to_household(home=ownership.home, by=ownership.owner.user, at=at, **given | fields)


def again(tie, ownership, *, at=LATER):
    actions.send_again(tie, by=ownership.owner.user, at=at)
    return HouseholdInvitation.objects.get(pk=tie.pk).invitation


class TestSendingAgain:
    def test_there_is_a_new_link_for_14_days_and_the_old_one_is_dead(self, tie, ownership):
        old = tie.invitation.path
        invitation = again(tie, ownership)
        assert (invitation.version, invitation.expires_at) == (2, LATER + timedelta(days=14))
        assert invitation.path != old
        assert Notice.objects.filter(invitation=invitation).count() == 2

    def test_an_expired_one_is_open_again(self, tie, ownership):
        late = NOW + timedelta(days=20)
        assert again(tie, ownership, at=late).state(at=late) == "open"

    def test_it_stands_in_the_log_of_the_home(self, tie, ownership):
        again(tie, ownership)
        log = Event.objects.filter(home_id=ownership.home_id).order_by("pk")
        assert list(log.values_list("verb", flat=True)) == ["invited", "sent again"]

    def test_within_the_hour_it_is_refused(self, tie, ownership):
        with pytest.raises(HouseholdError, match="last hour"):
            again(tie, ownership, at=NOW + timedelta(minutes=59))
        assert again(tie, ownership, at=NOW + timedelta(minutes=60)).version == 2

    def test_a_new_code_comes_at_once(self, ownership):
        code = invite(ownership, channel="code")
        assert again(code, ownership, at=NOW).version == 2
        assert not Notice.objects.exists()

    @pytest.mark.parametrize("role", [*GUESTS, None])
    def test_nobody_but_owners_does_it(self, tie, ownership, role):
        other = OwnershipFactory(home=ownership.home, role=role) if role else OwnershipFactory()
        with pytest.raises(HouseholdError, match="Only the owners"):
            again(tie, other)

    def test_what_is_taken_back_stays_so(self, tie, ownership):
        actions.take_back(tie, by=ownership.owner.user, at=NOW)
        with pytest.raises(HouseholdError, match="is over"):
            again(tie, ownership)

    def test_an_expired_one_is_not_the_eleventh(self, tie, ownership):
        late = NOW + timedelta(days=20)
        for number in range(10):
            invite(ownership, at=late, address=f"guest{number}@example.com")
        with pytest.raises(HouseholdError, match="Ten invitations"):
            again(tie, ownership, at=late)


class TestLeaving:
    @pytest.mark.parametrize("role", GUESTS)
    def test_the_home_is_gone_at_once_and_its_owners_are_told(self, ownership, told, role):
        co_owner = OwnershipFactory(home=ownership.home, role=Role.CO_OWNER)
        guest = OwnershipFactory(home=ownership.home, role=role, owner__name="Zhou Min")
        actions.leave_household(home=ownership.home, by=guest.owner.user, at=NOW)
        guest.refresh_from_db()
        assert (guest.state, guest.until) == (RightState.ENDED, TODAY)
        assert not Home.objects.for_user(guest.owner.user).exists()
        assert set(told()) == {(each.owner, "household-left") for each in (ownership, co_owner)}
        deliver_due()
        notice = Notice.objects.filter(channel="inbox").first()
        assert (notice.title, notice.state) == ("Zhou Min has left your household", "sent")
        assert Event.objects.get(subject_id=str(guest.pk)).verb == "left"

    @pytest.mark.parametrize("role", HOSTS)
    def test_owners_do_not_leave(self, ownership, role):
        host = OwnershipFactory(home=ownership.home, role=role)
        with pytest.raises(HouseholdError, match="ring us"):
            actions.leave_household(home=ownership.home, by=host.owner.user, at=NOW)
        assert Ownership.objects.live().filter(pk=host.pk).exists()

    def test_who_left_leaves_once(self, ownership):
        guest = OwnershipFactory(home=ownership.home, role=Role.FAMILY)
        actions.leave_household(home=ownership.home, by=guest.owner.user, at=NOW)
        with pytest.raises(HouseholdError):
            actions.leave_household(home=ownership.home, by=guest.owner.user, at=NOW)


class TestFormerHosts:
    """What they sent opens no more, however their right ended."""

    def state(self, tie):
        return HouseholdInvitation.objects.get(pk=tie.pk).invitation.state(at=NOW)

    def test_by_its_date(self, tie, ownership):
        Ownership.objects.filter(pk=ownership.pk).update(until=TODAY)
        turn_rights(on=TODAY)
        with time_machine.travel(NOW):
            jobs.minute()
        assert self.state(tie) == "revoked"

    def test_a_host_who_is_family_now_counts_as_none(self, tie, ownership):
        Ownership.objects.filter(pk=ownership.pk).update(role=Role.FAMILY)
        assert actions.close_invitations_of_former_hosts(by=None, at=NOW) == 1
        assert actions.close_invitations_of_former_hosts(by=None, at=NOW) == 0
        assert self.state(tie) == "revoked"

    def test_those_of_other_owners_and_of_other_homes_stay(self, tie, ownership):
        OwnershipFactory(owner=ownership.owner, home=HomeFactory(), former=True)
        former = OwnershipFactory(home=ownership.home, former=True)
        HouseholdInvitationFactory(home=ownership.home, invited_by=former.owner)
        assert actions.close_invitations_of_former_hosts(by=None, at=NOW) == 1
        assert self.state(tie) == "open"


class TestPages:
    @pytest.fixture(autouse=True)
    def _today(self):
        with time_machine.travel(LATER, tick=False):
            yield

    def test_an_owner_sends_it_again(self, client, tie, ownership):
        client.force_login(ownership.owner.user)
        page = client.post(reverse("home:household-again", args=[ownership.home_id, tie.pk]), follow=True)
        assert "A new link is on its way" in page.content.decode()

    def test_a_new_code_is_shown(self, client, ownership):
        code = invite(ownership, channel="code")
        client.force_login(ownership.owner.user)
        page = client.post(reverse("home:household-again", args=[ownership.home_id, code.pk]), follow=True)
        code.invitation.refresh_from_db()
        assert code.invitation.path in page.content.decode()

    def test_an_expired_invitation_stands_there_still(self, client, tie, ownership):
        client.force_login(ownership.owner.user)
        with time_machine.travel(NOW + timedelta(days=20), tick=False):
            client.force_login(ownership.owner.user)
            page = client.get(reverse("home:household", args=[ownership.home_id])).content.decode()
            assert "the invitation was good until" in page
            assert (
                client.post(reverse("home:household-take-back", args=[ownership.home_id, tie.pk]), follow=True)
                .context["invitations"]
                .count()
                == 0
            )

    def test_leaving_asks_first(self, client, ownership):
        guest = OwnershipFactory(home=ownership.home, role=Role.TENANT)
        client.force_login(guest.owner.user)
        url = reverse("home:household-leave", args=[ownership.home_id])
        assert url in client.get(reverse("home:home", args=[ownership.home_id])).content.decode()
        assert "Its owners are told" in client.get(url).content.decode()
        assert Ownership.objects.live().filter(pk=guest.pk).exists()
        page = client.post(url, follow=True).content.decode()
        assert f"You no longer belong to {ownership.home}" in page
        assert client.get(url).status_code == 404

    def test_owners_find_no_way_to_leave(self, client, ownership):
        client.force_login(ownership.owner.user)
        url = reverse("home:household-leave", args=[ownership.home_id])
        assert url not in client.get(reverse("home:home", args=[ownership.home_id])).content.decode()
        assert client.post(url).status_code == 404
