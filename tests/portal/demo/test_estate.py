"""What the demonstration holds. It is loaded once for this module; each test works on top of it and is undone."""

from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.apps import apps
from django.contrib.auth import authenticate
from django.core.management import call_command
from django.db import transaction
from django.urls import reverse

from accounts.files.models import PrivateFile
from accounts.models import Channel, Invitation, Owner, User
from accounts.notices.models import Notice
from portal.demo import estate
from progress.journeys.models import Journey, Milestone
from progress.journeys.stages import stages_of
from progress.models import Building, Development, Home, HouseType, Ownership, RightState
from progress.updates.models import Update
from tests.factories import NOW, TODAY

State = Update.State


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker, tiny_photos):
    with django_db_blocker.unblock(), transaction.atomic():
        with time_machine.travel(NOW, tick=False):
            call_command("load_demo", verbosity=0)
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _on_top_of_it(loaded, db):
    """The order matters: first the estate, then the test's own transaction."""


def user(key):
    return User.objects.get(email=next(person.email for person in estate.OWNERS if person.key == key))


def test_the_places_are_there():
    counts = [model.objects.count() for model in (Development, Building, HouseType, Home, Journey)]
    assert counts == [3, 6, 9, 24, 26]
    assert Home.objects.filter(building=None).count() == 2


def test_loading_again_changes_nothing():
    def rows():
        return {model: model._default_manager.count() for model in apps.get_models() if model._meta.managed}

    before = rows()
    call_command("load_demo", verbosity=0)
    assert rows() == before


def test_one_published_update_is_in_one_language_only():
    lacking = [
        update.title
        for update in Update.objects.published()
        if not (update.title_en and update.title_zh and update.body_en and update.body_zh)
    ]
    assert lacking == ["院里的长桌宴：八十一道菜，一只回来的猫"]


def test_no_day_is_left_out_of_the_texts():
    for update in Update.objects.all():
        assert "{" not in update.title_en + update.title_zh + update.body_en + update.body_zh


def test_every_photo_says_what_it_shows():
    for update in Update.objects.filter(state=State.PUBLISHED, corrects=None):
        photos = list(update.photos.all())
        assert 2 <= len(photos) <= 6
        assert all(photo.caption_zh and (photo.caption_en or not update.title_en) for photo in photos)


def test_the_photos_have_their_variants():
    assert not PrivateFile.objects.lacking_variants().exists()


def test_the_updates_lie_in_the_months_before():
    days = [NOW - update.published_at for update in Update.objects.published().order_by("-published_at")]
    assert timedelta(days=1) < days[0] < timedelta(days=8)
    assert days[-1] > timedelta(days=200)


def test_one_update_waits_for_a_friday_and_one_is_a_draft():
    scheduled = Update.objects.get(state=State.SCHEDULED)
    assert scheduled.publish_at.weekday() == 4
    assert scheduled.publish_at > NOW
    assert Update.objects.filter(state=State.DRAFT).count() == 1


def test_one_update_is_corrected():
    assert Update.objects.get(kind=Update.Kind.CORRECTION).corrects.is_published


def test_a_home_being_built_is_in_its_construction_with_a_forecast_later_than_planned():
    journey = Home.objects.get(number="3-1102").journeys.get()
    assert [stage.stage.code for stage in stages_of(journey) if stage.state == "now"] == ["construction"]
    assert Milestone.objects.get(journey=journey, template__code="windows").moved


@pytest.mark.parametrize(
    ("number", "stage"), [("1-403", "three-months"), ("6-501", "one-year"), ("31", "design"), ("5-302", "works")]
)
def test_other_homes_are_elsewhere(number, stage):
    journey = Home.objects.get(number=number).journeys.get()
    assert [each.stage.code for each in stages_of(journey) if each.state == "now"] == [stage]


def test_everybody_can_log_in(rf):
    people = [person for person in estate.OWNERS if person.has_login] + [estate.ADMINISTRATOR, *estate.STAFF]
    for person in people:
        credentials = {"email": person.email} if person.email else {"phone": person.phone}
        found = authenticate(rf.post("/"), password=estate.PASSWORD, **credentials)
        assert found is not None, person.name
        assert found.name == person.name


def test_the_owner_with_two_homes_finds_them_at_the_door(client):
    answer = client.post(
        reverse("account_login"), {"login": "shen.yue@example.com", "password": estate.PASSWORD}, follow=True
    )
    assert answer.redirect_chain[-1][0] == "/my/"
    assert [str(home) for home in answer.context["masthead"]["homes"]] == [
        "Qinghuai Lane 3-1102",
        "Tinghe Court 6-501",
    ]


def test_addresses_are_verified():
    assert set(EmailAddress.objects.values_list("verified", "primary")) == {(True, True)}
    assert set(User.objects.filter(phone__isnull=False).values_list("phone_verified", flat=True)) == {True}


def test_one_owner_has_an_open_invitation_and_no_login():
    owner = Owner.objects.get(user=None)
    assert Invitation.objects.get(owner=owner).state(at=NOW) == "open"


def test_rights_are_in_force_but_those_of_the_former_owner():
    assert [tie.owner.name for tie in Ownership.objects.exclude(state=RightState.LIVE)] == ["冯建国"]
    assert not Home.objects.lived_in_by(user("feng")).exists()


def test_two_messages_are_unread_and_the_others_lie_in_the_months_before():
    inbox = Notice.objects.for_user(user("shen")).inbox()
    assert inbox.unread().count() == 2
    assert inbox.last().sent_at.date() < TODAY - timedelta(days=200)


def test_only_mail_about_the_newest_update_and_the_open_invitation_goes_out():
    waiting = Notice.objects.filter(state=Notice.State.QUEUED)
    newest = Update.objects.published().latest("published_at")
    subjects = {str(newest.pk), str(Invitation.objects.get(used_at=None).pk)}
    assert set(waiting.values_list("channel", flat=True)) == {Channel.EMAIL}
    assert set(waiting.values_list("subject_id", flat=True)) == subjects


def test_the_logins_are_printed():
    out = StringIO()
    call_command("load_demo", "--logins", stdout=out)
    lines = [line.split() for line in out.getvalue().splitlines()]
    assert ["Password", "of", "all:", estate.PASSWORD] in lines
    assert sum("@example.com" in line or "+1202555" in line for line in out.getvalue().splitlines()) == 22
