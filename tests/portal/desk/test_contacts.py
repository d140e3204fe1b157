"""The people around homes on the desk: named, handed over, and what owners see of each."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from accounts.leaving import leave
from accounts.models import User
from accounts.notices.models import Notice
from progress.contacts.models import Card, Contact
from progress.journeys.models import JourneyTemplate
from tests.factories import NOW, CardFactory, ContactFactory, OwnershipFactory, PrivateFileFactory, StaffFactory


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def contact(ours):
    return ours.rows["desk_contact"]


def given(ours, user, today, **more):
    values = {"development": ours.development.pk, "role": "designer", "user": user.pk, "since": today, "hours": ""}
    return {**values, **more}


class TestNaming:
    def test_somebody_is_named_for_a_home(self, desk, ours, today):
        colleague = StaffFactory(group="Site managers", development=ours.development)
        desk.post(reverse("desk_contact:add"), given(ours, colleague, today, home=ours.home.pk))
        named = Contact.objects.get(role="designer")
        assert (named.home, named.journey, named.user) == (ours.home, None, colleague)
        assert Notice.objects.filter(kind="contact-named", owner=ours.owner, channel="inbox").count() == 1

    def test_for_one_job_there(self, desk, ours, today):
        journey = ours.rows["desk_journey"]
        colleague = StaffFactory(group="Site managers", development=ours.development)
        post = given(ours, colleague, today, home=ours.home.pk, work=journey.template.kind)
        desk.post(reverse("desk_contact:add"), post)
        assert Contact.objects.get(role="designer").journey == journey

    def test_a_job_that_is_not_there_is_refused(self, desk, ours, today):
        kinds = list(JourneyTemplate.objects.values_list("kind", flat=True))
        other = next(kind for kind in kinds if kind != ours.rows["desk_journey"].template.kind)
        colleague = StaffFactory(group="Site managers", development=ours.development)
        page = desk.post(reverse("desk_contact:add"), given(ours, colleague, today, home=ours.home.pk, work=other))
        assert "There is no such job at a home on its way." in page.content.decode()

    @pytest.mark.parametrize("until", [None, 30])
    def test_a_second_one_is_refused_in_words(self, desk, ours, contact, today, until):
        colleague = StaffFactory(group="Site managers", development=ours.development)
        more = {"home": ours.home.pk, "role": contact.role}
        more |= {"until": today + timedelta(days=until)} if until else {}
        page = desk.post(reverse("desk_contact:add"), given(ours, colleague, today, **more))
        assert "that over instead." in page.content.decode()
        assert Contact.objects.filter(home=ours.home).count() == 1

    @pytest.mark.parametrize("hours", ["nine to five", "18:00-09:00"])
    def test_hours_that_are_none_are_refused(self, desk, ours, today, hours):
        colleague = StaffFactory(group="Site managers", development=ours.development)
        page = desk.post(reverse("desk_contact:add"), given(ours, colleague, today, hours=hours))
        assert (page.status_code, Contact.objects.filter(role="designer").exists()) == (200, False)

    def test_nobody_is_named_at_a_foreign_development(self, desk, ours, theirs, today):
        desk.post(reverse("desk_contact:add"), given(theirs, ours.rows["desk_card"].user, today))
        assert not Contact.objects.filter(role="designer").exists()

    def test_hours_change_and_the_person_does_not(self, desk, contact):
        other = StaffFactory(group="Site managers", development=contact.development)
        url = reverse("desk_contact:edit", args=[contact.pk])
        desk.post(url, {"hours": "10:00-12:00", "every_day": "on", "user": other.pk, "role": "designer"})
        contact.refresh_from_db()
        assert (contact.hours, contact.every_day, contact.role) == ("10:00-12:00", True, "customer_service")
        assert contact.user != other


class TestHandingOver:
    def post(self, desk, contact, **more):
        return desk.post(reverse("desk_contact:hand_over", args=[contact.pk]), more, follow=True)

    def test_the_page_says_how_many_hear_of_it(self, desk, ours, contact):
        page = desk.get(reverse("desk_contact:hand_over", args=[contact.pk])).content.decode()
        assert "1 owner is told who takes over, and from when." in " ".join(page.split())

    def test_posted_it_is_done_once(self, desk, ours, contact, supervisor, today):
        more = {"to": supervisor.pk, "on": today, "note_en": "On leave", "note_zh": ""}
        self.post(desk, contact, **more), self.post(desk, contact, **more)
        new = Contact.objects.get(follows=contact)
        assert (new.user, new.since, new.note) == (supervisor, today, "On leave")
        assert Notice.objects.filter(kind="contact-changed", owner=ours.owner, channel="inbox").count() == 1

    def test_what_is_refused_is_said_on_the_form(self, desk, contact, supervisor, today):
        page = self.post(desk, contact, to=supervisor.pk, on=today - timedelta(days=1)).content.decode()
        assert "This day is past." in page

    def test_a_customer_is_not_among_those_who_can_take_over(self, desk, ours, contact, today):
        self.post(desk, contact, to=ours.owner.user.pk, on=today)
        assert not Contact.objects.filter(follows=contact).exists()

    def test_site_managers_may_look_but_not_hand_over(self, client, ours, contact, supervisor, today):
        client.force_login(StaffFactory(group="Site managers", development=ours.development))
        assert self.post(client, contact, to=supervisor.pk, on=today).status_code == 404
        assert client.get(reverse("desk_contact:inspect", args=[contact.pk])).status_code == 200

    def test_all_of_one_colleague_as_far_as_one_sees_them(self, desk, ours, contact, supervisor, today):
        ContactFactory(card=contact.card, development=ours.development)
        elsewhere = ContactFactory(card=contact.card)
        url = f"{reverse('desk_contact:hand_over_all')}?user={contact.user.pk}"
        assert desk.get(url).content.decode().count(">customer service: ") == 2
        desk.post(url, {"to": supervisor.pk, "on": today})
        assert Contact.objects.filter(user=supervisor).count() == 2
        assert not Contact.objects.filter(follows=elsewhere).exists()


class TestLeaving:
    """Whoever leaves has their places listed, and a colleague takes them over with all the rest."""

    @pytest.fixture
    def boss(self, db):
        return User.objects.create_superuser("boss@example.com")

    def test_the_places_pass_to_whoever_takes_over(self, ours, contact, boss):
        to = StaffFactory(group="Site managers", development=ours.development)
        assert leave(contact.user, to=to, by=boss, at=NOW) == 1
        assert Contact.objects.get(follows=contact).user == to
        assert Notice.objects.filter(kind="contact-changed", owner=ours.owner, channel="inbox").count() == 1

    def test_places_where_the_other_does_not_work_stay_in_the_list(self, client, ours, theirs, contact, boss):
        elsewhere = ContactFactory(card=contact.card, home=theirs.home, role="designer")
        to = StaffFactory(group="Site managers", development=ours.development)
        leave(contact.user, to=to, by=boss, at=NOW)
        client.force_login(boss)
        page = client.get(reverse("wagtailusers_users:work", args=[contact.user.pk])).content.decode()
        assert (f"designer: {elsewhere.home}" in page, f": {ours.home}<" in page) == (True, False)

    def test_owners_do_not_see_somebody_who_has_left(self, client, ours, contact, boss):
        leave(contact.user, by=boss, at=NOW)
        client.force_login(ours.owner.user)
        assert client.get(reverse("home:people", args=[ours.home.pk])).context["people"] == []


def portrait(width=900, height=1200):
    file = BytesIO()
    Image.new("RGB", (width, height), "#1a5a4b").save(file, "PNG")
    return SimpleUploadedFile("me.png", file.getvalue(), "image/png")


class TestCards:
    def change(self, desk, card, **more):
        values = {"name_en": "Xu Man", "name_zh": "许曼", "phone": "", "email": ""} | more
        return desk.post(reverse("desk_card:edit", args=[card.pk]), values)

    def test_a_photo_is_kept_as_a_small_square(self, desk, ours):
        card = ours.rows["desk_card"]
        self.change(desk, card, picture=portrait())
        card.refresh_from_db()
        assert (card.photo.width, card.photo.height, card.photo.content_type) == (640, 640, "image/jpeg")

    def test_another_photo_throws_the_one_before_away(self, desk, ours):
        card, first = ours.rows["desk_card"], PrivateFileFactory()
        Card.objects.filter(pk=card.pk).update(photo=first)
        self.change(desk, card, picture=portrait())
        first.refresh_from_db()
        assert first.deleted_at is not None

    def test_a_photo_can_be_taken_off(self, desk, ours):
        card = ours.rows["desk_card"]
        Card.objects.filter(pk=card.pk).update(photo=PrivateFileFactory())
        self.change(desk, card, without_picture="on")
        card.refresh_from_db()
        assert (card.photo, card.name_zh) == (None, "许曼")

    def test_what_is_no_picture_is_refused(self, desk, ours):
        page = self.change(desk, ours.rows["desk_card"], picture=SimpleUploadedFile("me.jpg", b"<html>", "image/jpeg"))
        assert (page.status_code, Card.objects.exclude(photo=None).exists()) == (200, False)

    def test_cards_of_colleagues_of_other_places_are_not_there(self, desk, ours):
        both = StaffFactory(group="Site managers", everywhere=True)
        card = CardFactory(user=both)
        assert desk.get(reverse("desk_card:edit", args=[card.pk])).status_code == 404

    def test_ones_own_card_is(self, client, ours):
        boss = StaffFactory(group="Supervisors", development=OwnershipFactory().home.development)
        card = CardFactory(user=boss)
        client.force_login(boss)
        assert client.get(reverse("desk_card:edit", args=[card.pk])).status_code == 200
