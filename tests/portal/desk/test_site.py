"""Staff post updates from a phone: drafted, checked, published to exactly those it concerns."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts.files.models import PrivateFile
from accounts.notices import circulars
from accounts.notices.models import Circular
from progress.journeys.actions import start_journey
from progress.journeys.models import JourneyTemplate
from progress.updates.actions import note_opened, publish_update
from progress.updates.models import Update, UpdatePhoto
from tests.factories import (
    NOW,
    TINY_JPEG,
    BuildingFactory,
    HomeFactory,
    OwnershipFactory,
    PrivateFileFactory,
    StaffFactory,
    UpdateFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def building():
    return BuildingFactory(name="Building 3")


@pytest.fixture
def manager(client, building):
    client.force_login(StaffFactory(development=building.development))
    return client


def filled(building, **changes):
    return {
        "update_id": uuid4(),
        "places": [f"building:{building.pk}"],
        "home_numbers": "",
        "stage_code": "construction",
        "title_en": "Nine floors closed",
        "body_en": "The glass came on Monday.",
    } | changes


def new(client, data):
    return client.post(reverse("site:update-new"), data)


def photo(name="site.jpg", content=TINY_JPEG):
    return SimpleUploadedFile(name, content, "image/jpeg")


def test_an_update_goes_from_the_phone_to_the_owners_of_the_building(manager, building, told):
    ownership = OwnershipFactory(home__building=building)
    OwnershipFactory(home__building=BuildingFactory(development=building.development, name="Building three"))
    response = new(manager, filled(building, photos=[photo()]))
    update = Update.objects.get()
    assert response.url == reverse("site:update", args=[update.pk])
    assert (update.state, update.photos.count(), told()) == ("draft", 1, [])
    manager.post(reverse("site:update-publish", args=[update.pk]))
    assert told() == [(ownership.owner, "update-published")]


def test_the_form_sent_twice_makes_one_update_with_its_photos_once(manager, building):
    data = filled(building)
    new(manager, data | {"photos": [photo()]})
    new(manager, data | {"photos": [photo()]})
    assert (Update.objects.count(), UpdatePhoto.objects.count()) == (1, 1)


def test_the_same_photo_added_twice_is_kept_once(manager, building):
    new(manager, filled(building, photos=[photo()]))
    update = Update.objects.get()
    manager.post(reverse("site:update-edit", args=[update.pk]), filled(building, photos=[photo("again.jpg")]))
    assert update.photos.count() == 1


def test_an_update_with_no_audience_is_refused(manager, building):
    html = new(manager, filled(building, places=[])).content.decode()
    assert "Please choose whom this update is for." in html
    assert Update.objects.count() == 0


def test_a_hostile_photo_is_refused_by_name_and_nothing_is_kept(manager, building):
    html = new(manager, filled(building, photos=[photo("page.jpg", b"<html><script>alert(1)</script></html>")])).content
    assert b"page.jpg" in html
    assert (Update.objects.count(), PrivateFile.objects.count()) == (0, 0)


def test_a_line_break_in_a_title_is_refused(manager, building):
    html = new(manager, filled(building, title_en="Nine\nBcc: all@example.com")).content.decode()
    assert "in one line" in html
    assert Update.objects.count() == 0


def test_single_homes_are_named_by_number(manager, building):
    home = HomeFactory(building=building, number="3-1102")
    new(manager, filled(building, places=[], home_numbers="3-1102，"))
    assert [audience.home for audience in Update.objects.get().audience.all()] == [home]


def test_an_unknown_number_is_refused_by_name(manager, building):
    html = new(manager, filled(building, places=[], home_numbers="9-999")).content.decode()
    assert "There is no home 9-999 among yours." in html


def test_a_number_that_two_buildings_share_asks_for_the_building(manager, building):
    other = BuildingFactory(name="Building 4", development=building.development)
    wanted = HomeFactory(building=other, number="101")
    HomeFactory(building=building, number="101")
    assert "More than one home" in new(manager, filled(building, places=[], home_numbers="101")).content.decode()
    new(manager, filled(building, places=[], home_numbers="Building 4/101"))
    assert [audience.home for audience in Update.objects.get().audience.all()] == [wanted]


def test_a_development_that_is_not_mine_cannot_be_posted_for(manager):
    foreign = BuildingFactory()
    new(manager, filled(foreign))
    OwnershipFactory(home__building=foreign, home__number="77")
    new(manager, filled(foreign, places=[], home_numbers="77"))
    assert Update.objects.count() == 0


def test_a_scheduled_update_is_published_in_the_development_s_time(manager, building):
    new(manager, filled(building))
    update = Update.objects.get()
    with time_machine.travel(NOW):
        manager.post(reverse("site:update-schedule", args=[update.pk]), {"publish_at": "2026-11-23T09:00"})
    update.refresh_from_db()
    assert (update.state, update.publish_at) == ("scheduled", NOW + timedelta(hours=23))


def test_two_tabs_publish_once(manager, building, told):
    OwnershipFactory(home__building=building)
    new(manager, filled(building))
    url = reverse("site:update-publish", args=[Update.objects.get().pk])
    manager.post(url)
    manager.post(url)
    assert len(told()) == 1


def test_editing_in_an_old_tab_after_publication_changes_nothing(manager, building):
    new(manager, filled(building))
    update = Update.objects.get()
    publish_update(update, by=None, at=NOW)
    manager.post(reverse("site:update-edit", args=[update.pk]), filled(building, title_en="Rewritten"))
    update.refresh_from_db()
    assert update.title_en == "Nine floors closed"


def test_a_photo_is_removed_from_a_draft_and_not_from_what_is_published(manager, building):
    update = UpdateFactory(development=building.development)
    first, second = (
        UpdatePhoto.objects.create(update=update, file=PrivateFileFactory(), order=order) for order in range(2)
    )
    manager.post(reverse("site:photo-remove", args=[first.pk]))
    update.state, update.published_at = "published", NOW
    update.save()
    manager.post(reverse("site:photo-remove", args=[second.pk]))
    assert list(update.photos.all()) == [second]


def test_a_correction_is_written_on_its_own_page(manager, building, told):
    ownership = OwnershipFactory(home__building=building)
    new(manager, filled(building))
    update = publish_update(Update.objects.get(), by=None, at=NOW)
    url = reverse("site:update-correct", args=[update.pk])
    manager.post(url, {"update_id": uuid4(), "title_en": "Eight floors", "body_en": "We counted again."})
    assert told()[-1] == (ownership.owner, "correction-published")


@pytest.mark.parametrize(
    "name",
    [
        "update",
        "update-edit",
        "update-publish",
        "update-schedule",
        "update-unschedule",
        "update-discard",
        "update-correct",
    ],
)
def test_an_update_of_another_development_is_a_404(manager, name):
    update = UpdateFactory()
    url = reverse(f"site:{name}", args=[update.pk])
    get_only = name in {"update", "update-edit", "update-correct"}
    assert (manager.get(url) if get_only else manager.post(url)).status_code == 404
    assert Update.objects.filter(pk=update.pk, state="draft").exists()


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_a_fixed_number_of_queries(manager, building, count, django_assert_num_queries):
    for _each in range(count):
        UpdateFactory(development=building.development)
        UpdateFactory(development=building.development, homes=[HomeFactory(building=building)])
    with django_assert_num_queries(8):
        manager.get(reverse("site:front"))


def test_a_missing_caption_may_come_after_publication_and_none_is_rewritten(manager, building):
    update = UpdateFactory(development=building.development, homes=[HomeFactory(building=building)])
    photo = UpdatePhoto.objects.create(update=update, file=PrivateFileFactory(), order=0, caption_zh="吊篮")
    url = reverse("site:photo-caption", args=[photo.pk])
    manager.post(url, {"caption_en": "A cradle", "caption_zh": "吊篮"})
    manager.post(url, {"caption_en": "Something else", "caption_zh": "吊篮"})
    photo.refresh_from_db()
    assert (photo.caption_en, photo.caption_zh) == ("A cradle", "吊篮")


def test_an_update_is_checked_in_both_languages(manager, building):
    update = UpdateFactory(development=building.development)
    html = manager.get(reverse("site:update", args=[update.pk])).content.decode()
    assert (update.title_en in html, update.body_zh in html) == (True, True)


def test_publishing_for_homes_that_nobody_follows_warns(manager, building):
    new(manager, filled(building))
    html = manager.get(reverse("site:update", args=[Update.objects.get().pk])).content.decode()
    assert "nobody will be told" in html


def test_the_time_of_a_scheduled_update_is_shown_as_it_was_written(manager, building):
    building.development.time_zone = "Europe/London"
    building.development.save()
    new(manager, filled(building))
    update = Update.objects.get()
    with time_machine.travel(NOW):
        manager.post(reverse("site:update-schedule", args=[update.pk]), {"publish_at": "2026-11-23T09:00"})
        html = manager.get(reverse("site:update", args=[update.pk])).content.decode()
    assert 'value="2026-11-23T09:00"' in html


def test_the_stages_offered_are_those_of_the_work_that_goes_on_here(manager, building):
    home = HomeFactory(building=building)
    template = JourneyTemplate.objects.get(kind="repair")
    start_journey(home=home, template=template, started=NOW.date(), by=None)
    choices = manager.get(reverse("site:update-new")).context["form"].fields["stage_code"].choices
    assert [[code for code, _name in stages] for _kind, stages in choices[1:]] == [
        ["order", "survey", "quotation", "works", "sign-off"]
    ]


class TestForMany:
    """Readers are told by the worker when they are many; the page says how far it is."""

    @pytest.fixture
    def update(self, manager, building, monkeypatch):
        monkeypatch.setattr(circulars, "FEW", 1)
        monkeypatch.setattr(circulars, "LOT", 2)
        OwnershipFactory.create_batch(3, home__building=building)
        new(manager, filled(building))
        return Update.objects.get()

    def test_the_request_only_leaves_a_note(self, manager, update, told):
        page = manager.post(reverse("site:update-publish", args=[update.pk]), follow=True).content.decode()
        assert (told(), update.receipts.count()) == ([], 0)
        assert "3 people are being told" in page
        assert "0 of 3 people have been told so far" in page

    def test_once_they_are_told_the_page_says_no_more_of_it(self, manager, update, told):
        manager.post(reverse("site:update-publish", args=[update.pk]))
        circulars.write(clock=timezone.now)
        page = manager.get(reverse("site:update", args=[update.pk]))
        assert (len(told()), update.receipts.count(), page.context["telling"]) == (3, 3, None)

    def test_who_opened_it_before_their_turn_keeps_that_in_their_receipt(self, manager, update, building):
        manager.post(reverse("site:update-publish", args=[update.pk]))
        reader = building.homes.first().ownerships.get().owner
        note_opened(update, user=reader.user, at=NOW)
        circulars.write(clock=timezone.now)
        receipt = update.receipts.get(owner=reader)
        assert (receipt.opened_at, receipt.told_at is None) == (NOW, False)

    def test_telling_that_broke_off_is_said(self, manager, update):
        manager.post(reverse("site:update-publish", args=[update.pk]))
        Circular.objects.update(state=Circular.State.STOPPED, told=2)
        page = manager.get(reverse("site:update", args=[update.pk])).content.decode()
        assert "broke off after 2 of 3 people" in page
