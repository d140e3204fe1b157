"""Who is shown for a place on a day: one a role, whoever is closest; and when they are there."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import translation

from accounts.leaving import leave
from accounts.models import User
from progress.calendar.models import CalendarOverride
from progress.contacts.hours import hours_of, openings
from progress.contacts.models import Card, Contact
from progress.contacts.people import contacts_for
from progress.journeys.actions import start_journey
from progress.journeys.models import JourneyTemplate
from progress.models import Role
from tests.factories import NOW, TODAY, CardFactory, ContactFactory, HomeFactory, OwnershipFactory, StaffFactory

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # 10:00 in Shanghai


@pytest.fixture
def home():
    return HomeFactory()


def job(home, kind="renovation", started=TODAY):
    return start_journey(
        home=home, template=JourneyTemplate.objects.get(kind=kind, version=1), started=started, by=None
    )


class TestPlaces:
    def test_the_closest_one_counts(self, home):
        everywhere = ContactFactory(development=home.development)
        assert contacts_for(home, today=TODAY) == [everywhere]
        here = ContactFactory(home=home)
        assert contacts_for(home, today=TODAY) == [here]
        at_the_job = ContactFactory(home=home, journey=job(home))
        assert contacts_for(home, today=TODAY) == [at_the_job]

    def test_of_two_jobs_the_one_begun_last_counts(self, home):
        late = ContactFactory(home=home, journey=job(home, "repair"))
        ContactFactory(home=home, journey=job(home, started=TODAY - timedelta(days=9)))
        assert contacts_for(home, today=TODAY) == [late]

    def test_a_job_that_has_ended_has_nobody(self, home):
        journey = job(home)
        ContactFactory(home=home, journey=journey)
        journey.ended = TODAY
        journey.save()
        assert contacts_for(home, today=TODAY) == []

    def test_they_stand_in_the_order_of_their_roles(self, home):
        service = ContactFactory(home=home, role="service_centre")
        manager = ContactFactory(development=home.development, role="site_manager")
        assert contacts_for(home, today=TODAY) == [manager, service]
        assert contacts_for(home, today=TODAY, roles=["service_centre"]) == [service]

    def test_a_building_and_a_development_have_those_of_the_development(self, home):
        everywhere = ContactFactory(development=home.development)
        ContactFactory(home=home, role="designer"), ContactFactory()
        assert contacts_for(home.building, today=TODAY) == contacts_for(home.development, today=TODAY) == [everywhere]

    @pytest.mark.parametrize(
        ("since", "until", "shown"), [(0, None, 1), (1, None, 0), (-9, 1, 1), (-9, 0, 0), (0, 0, 0)]
    )
    def test_the_first_day_counts_and_the_last_no_longer(self, home, since, until, shown):
        until = until if until is None else TODAY + timedelta(days=until)
        ContactFactory(home=home, since=TODAY + timedelta(days=since), until=until)
        assert len(contacts_for(home, today=TODAY)) == shown

    def test_whoever_has_left_is_shown_no_more(self, home):
        contact = ContactFactory(home=home)
        leave(contact.user, by=User.objects.create_superuser("boss@example.com"), at=NOW)
        assert contacts_for(home, today=TODAY) == []

    def test_one_query_whatever_their_number(self, home, django_assert_num_queries):
        for role in ("designer", "sales", "customer_service"):
            ContactFactory(home=home, role=role)
        with django_assert_num_queries(1):
            assert [each.card.name for each in contacts_for(home, today=TODAY)]


class TestScope:
    def seen_by(self, user):
        return set(Contact.objects.for_user(user))

    def test_owners_see_those_around_their_homes_alone(self, home):
        owner = OwnershipFactory(home=home).owner.user
        mine = {ContactFactory(home=home), ContactFactory(development=home.development)}
        ContactFactory(home=HomeFactory(building=home.building)), ContactFactory()
        assert self.seen_by(owner) == mine

    def test_a_tenant_sees_those_who_look_after_tenants(self, home):
        tenant = OwnershipFactory(home=home, role=Role.TENANT).owner.user
        service = ContactFactory(home=home)
        ContactFactory(home=home, role="designer")
        assert self.seen_by(tenant) == {service}

    def test_a_former_owner_and_nobody_see_none(self, home):
        ContactFactory(home=home), ContactFactory(development=home.development)
        assert self.seen_by(OwnershipFactory(home=home, former=True).owner.user) == set()
        assert self.seen_by(AnonymousUser()) == set()

    def test_staff_see_those_of_their_developments(self, home):
        here = ContactFactory(home=home)
        ContactFactory()
        assert self.seen_by(StaffFactory(group="Site managers", development=home.development)) == {here}
        assert self.seen_by(StaffFactory(group="Marketing", development=home.development)) == set()

    def test_a_card_is_seen_with_its_contact(self, home):
        owner = OwnershipFactory(home=home).owner.user
        contact, other = ContactFactory(home=home), CardFactory()
        assert list(Card.objects.for_user(owner)) == [contact.card]
        assert other in Card.objects.for_user(other.user)


class TestNames:
    def test_the_card_says_how_they_are_called_in_each_language(self, home):
        contact = ContactFactory(home=home, card__name_en="Xu Man", card__name_zh="许曼")
        assert contact.name == "Xu Man"
        with translation.override("zh-hans"):
            assert contact.name == "许曼"

    def test_without_a_card_it_is_the_name_of_the_login_and_nothing_else(self, home):
        user = StaffFactory(name="Xu Man")
        contact = Contact.objects.create(
            development=home.development, home=home, user=user, role="designer", since=TODAY
        )
        assert (contact.name, contact.card) == ("Xu Man", None)


class TestHours:
    def opening(self, at, **given):
        contact = ContactFactory(**given)
        return openings([contact], at=at)[contact.pk]

    @pytest.mark.parametrize(
        ("hours", "every_day", "words"),
        [
            ("", False, "Working days, 09:00–12:00, 13:30–18:00"),
            ("10:00-16:00", True, "Every day, 10:00–16:00"),
            ("00:00-24:00", True, "Every day, round the clock"),
            ("00:00-24:00", False, "Working days, round the clock"),
        ],
    )
    def test_they_are_said_in_words(self, hours, every_day, words):
        assert hours_of(ContactFactory(hours=hours, every_day=every_day)) == words

    def test_within_them_somebody_is_there(self):
        assert self.opening(MONDAY).is_open

    def test_outside_them_it_says_when_next(self):
        opening = self.opening(NOW)  # a Sunday
        assert (opening.is_open, opening.opens_at) == (False, datetime(2026, 11, 23, 1, 0, tzinfo=UTC))

    def test_every_day_means_sundays_too(self):
        assert self.opening(NOW, every_day=True).is_open

    def test_a_holiday_that_staff_declared_counts(self):
        CalendarOverride.objects.create(calendar="CN", date=MONDAY.date(), working=False)
        assert self.opening(MONDAY).opens_at == datetime(2026, 11, 24, 1, 0, tzinfo=UTC)

    def test_one_query_a_calendar(self, home, django_assert_num_queries):
        contacts = [ContactFactory(home=home, role=role) for role in ("designer", "sales", "adviser")]
        with django_assert_num_queries(1):
            openings(contacts, at=MONDAY)
