"""The people around a home, as its owners see them."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.notices.models import Notice
from progress.contacts.actions import hand_over_contact
from progress.journeys.actions import start_journey
from progress.journeys.models import JourneyTemplate
from progress.models import Role
from tests.factories import TODAY, ContactFactory, HomeFactory, OwnershipFactory, PrivateFileFactory, StaffFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def tie(client):
    tie = OwnershipFactory()
    client.force_login(tie.owner.user)
    return tie


def page_of(client, home):
    return client.get(reverse("home:people", args=[home.pk]))


def read(response):
    return " ".join(response.content.decode().split())


def handed_over(contact, to, days=0):
    today, at = timezone.localdate(), timezone.now()
    on = today + timedelta(days=days)
    new = hand_over_contact(contact=contact, to=to, on=on, note_en="On leave", by=None, today=today, at=at)
    Notice.objects.filter(kind="contact-changed").update(state="sent", sent_at=at, title="Somebody else")
    return new


def test_each_is_there_with_role_hours_telephone_and_mail(client, tie):
    ContactFactory(home=tie.home, card__name_en="Xu Man", card__email="xu@example.com")
    page = read(page_of(client, tie.home))
    for part in ("Xu Man", "Customer service", "09:00–12:00", 'href="tel:+86-138-0000-0826"', "mailto:xu@example.com"):
        assert part in page


def test_whoever_has_no_card_shows_a_name_alone(client, tie):
    login = StaffFactory(name="Xu Man", phone="+8613900000000")
    ContactFactory(home=tie.home, user=login)
    page = read(page_of(client, tie.home))
    assert ("Xu Man" in page, login.email in page, "139" in page) == (True, False, False)


def test_without_anybody_the_service_centre_is_named(client, tie, settings):
    page = read(page_of(client, tie.home))
    assert ("Nobody is named yet" in page, settings.COMPANY_HOTLINE in page) == (True, True)


@pytest.mark.parametrize(("clock", "words"), [("2026-11-23T02:00Z", "There now"), ("2026-11-22T02:00Z", "Back on")])
def test_it_says_whether_they_are_there(client, tie, time_machine, clock, words):
    time_machine.move_to(clock, tick=False)
    client.force_login(tie.owner.user)
    ContactFactory(home=tie.home)
    assert words in read(page_of(client, tie.home))


def test_a_change_is_new_until_it_was_looked_at(client, tie):
    new = handed_over(ContactFactory(home=tie.home), StaffFactory())
    front = reverse("home:home", args=[tie.home.pk])
    assert [person.is_new for person in client.get(front).context["people"]] == [True]
    page = page_of(client, tie.home)
    assert [person.is_new for person in page.context["people"]] == [True]
    assert (">New<" in read(page), "Took over from" in read(page), "On leave" in read(page)) == (True, True, True)
    assert [person.is_new for person in page_of(client, tie.home).context["people"]] == [False]
    assert Notice.objects.get(subject_id=str(new.pk), channel="inbox").read_at is not None


def test_a_change_to_come_stands_beside_whoever_is_there(client, tie):
    contact = ContactFactory(home=tie.home)
    new = handed_over(contact, StaffFactory(name="Zhou Ning"), days=9)
    person = page_of(client, tie.home).context["people"][0]
    assert (person.contact, person.coming, person.is_new) == (contact, new, True)
    assert "on, Zhou Ning takes over." in read(page_of(client, tie.home))


def test_who_was_there_before_is_forgotten_after_a_month(client, tie):
    before = ContactFactory(home=tie.home, until=TODAY - timedelta(days=40))
    ContactFactory(home=tie.home, since=TODAY - timedelta(days=40), follows=before)
    assert page_of(client, tie.home).context["people"][0].before is None


def test_a_tenant_sees_those_who_look_after_tenants(client, tie):
    service = ContactFactory(home=tie.home)
    ContactFactory(home=tie.home, role="designer")
    client.force_login(OwnershipFactory(home=tie.home, role=Role.TENANT).owner.user)
    assert [person.contact for person in page_of(client, tie.home).context["people"]] == [service]


def test_a_message_leads_to_the_page_of_the_home_it_concerns(client, tie):
    other = OwnershipFactory(owner=tie.owner).home
    contact = ContactFactory(home=other)
    response = client.get(reverse("home:contact", args=[contact.pk]))
    assert response.url == reverse("home:people", args=[other.pk])


@pytest.mark.parametrize("former", [False, True])
def test_a_stranger_and_a_former_owner_find_nothing(client, tie, former):
    home = OwnershipFactory(owner=tie.owner, former=True).home if former else HomeFactory()
    contact = ContactFactory(home=home, card__photo=PrivateFileFactory())
    photo = reverse("home:contact-photo", args=[contact.pk, "thumb"])
    urls = [reverse("home:people", args=[home.pk]), reverse("home:contact", args=[contact.pk]), photo]
    assert [client.get(url).status_code for url in urls] == [404, 404, 404]


class TestPhoto:
    def test_it_is_delivered_privately(self, client, tie):
        contact = ContactFactory(home=tie.home, card__photo=PrivateFileFactory())
        response = client.get(reverse("home:contact-photo", args=[contact.pk, "thumb"]))
        assert (response.status_code, response["Content-Type"]) == (200, "image/jpeg")
        assert response["Cache-Control"].startswith("private")
        list(response)

    def test_of_whoever_looks_after_it_no_more_it_is_gone(self, client, tie):
        contact = ContactFactory(home=tie.home, until=TODAY, card__photo=PrivateFileFactory())
        assert client.get(reverse("home:contact-photo", args=[contact.pk, "thumb"])).status_code == 404

    def test_without_one_there_is_none(self, client, tie):
        contact = ContactFactory(home=tie.home)
        assert client.get(reverse("home:contact-photo", args=[contact.pk, "thumb"])).status_code == 404


def test_a_stage_names_those_who_are_asked_about_it(client, tie):
    template = JourneyTemplate.objects.get(kind="new_home", version=1)
    start_journey(home=tie.home, template=template, started=TODAY, by=None)
    ContactFactory(home=tie.home, role="site_manager", card__name_en="Zhou Ning")
    page = read(client.get(reverse("home:journey", args=[tie.home.pk])))
    link = reverse("home:people", args=[tie.home.pk])
    assert page.count(f'href="{link}#site_manager"') == 1


@pytest.mark.parametrize("view", ["home:people", "home:home"])
def test_three_people_cost_as_many_queries_as_one(client, tie, view):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse(view, args=[tie.home.pk]))
        return len(queries)

    ContactFactory(home=tie.home)
    asked()
    for_one = asked()
    ContactFactory(home=tie.home, role="designer"), ContactFactory(home=tie.home, role="sales")
    assert asked() == for_one
