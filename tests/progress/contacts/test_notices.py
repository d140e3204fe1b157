"""What owners are told of the people around their home, and what a service centre says of itself after signing."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.leaving import leave
from accounts.models import User
from accounts.notices import kinds
from accounts.notices.actions import tell
from accounts.notices.messages import compose
from accounts.notices.models import Notice
from progress.contacts.actions import hand_over_contact
from progress.contacts.introductions import introduce, introduce_new_owners
from progress.contacts.models import Introduction
from progress.journeys import changing
from progress.journeys.actions import date_milestone, start_journey
from progress.journeys.evidence import Proof
from progress.journeys.models import JourneyTemplate
from progress.models import Role
from progress.transfers.actions import transfer_home
from tests.factories import (
    NOW,
    TINY_JPEG,
    TODAY,
    ContactFactory,
    HomeFactory,
    OwnerFactory,
    OwnershipFactory,
    StaffFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
NEXT_WEEK = TODAY + timedelta(days=7)


@pytest.fixture
def tie():
    return OwnershipFactory(owner__language="en", owner__user__language="en")


def messages(kind, channel="inbox"):
    rows = Notice.objects.filter(kind=kind, channel=channel)
    found = []
    for notice in rows.order_by("created_at", "pk"):
        subject = kinds.get(kind).subjects().get(pk=notice.subject_id)
        found.append(compose(notice, kinds.get(kind), subject))
    return found


def handed_over(contact, to, on=NEXT_WEEK, **given):
    return hand_over_contact(contact=contact, to=to, on=on, by=None, today=TODAY, at=NOW, **given)


class TestHandOver:
    @pytest.fixture
    def contact(self, tie):
        return ContactFactory(home=tie.home, card__name_en="Wang Lei", card__name_zh="王磊")

    @pytest.fixture
    def successor(self):
        return ContactFactory(card__name_en="Xu Man", card__name_zh="许曼", card__email="xu@example.com").user

    def test_it_names_both_the_role_the_home_and_the_day(self, tie, contact, successor):
        handed_over(contact, successor, note_en="Wang Lei goes on leave.", note_zh="王磊休假。")
        message = messages("contact-changed")[0]
        assert message.title == "Customer service: Xu Man takes over from Wang Lei"
        assert message.text.split("\n\n") == [
            f"From 29 November 2026 on, Xu Man looks after {tie.home} instead of Wang Lei: customer service.",
            "Wang Lei goes on leave.",
            "+86 138 0000 0826 · xu@example.com · Working days, 09:00–12:00, 13:30–18:00",
        ]

    def test_it_comes_in_the_readers_language(self, tie, contact, successor):
        User.objects.filter(pk=tie.owner.user_id).update(language="zh-hans")
        handed_over(contact, successor, note_zh="王磊休假。")
        message = messages("contact-changed")[0]
        assert ("许曼" in message.title, "王磊休假。" in message.text, message.language) == (True, True, "zh-hans")

    def test_it_is_no_longer_true_once_given_back_or_when_the_new_one_left(self, tie, contact, successor):
        kind = kinds.get("contact-changed")
        new = handed_over(contact, successor)
        assert kind.still_true(new)
        handed_over(new, contact.user)
        new.refresh_from_db()
        assert not kind.still_true(new)
        back = new.followed_by
        leave(contact.user, by=User.objects.create_superuser("boss@example.com"), at=NOW)
        assert not kind.still_true(back)

    def test_whoever_sold_meanwhile_is_not_told(self, tie, contact, successor):
        kind, new = kinds.get("contact-changed"), handed_over(contact, successor)
        assert kind.still_concerns(new, tie.owner)
        transfer_home(home=tie.home, to=[OwnerFactory()], on=TODAY, by=None, at=NOW)
        assert not kind.still_concerns(new, tie.owner)

    def test_a_batch_asks_once(self, tie, contact, successor, django_assert_num_queries):
        kind, new = kinds.get("contact-changed"), handed_over(contact, successor)
        new.addressees = [tie.owner, OwnerFactory()]
        with django_assert_num_queries(1):
            assert [kind.still_concerns(new, owner) for owner in new.addressees] == [True, False]


def signed(home, kind="new_home", code="contract-signed", **given):
    """The contract of `home`, reported and approved today."""
    journey = start_journey(
        home=home, template=JourneyTemplate.objects.get(kind=kind, version=1), started=TODAY, by=None
    )
    step = journey.milestones.get(template__code=code)
    proof = Proof(SimpleUploadedFile("c.jpg", TINY_JPEG, "image/jpeg"), TODAY)
    change = changing.claim_reached([step], on=TODAY, evidence=[proof], by=UserFactory(), today=TODAY, at=NOW)
    assert Notice.objects.filter(kind="service-introduced").count() == 0
    changing.approve_change(change, by=UserFactory(), at=NOW)
    return step


def introduced():
    rows = Notice.objects.filter(kind="service-introduced", channel="inbox")
    return sorted(rows.values_list("owner__name", flat=True))


class TestIntroduction:
    @pytest.mark.parametrize(
        ("kind", "code"),
        [("new_home", "contract-signed"), ("renovation", "works-signed"), ("refurbishment", "contract-paid")],
    )
    def test_it_comes_when_the_contract_is_confirmed(self, tie, kind, code):
        signed(tie.home, kind, code)
        assert introduced() == [tie.owner.name]

    def test_another_milestone_introduces_nobody(self, tie):
        signed(tie.home, code="ground")
        assert introduced() == []

    def test_it_goes_to_owners_and_co_owners_not_to_family_or_tenants(self, tie):
        co_owner = OwnershipFactory(home=tie.home, role=Role.CO_OWNER).owner
        OwnershipFactory(home=tie.home, role=Role.FAMILY), OwnershipFactory(home=tie.home, role=Role.TENANT)
        signed(tie.home)
        assert introduced() == sorted([tie.owner.name, co_owner.name])

    def test_withdrawn_and_reached_again_it_came_once(self, tie):
        step = signed(tie.home)
        kind, said = kinds.get("service-introduced"), Introduction.objects.get()
        given = {"by": UserFactory(), "today": TODAY, "at": NOW}
        changing.withdraw_reached([step], reason_en="Not signed yet", **given)
        assert not kind.still_true(said)
        proof = Proof(SimpleUploadedFile("c.jpg", TINY_JPEG, "image/jpeg"), TODAY)
        again = changing.claim_reached([step], on=TODAY, evidence=[proof], **given)
        changing.approve_change(again, by=UserFactory(), at=NOW)
        assert (introduced(), kind.still_true(said)) == ([tie.owner.name], True)

    def test_it_names_the_hotline_and_the_people(self, tie, settings):
        ContactFactory(home=tie.home, role="site_manager", card__name_en="Zhou Ning", card__email="")
        signed(tie.home)
        message = messages("service-introduced")[0]
        assert message.title == "Our service centre is there for you"
        assert settings.COMPANY_HOTLINE in message.text
        assert "Site manager: Zhou Ning · +86 138 0000 0826 · Working days" in message.text
        assert message.url == f"/my/homes/{tie.home.pk}/people/"

    def test_whoever_buys_a_home_under_contract_is_introduced(self, tie):
        signed(tie.home)
        buyer = OwnerFactory()
        transfer_home(home=tie.home, to=[buyer], on=TODAY, by=None, at=NOW)
        assert introduced() == sorted([tie.owner.name, buyer.name])

    def test_whoever_buys_a_home_without_a_contract_waits_for_it(self, tie):
        transfer_home(home=tie.home, to=[OwnerFactory()], on=TODAY, by=None, at=NOW)
        assert introduced() == []

    @pytest.mark.parametrize(("days", "told"), [(0, True), (6, True), (7, False)])
    def test_whoever_staff_enter_is_introduced_and_those_of_an_import_are_not(self, days, told):
        home = HomeFactory()
        signed(home)
        owner = OwnershipFactory(home=home, since=TODAY - timedelta(days=days)).owner
        introduce_new_owners(today=TODAY, at=NOW)
        introduce_new_owners(today=TODAY, at=NOW)
        assert introduced() == [owner.name] * told

    def test_an_import_of_dates_says_nothing(self, tie):
        template = JourneyTemplate.objects.get(kind="new_home", version=1)
        journey = start_journey(home=tie.home, template=template, started=TODAY, by=None)
        step = journey.milestones.get(template__code="contract-signed")
        date_milestone(step, planned=TODAY, forecast=None, actual=TODAY, by=None, today=TODAY)
        assert introduced() == []

    def test_asked_for_twice_it_is_said_once(self, tie):
        assert [introduce([tie.home.pk], at=NOW), introduce([tie.home.pk], at=NOW)] == [1, 0]
        assert introduced() == [tie.owner.name]


def test_whoever_is_named_is_introduced_with_how_to_reach_them(tie):
    contact = ContactFactory(home=tie.home, card__name_en="Xu Man", card__phone="", card__email="")
    tell([tie.owner], "contact-named", contact, at=NOW)
    message = messages("contact-named")[0]
    assert (message.title, message.url) == ("Customer service: Xu Man", f"/my/people/{contact.pk}/")
    assert message.text.endswith("Working days, 09:00–12:00, 13:30–18:00")


def test_staff_without_a_group_are_nobodys_contact(tie):
    contact = ContactFactory(home=tie.home, card__user=StaffFactory())
    contact.user.groups.clear()
    assert not kinds.get("contact-named").still_true(contact)


def test_whoever_sold_after_signing_is_not_introduced(tie):
    signed(tie.home)
    kind, said = kinds.get("service-introduced"), Introduction.objects.select_related("home").get()
    assert kind.still_concerns(said, tie.owner)
    transfer_home(home=tie.home, to=[OwnerFactory()], on=TODAY, by=None, at=NOW)
    assert not kind.still_concerns(said, tie.owner)
