"""What an owner sees, and what they do not."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from accounts.notices.models import Notice
from progress.journeys.actions import start_journey
from progress.journeys.models import JourneyTemplate
from progress.models import Role
from progress.updates.models import UpdatePhoto
from tests.factories import (
    NOW,
    TODAY,
    HomeFactory,
    OwnershipFactory,
    PrivateFileFactory,
    StaffFactory,
    UpdateFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def ownership():
    return OwnershipFactory(owner__user__name="Shen Yue")


@pytest.fixture
def owner(client, ownership):
    client.force_login(ownership.owner.user)
    return client


def journey_at(home):
    template = JourneyTemplate.objects.get(kind="new_home", version=1)
    return start_journey(home=home, template=template, started=TODAY, by=None)


def publish(home, count=1, photos=0):
    updates = [UpdateFactory(development=home.development, homes=[home]) for _each in range(count)]
    for update in updates:
        for order in range(photos):
            UpdatePhoto.objects.create(update=update, file=PrivateFileFactory(), order=order, caption_en="A cradle")
    return updates[-1]


def page(client, name, *args):
    response = client.get(reverse(f"home:{name}", args=args))
    return response.status_code, response.content.decode()


@time_machine.travel(NOW)
def test_the_front_page_says_where_the_home_stands_and_what_is_new(owner, ownership):
    journey_at(ownership.home)
    update = publish(ownership.home)
    status, html = page(owner, "front")
    assert status == 200
    for words in ("Good morning, Shen Yue", update.title_en, "Welcome", "Last word from the site"):
        assert words in html


def test_the_front_page_names_what_waits_for_the_owner(owner, ownership):
    original = publish(ownership.home)
    correction = UpdateFactory(
        kind="correction", corrects=original, development=ownership.home.development, homes=[ownership.home]
    )
    correction.receipts.create(owner=ownership.owner, told_at=NOW)
    assert "Read the correction" in page(owner, "front")[1]
    page(owner, "update", correction.pk)
    assert "Read the correction" not in page(owner, "front")[1]


def test_several_homes_can_be_switched(owner, ownership):
    second = OwnershipFactory(owner=ownership.owner).home
    html = page(owner, "home", second.pk)[1]
    assert f'href="{reverse("home:home", args=[ownership.home.pk])}"' in html


def test_an_update_shows_in_the_reader_s_language_and_says_when_it_cannot(owner, ownership):
    update = publish(ownership.home)
    update.title_zh = update.body_zh = ""
    update.save()
    ownership.owner.user.language = "zh-hans"
    ownership.owner.user.save()
    html = page(owner, "update", update.pk)[1]
    assert '<html lang="zh-Hans">' in html
    assert 'lang="en"' in html


def test_a_correction_is_visible_from_the_original(owner, ownership):
    original = publish(ownership.home)
    correction = UpdateFactory(
        kind="correction", corrects=original, development=ownership.home.development, homes=[ownership.home]
    )
    assert "Corrected since" in page(owner, "update", original.pk)[1]
    assert "This is a correction" in page(owner, "update", correction.pk)[1]


def test_text_that_staff_wrote_is_escaped(owner, ownership):
    update = publish(ownership.home)
    update.body_en = "<script>alert(1)</script>"
    update.save()
    html = page(owner, "update", update.pk)[1]
    assert "<script>alert(1)" not in html
    assert "&lt;script&gt;" in html


def test_a_photo_has_a_page_with_the_way_to_the_next(owner, ownership):
    update = publish(ownership.home, photos=3)
    first, second, _third = update.photos.all()
    status, html = page(owner, "photo", update.pk, first.pk)
    assert status == 200
    assert reverse("home:photo", args=[update.pk, second.pk]) in html
    assert page(owner, "photo", update.pk, update.pk)[0] == 404


class TestStrangers:
    def test_every_page_of_a_home_is_a_404(self, client, ownership, stranger):
        update = publish(ownership.home, photos=1)
        photo = update.photos.get()
        client.force_login(stranger)
        statuses = {
            name: client.get(reverse(f"home:{name}", args=args)).status_code
            for name, args in {
                "home": [ownership.home.pk],
                "journey": [ownership.home.pk],
                "update": [update.pk],
                "photo": [update.pk, photo.pk],
                "photo-file": [photo.pk, "thumb"],
            }.items()
        }
        assert set(statuses.values()) == {404}, statuses

    def test_a_photo_of_another_update_is_not_shown_under_mine(self, owner, ownership):
        mine = publish(ownership.home, photos=1)
        theirs = publish(HomeFactory(), photos=1)
        assert page(owner, "photo", mine.pk, theirs.photos.get().pk)[0] == 404

    def test_a_photo_of_a_draft_is_a_404_for_its_owner_to_be(self, owner, ownership):
        update = publish(ownership.home, photos=1)
        update.state, update.published_at = "draft", None
        update.save()
        assert page(owner, "photo-file", update.photos.get().pk, "thumb")[0] == 404

    def test_a_tenant_sees_the_home_without_its_progress(self, client):
        ownership = OwnershipFactory(role=Role.TENANT)
        journey_at(ownership.home)
        update = publish(ownership.home)
        client.force_login(ownership.owner.user)
        status, html = page(client, "home", ownership.home.pk)
        assert (status, update.title_en in html, "Welcome" in html) == (200, False, False)

    def test_a_former_owner_keeps_only_messages(self, client):
        ownership = OwnershipFactory(former=True)
        client.force_login(ownership.owner.user)
        assert "No home is open to you now" in page(client, "front")[1]
        assert page(client, "home", ownership.home.pk)[0] == 404
        assert page(client, "inbox")[0] == 200

    def test_somebody_else_s_message_is_a_404(self, owner, stranger):
        notice = Notice.objects.create(
            key="k", kind="update-published", owner=stranger.owner, channel="inbox", state="sent", sent_at=NOW
        )
        assert page(owner, "message", notice.pk)[0] == 404

    def test_nobody_is_sent_to_the_door(self, client, ownership):
        url = reverse("home:home", args=[ownership.home.pk])
        response = client.get(url)
        assert (response.status_code, response.url) == (302, f"/account/login/?next={url}")


class TestInbox:
    def test_opening_a_message_marks_it_read(self, owner, ownership):
        notice = Notice.objects.create(
            key="k", kind="update-published", owner=ownership.owner, channel="inbox", state="sent",
            sent_at=NOW, title="Floor nine", text="It is closed.", language="en",
        )  # fmt: skip
        assert "Messages, 1 unread" in page(owner, "inbox")[1]
        assert "It is closed." in page(owner, "message", notice.pk)[1]
        assert "Messages, 1 unread" not in page(owner, "inbox")[1]

    def test_who_has_read_the_update_need_not_open_the_message(self, owner, ownership):
        update = publish(ownership.home)
        _told(ownership, update)
        page(owner, "update", update.pk)
        assert "Messages, 1 unread" not in page(owner, "inbox")[1]

    def test_a_former_owner_keeps_the_words_without_a_link_that_leads_nowhere(self, client):
        ownership = OwnershipFactory(former=True)
        update = publish(ownership.home)
        notice = _told(ownership, update)
        client.force_login(ownership.owner.user)
        html = page(client, "message", notice.pk)[1]
        assert ("It is closed." in html, notice.url in html) == (True, False)


class TestProfile:
    def test_the_language_is_kept_and_used(self, owner, ownership):
        owner.post(reverse("home:profile"), {"name": "Shen Yue", "language": "zh-hans"})
        ownership.owner.user.refresh_from_db()
        assert ownership.owner.user.language == "zh-hans"
        assert '<html lang="zh-Hans">' in page(owner, "profile")[1]

    def test_a_line_break_in_a_name_is_refused(self, owner, ownership):
        html = owner.post(
            reverse("home:profile"), {"name": "Shen\u2028Bcc: all@example.com", "language": "en"}
        ).content.decode()
        assert "in one line" in html


def test_staff_without_a_home_land_on_the_desk(client):
    client.force_login(StaffFactory())
    assert client.get("/my/").url == reverse("wagtailadmin_home")


def test_a_login_without_anything_is_told_whom_to_ring(client):
    client.force_login(UserFactory())
    assert "400 000 0826" in page(client, "front")[1]


@pytest.mark.parametrize("name", ["front", "journey", "inbox"])
def test_a_page_takes_as_many_queries_for_three_rows_as_for_one(
    owner, ownership, name, django_assert_max_num_queries, django_assert_num_queries
):
    journey_at(ownership.home)
    args = [ownership.home.pk] if name == "journey" else []
    publish(ownership.home, photos=2)
    _notice(ownership, 0)
    page(owner, name, *args)
    with django_assert_max_num_queries(40) as once:
        page(owner, name, *args)
    publish(ownership.home, count=2, photos=2)
    _notice(ownership, 1)
    _notice(ownership, 2)
    with django_assert_num_queries(len(once)):
        page(owner, name, *args)


def _notice(ownership, number):
    Notice.objects.create(
        key=f"n{number}", kind="update-published", owner=ownership.owner, channel="inbox", state="sent",
        sent_at=NOW + timedelta(minutes=number), title="News",
    )  # fmt: skip


def _told(ownership, update):
    return Notice.objects.create(
        key="told", kind="update-published", subject_kind="updates.update", subject_id=str(update.pk),
        owner=ownership.owner, channel="inbox", state="sent", sent_at=NOW, title="Floor nine", text="It is closed.",
        url=reverse("home:update", args=[update.pk]), language="en",
    )  # fmt: skip


def test_the_front_page_is_that_of_the_home_that_was_open_last(owner, ownership):
    second = OwnershipFactory(owner=ownership.owner).home
    page(owner, "home", second.pk)
    assert f"<title>{second}" in " ".join(page(owner, "front")[1].split()).replace("<title> ", "<title>")
