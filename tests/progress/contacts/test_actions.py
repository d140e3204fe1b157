"""Who looks after a home: named once a role and place, and handed over so that every owner concerned hears of it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.events.models import Event
from accounts.notices.models import Notice
from progress.contacts import actions
from progress.contacts.actions import ContactError
from progress.contacts.models import Contact
from progress.contacts.people import contacts_for
from progress.contacts.roles import ContactRole
from progress.journeys.actions import start_journey
from progress.journeys.models import JourneyTemplate
from progress.models import Role
from progress.promises.actions import open_promise
from tests.factories import (
    NOW,
    TODAY,
    CardFactory,
    ContactFactory,
    HomeFactory,
    OwnershipFactory,
    StaffFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
TOMORROW, YESTERDAY = TODAY + timedelta(days=1), TODAY - timedelta(days=1)
NEXT_MONTH = TODAY + timedelta(days=30)


@pytest.fixture
def home():
    return HomeFactory()


@pytest.fixture
def successor(home):
    return StaffFactory(group="Customer service", development=home.development)


def named(home=None, development=None, role=ContactRole.PROJECT_MANAGER, **given):
    given = {"user": StaffFactory(), "since": TODAY, "by": None, "today": TODAY, "at": NOW} | given
    return actions.name_contact(development=development or home.development, home=home, role=role, **given)


def handed_over(contact, to, on=TODAY, **given):
    return actions.hand_over_contact(contact=contact, to=to, on=on, by=None, today=TODAY, at=NOW, **given)


def told(kind="contact-changed"):
    """Names of owners, in the order of the alphabet."""
    return sorted(notice.owner.name for notice in Notice.objects.filter(kind=kind, channel="inbox"))


def live(home, name, role=Role.OWNER, **given):
    return OwnershipFactory(home=home, owner__name=name, role=role, **given)


class TestNaming:
    def test_whoever_is_named_for_a_home_is_made_known_to_its_owners(self, home):
        live(home, "Lin"), live(home, "Sold", former=True), live(HomeFactory(building=home.building), "Next door")
        contact = named(home)
        assert told("contact-named") == ["Lin"]
        assert Event.objects.get(verb="named").subject_id == str(contact.pk)

    def test_whoever_is_named_for_a_whole_development_is_on_the_page_and_in_nobodys_inbox(self, home):
        live(home, "Lin")
        named(development=home.development)
        assert told("contact-named") == []

    def test_a_tenant_hears_of_those_who_look_after_tenants_alone(self, home):
        live(home, "Tenant", Role.TENANT)
        named(home, role=ContactRole.PROJECT_MANAGER)
        assert told("contact-named") == []
        named(home, role=ContactRole.CUSTOMER_SERVICE)
        assert told("contact-named") == ["Tenant"]

    @pytest.mark.parametrize(
        ("since", "until"),
        [
            (TODAY, None),
            (YESTERDAY, TOMORROW),
            (NEXT_MONTH, None),
            (TODAY - timedelta(days=200), TODAY - timedelta(days=99)),
        ],
    )
    def test_two_in_one_role_at_one_place_and_time_are_refused(self, home, since, until):
        ContactFactory(home=home)
        with pytest.raises(ContactError, match="Hand that over instead"):
            named(home, role=ContactRole.CUSTOMER_SERVICE, since=since, until=until)

    def test_another_role_another_place_and_days_before_are_free(self, home):
        ContactFactory(home=home)
        named(home, role=ContactRole.DESIGNER)
        named(development=home.development, role=ContactRole.CUSTOMER_SERVICE)
        days = {"since": TODAY - timedelta(days=200), "until": TODAY - timedelta(days=100)}
        named(home, role=ContactRole.CUSTOMER_SERVICE, **days)
        assert Contact.objects.count() == 4

    def test_one_that_was_given_back_on_its_first_day_is_in_nobodys_way(self, home):
        ContactFactory(home=home, since=NEXT_MONTH, until=NEXT_MONTH)
        assert named(home, role=ContactRole.CUSTOMER_SERVICE).until is None

    @pytest.mark.parametrize(
        ("given", "words"),
        [
            ({"since": TODAY, "until": YESTERDAY}, "end comes before"),
            ({"since": TODAY + timedelta(days=400)}, "within a year"),
        ],
    )
    def test_days_in_the_wrong_order_or_too_far_off_are_refused(self, home, given, words):
        with pytest.raises(ContactError, match=words):
            named(home, **given)

    def test_a_customer_or_somebody_who_left_cannot_be_named(self, home):
        for user in (UserFactory(), StaffFactory(is_active=False)):
            with pytest.raises(ContactError, match="works here"):
                named(home, user=user)

    def test_a_home_of_another_development_is_refused(self, home):
        with pytest.raises(ContactError, match="another development"):
            named(home, development=HomeFactory().development)

    @pytest.mark.parametrize("place", ["development", "home"])
    def test_the_database_refuses_a_second_one_without_an_end(self, home, place):
        where = {"home": home} if place == "home" else {"development": home.development}
        ContactFactory(**where)
        with pytest.raises(IntegrityError), transaction.atomic():
            ContactFactory(**where)

    def test_the_database_refuses_an_end_before_the_beginning(self):
        with pytest.raises(IntegrityError), transaction.atomic():
            ContactFactory(since=TODAY, until=YESTERDAY)


class TestHandingOver:
    def test_it_ends_the_one_and_begins_the_other(self, home, successor):
        contact = ContactFactory(home=home, hours="10:00-16:00")
        new = handed_over(contact, successor, on=NEXT_MONTH)
        contact.refresh_from_db()
        assert (contact.until, new.since, new.until, new.hours) == (NEXT_MONTH, NEXT_MONTH, None, "10:00-16:00")
        assert [each.user for each in contacts_for(home, today=TODAY)] == [contact.user]
        assert [each.user for each in contacts_for(home, today=NEXT_MONTH)] == [successor]

    def test_every_owner_of_the_development_is_told_once(self, home, successor):
        live(home, "Lin"), live(home, "Mei", Role.CO_OWNER)
        both = live(home, "Two homes")
        OwnershipFactory(home=HomeFactory(building=home.building), owner=both.owner)
        live(home, "Sold", former=True), live(HomeFactory(), "Elsewhere")
        handed_over(ContactFactory(development=home.development), successor)
        assert told() == ["Lin", "Mei", "Two homes"]

    def test_whoever_has_somebody_closer_in_that_role_is_left_in_peace(self, home, successor):
        live(home, "Lin"), live(HomeFactory(building=home.building), "Next door")
        ContactFactory(home=home)
        handed_over(ContactFactory(development=home.development), successor)
        assert told() == ["Next door"]

    def test_where_the_job_has_somebody_of_its_own_the_home_hears_nothing(self, home, successor):
        live(home, "Lin")
        template = JourneyTemplate.objects.get(kind="renovation", version=1)
        journey = start_journey(home=home, template=template, started=TODAY, by=None)
        ContactFactory(home=home, journey=journey)
        handed_over(ContactFactory(home=home), successor)
        assert told() == []

    def test_asked_for_twice_it_is_one(self, home, successor):
        live(home, "Lin")
        contact = ContactFactory(home=home)
        assert handed_over(contact, successor) == handed_over(contact, successor)
        assert (Contact.objects.count(), told()) == (2, ["Lin"])

    def test_to_another_after_it_is_settled_is_refused(self, home, successor):
        contact = ContactFactory(home=home)
        handed_over(contact, successor, on=NEXT_MONTH)
        with pytest.raises(ContactError, match="already"):
            handed_over(contact, StaffFactory())

    def test_one_that_was_a_mistake_is_given_back_on_the_same_day(self, home, successor):
        contact = ContactFactory(home=home)
        wrong = handed_over(contact, successor, on=NEXT_MONTH)
        handed_over(wrong, contact.user, on=NEXT_MONTH)
        assert [each.user for each in contacts_for(home, today=NEXT_MONTH)] == [contact.user]

    @pytest.mark.parametrize(
        ("given", "on", "words"),
        [
            ({}, YESTERDAY, "This day is past"),
            ({}, TODAY + timedelta(days=400), "within a year"),
            ({"since": TOMORROW}, TODAY, "nobody can take over before"),
            ({"until": TODAY}, TODAY, "no more on that day"),
            ({"until": TOMORROW}, NEXT_MONTH, "no more on that day"),
        ],
    )
    def test_a_day_that_cannot_be_is_refused(self, home, successor, given, on, words):
        with pytest.raises(ContactError, match=words):
            handed_over(ContactFactory(home=home, **given), successor, on=on)

    def test_to_oneself_or_to_nobody_who_works_here_is_refused(self, home):
        contact = ContactFactory(home=home)
        for to in (contact.user, UserFactory(), StaffFactory(is_active=False)):
            with pytest.raises(ContactError, match="Please choose"):
                handed_over(contact, to)

    def test_what_was_for_a_time_stays_for_that_time(self, home, successor):
        assert handed_over(ContactFactory(home=home, until=NEXT_MONTH), successor).until == NEXT_MONTH


def promised(home, to):
    return open_promise(
        key=f"p{home.pk}{to.pk}",
        kind="next-update",
        development=home.development,
        home=home,
        responsible=to,
        due_at=NOW + timedelta(days=60),
        by=None,
        at=NOW,
    )


class TestPromises:
    def test_those_about_the_home_pass_on_with_it(self, home, successor):
        contact = ContactFactory(home=home)
        mine, other = promised(home, contact.user), promised(home, StaffFactory())
        handed_over(contact, successor)
        mine.refresh_from_db(), other.refresh_from_db()
        assert (mine.responsible, other.responsible == successor) == (successor, False)

    def test_of_a_hand_over_to_come_they_pass_on_on_its_day(self, home, successor):
        contact = ContactFactory(home=home)
        promise = promised(home, contact.user)
        handed_over(contact, successor, on=NEXT_MONTH)
        actions.move_due_work(today=NEXT_MONTH - timedelta(days=1))
        promise.refresh_from_db()
        assert promise.responsible == contact.user
        actions.move_due_work(today=NEXT_MONTH)
        promise.refresh_from_db()
        assert promise.responsible == successor

    def test_whoever_may_not_see_them_does_not_get_them(self, home):
        contact = ContactFactory(home=home)
        promise = promised(home, contact.user)
        handed_over(contact, StaffFactory(group="Marketing"))
        promise.refresh_from_db()
        assert promise.responsible == contact.user


class TestMany:
    def test_all_of_one_person_pass_on_or_none(self, home, successor):
        card = CardFactory()
        ContactFactory(card=card, home=home)
        ContactFactory(card=card, development=home.development)
        to_come = ContactFactory(card=card, development=home.development, role="designer", since=NEXT_MONTH)
        over = ContactFactory(card=card, home=home, role="sales", until=YESTERDAY)
        given = {"to": successor, "on": TODAY, "by": None, "today": TODAY, "at": NOW}
        assert actions.hand_over_all(user=card.user, contacts=Contact.objects.all(), **given) == 3
        new = Contact.objects.filter(user=successor).order_by("since", "home")
        assert [each.since for each in new] == [TODAY, TODAY, NEXT_MONTH]
        over.refresh_from_db(), to_come.refresh_from_db()
        assert (over.until, to_come.until) == (YESTERDAY, NEXT_MONTH)

    def test_where_one_cannot_pass_on_none_does(self, home):
        card = CardFactory()
        ContactFactory(card=card, home=home)
        given = {"to": UserFactory(), "on": TODAY, "by": None, "today": TODAY, "at": NOW}
        with pytest.raises(ContactError):
            actions.hand_over_all(user=card.user, contacts=Contact.objects.all(), **given)
        assert Contact.objects.count() == 1


class TestChanging:
    def changed(self, contact, **given):
        given = {"hours": "", "every_day": False, "until": contact.until} | given
        return actions.change_contact(contact, by=None, today=TODAY, **given)

    def test_hours_and_an_end_can_change(self, home):
        contact = self.changed(ContactFactory(home=home), hours="10:00-12:00", every_day=True, until=NEXT_MONTH)
        assert (contact.hours, contact.every_day, contact.until) == ("10:00-12:00", True, NEXT_MONTH)

    def test_an_end_in_the_past_is_refused(self, home):
        with pytest.raises(ContactError, match="past"):
            self.changed(ContactFactory(home=home), until=YESTERDAY)

    def test_whoever_has_handed_over_stays_no_longer(self, home, successor):
        contact = ContactFactory(home=home)
        handed_over(contact, successor, on=NEXT_MONTH)
        with pytest.raises(ContactError, match="handed over already"):
            self.changed(contact, until=None)
