"""The page of a household, what its invited people meet at the door, and what is left to who sold."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Invitation
from accounts.notices.models import Notice
from progress.models import Ownership, Role
from progress.transfers.actions import transfer_home
from progress.updates.models import UpdatePhoto
from tests.factories import (
    NOW,
    TODAY,
    HouseholdInvitationFactory,
    OwnerFactory,
    OwnershipFactory,
    PrivateFileFactory,
    UpdateFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
INVITE = {"name": "Lin Wen", "role": "family", "channel": "email", "address": "lin@example.com", "language": "en"}


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def ownership():
    return OwnershipFactory(owner__name="Shen Yue")


@pytest.fixture
def owner(client, ownership):
    client.force_login(ownership.owner.user)
    return client


def url(name, ownership, *more):
    return reverse(f"home:{name}", args=[ownership.home_id, *more])


def statuses(client, pages):
    """What comes back for each page. A file is closed once it is read."""
    responses = [client.get(page) for page in pages]
    return [(response.status_code, list(response))[0] for response in responses]


class TestPage:
    def test_the_front_page_leads_there_for_owners_only(self, client, ownership):
        for role, there in ((Role.CO_OWNER, True), (Role.FAMILY, False), (Role.TENANT, False)):
            client.force_login(OwnershipFactory(home=ownership.home, role=role).owner.user)
            front = client.get(reverse("home:home", args=[ownership.home_id])).content.decode()
            assert (url("household", ownership) in front) == there

    def test_it_says_who_has_access_as_what_and_since_when(self, owner, ownership):
        OwnershipFactory(home=ownership.home, role=Role.TENANT, owner__name="Zhou Min")
        OwnershipFactory(home=ownership.home, former=True, owner__name="Long Gone")
        HouseholdInvitationFactory(home=ownership.home, invited_by=ownership.owner)
        page = owner.get(url("household", ownership)).content.decode()
        for words in ("Shen Yue", "Zhou Min", "tenant, since 26 January 2026", "Lin Wen"):
            assert words in page
        assert "Long Gone" not in page

    def test_the_number_of_queries_does_not_grow(self, owner, ownership):
        counts = []
        for more in (1, 3):
            OwnershipFactory.create_batch(more, home=ownership.home, role=Role.FAMILY)
            HouseholdInvitationFactory.create_batch(more, home=ownership.home, invited_by=ownership.owner)
            with CaptureQueriesContext(
                connection,
            ) as queries:
                owner.get(url("household", ownership))
            counts.append(len(queries))
        assert counts[0] == counts[1]


class TestInviting:
    def test_by_e_mail(self, owner, ownership):
        assert owner.post(url("household-invite", ownership), INVITE).url == url("household", ownership)
        invitation = Invitation.objects.get()
        assert (invitation.address, invitation.household.home) == ("lin@example.com", ownership.home)

    @pytest.mark.parametrize(
        ("more", "words"),
        [
            ({"address": ""}, "where we reach them"),
            ({"address": "nobody"}, "not an e-mail address"),
            ({"channel": "sms", "address": "12"}, "not a telephone number"),
            ({"role": "owner"}, "Select a valid choice"),
            ({"channel": "inbox"}, "Select a valid choice"),
            ({"name": ""}, "required"),
        ],
    )
    def test_what_is_wrong_is_said(self, owner, ownership, more, words):
        page = owner.post(url("household-invite", ownership), INVITE | more)
        assert words in page.content.decode()
        assert not Invitation.objects.exists()

    def test_without_text_messages_they_are_not_offered(self, owner, ownership, settings):
        settings.SMS_GATEWAY = ""
        assert 'value="sms"' not in owner.get(url("household-invite", ownership)).content.decode()

    def test_the_printed_code_is_in_the_page_without_styles(self, owner, ownership):
        page = owner.post(url("household-invite", ownership), INVITE | {"channel": "code"}, follow=True)
        text = page.content.decode()
        assert settings.BASE_URL + Invitation.objects.get().path in text
        assert "<svg" in text
        assert "style=" not in text

    def test_an_invitation_that_was_sent_shows_no_link(self, owner, ownership):
        """Whoever has the link proves the address with it."""
        tie = HouseholdInvitationFactory(home=ownership.home, invited_by=ownership.owner)
        assert owner.get(url("household-code", ownership, tie.pk)).status_code == 404
        assert tie.invitation.path not in owner.get(url("household", ownership)).content.decode()

    def test_taken_back(self, owner, ownership):
        tie = HouseholdInvitationFactory(home=ownership.home, invited_by=ownership.owner)
        for status in (302, 404):
            assert owner.post(url("household-take-back", ownership, tie.pk)).status_code == status
        tie.invitation.refresh_from_db()
        assert tie.invitation.state(at=NOW) == "revoked"

    def test_another_households_rows_are_not_found_under_ones_own(self, owner, ownership):
        other = OwnershipFactory(role=Role.FAMILY)
        tie = HouseholdInvitationFactory(home=other.home)
        assert owner.post(url("household-take-back", ownership, tie.pk)).status_code == 404
        assert owner.post(url("household-remove", ownership, other.pk)).status_code == 404


class TestAtTheDoor:
    def code(self, ownership):
        return HouseholdInvitationFactory(
            home=ownership.home, invited_by=ownership.owner, invitation__channel="code", invitation__address=""
        ).invitation

    def test_who_scans_the_code_says_where_they_are_reached(self, client, ownership):
        code = self.code(ownership)
        assert client.get(code.path).status_code == 200
        page = client.post(code.path, {"address": "lin@example.com"}).content.decode()
        assert "We have sent your link to lin@example.com" in page
        assert client.get(code.path).status_code == 404
        code.refresh_from_db()
        response = client.post(code.path, {"password": "a long enough one", "language": "en"})
        assert response.status_code == 302
        assert Ownership.objects.get(owner__user__email="lin@example.com").home == ownership.home

    @pytest.mark.parametrize("address", ["", "nobody", "12"])
    def test_an_address_that_is_none_is_asked_for_again(self, client, ownership, address):
        code = self.code(ownership)
        assert client.post(code.path, {"address": address}).context["form"].errors
        assert client.get(code.path).status_code == 200

    def test_who_is_signed_in_joins_with_a_click(self, client, ownership):
        code, user = self.code(ownership), UserFactory()
        client.force_login(user)
        assert "Accept the invitation" in client.get(code.path).content.decode()
        client.post(code.path)
        assert user.owner.ownerships.get().home == ownership.home

    def test_the_page_is_in_the_language_that_the_owner_chose(self, client, ownership):
        tie = HouseholdInvitationFactory(invitation__written_in="zh-hans", home=ownership.home)
        assert '<html lang="zh-Hans"' in client.get(tie.invitation.path).content.decode()


class TestRemoving:
    @pytest.mark.parametrize("role", [Role.FAMILY, Role.TENANT])
    def test_the_next_page_is_not_found(self, client, ownership, role):
        member = OwnershipFactory(home=ownership.home, role=role)
        pages = [reverse("home:home", args=[ownership.home_id])]
        client.force_login(member.owner.user)
        assert statuses(client, pages) == [200]
        client.force_login(ownership.owner.user)
        client.post(url("household-remove", ownership, member.pk))
        client.force_login(member.owner.user)
        assert statuses(client, pages) == [404]

    def test_a_co_owner_stays_and_the_reason_is_said(self, owner, ownership):
        co_owner = OwnershipFactory(home=ownership.home, role=Role.CO_OWNER)
        page = owner.post(url("household-remove", ownership, co_owner.pk), follow=True).content.decode()
        assert "entered and removed by us" in page
        assert Ownership.objects.live().filter(pk=co_owner.pk).exists()


class TestWhoSold:
    """Each kind of thing that the portal shows of a home."""

    @pytest.fixture
    def pages(self, ownership):
        update = UpdateFactory(development=ownership.home.development, homes=[ownership.home])
        photo = UpdatePhoto.objects.create(update=update, file=PrivateFileFactory(), order=0)
        code = HouseholdInvitationFactory(home=ownership.home, invitation__channel="code", invitation__address="")
        return [
            url("home", ownership),
            url("journey", ownership),
            url("household", ownership),
            url("household-invite", ownership),
            url("household-code", ownership, code.pk),
            reverse("home:update", args=[update.pk]),
            reverse("home:photo", args=[update.pk, photo.pk]),
            reverse("home:photo-file", args=[photo.pk, "thumb"]),
        ]

    def test_everything_of_the_home_is_gone_and_is_there_for_the_buyer(self, client, owner, ownership, pages):
        assert statuses(owner, pages) == [200] * 8
        buyer = OwnerFactory()
        transfer_home(home=ownership.home, to=[buyer], on=TODAY, by=None, at=NOW)
        assert statuses(owner, pages) == [404] * 8
        assert owner.get(reverse("home:front")).status_code == 200
        client.force_login(buyer.user)
        # The code was the seller's, and is closed.
        assert statuses(client, pages) == [200] * 4 + [404] + [200] * 3

    def test_messages_stay_for_180_days(self, owner, ownership):
        told = {"kind": "update-published", "subject_kind": "x", "subject_id": "1", "owner": ownership.owner}
        notice = Notice.objects.create(key="m", channel="inbox", state="sent", sent_at=NOW, title="Windows", **told)
        transfer_home(home=ownership.home, to=[OwnerFactory()], on=TODAY, by=None, at=NOW)
        message = reverse("home:message", args=[notice.pk])
        for days, status in ((0, 200), (179, 200), (180, 404)):
            with time_machine.travel(NOW + timedelta(days=days)):
                owner.force_login(ownership.owner.user)
                assert owner.get(message).status_code == status
                assert ("Windows" in owner.get(reverse("home:inbox")).content.decode()) == (status == 200)
