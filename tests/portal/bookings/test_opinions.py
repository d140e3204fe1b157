"""Opinions after an open day: asked for once, left, edited, answered, cited."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.files.images import read_photo
from accounts.files.models import PrivateFile
from accounts.notices import kinds
from accounts.privacy.retention import run_for
from portal.bookings.errors import BookingError
from portal.bookings.opinions import actions
from portal.bookings.opinions.actions import OvertakenError
from portal.bookings.opinions.figures import figures_of
from portal.bookings.opinions.models import Citation, Opinion, OpinionPhoto
from portal.bookings.opinions.tasks import ask_for_opinions
from progress.models import Ownership, Role
from progress.updates.actions import publish_update
from tests.factories import NOW, TINY_JPEG, OwnershipFactory, StaffFactory, UserFactory

from .factories import SATURDAY, BookingFactory, OpenDayFactory, SlotFactory
from .opinion_factories import AreaOpinionFactory, OpinionFactory, OpinionPhotoFactory

pytestmark = pytest.mark.django_db
SUNDAY_NINE = SATURDAY + timedelta(hours=22, minutes=30)  # in Shanghai
TEXTS = {"title_en": "A niche for shoes", "body_en": "Every hall gets one.", "title_zh": "", "body_zh": ""}


def leave(booking, *, rating=4, areas=None, photos=(), by=None, text="Narrow hall.", opinion_id=None):
    return actions.leave_opinion(
        opinion_id=opinion_id or uuid4(),
        booking=booking,
        rating=rating,
        text=text,
        areas=areas or {},
        photos=photos,
        by=by or booking.owner.user,
        at=NOW,
    )


def answer(opinion, *, seen=1, text="There will be a niche.", by=None):
    return actions.answer_opinion(opinion, text=text, seen=seen, by=by or UserFactory(), at=NOW)


class TestLeaving:
    def test_rating_areas_and_photos_are_kept_and_the_touchpoint_is_named(self):
        photo = read_photo(SimpleUploadedFile("hall.jpg", TINY_JPEG))
        booking = BookingFactory(arrived=True)
        opinion = leave(booking, areas={"kitchen": ("good", ""), "windows": ("bad", "Too low")}, photos=[photo])
        assert [(said.area, said.verdict, said.text) for said in opinion.areas.all()] == [
            ("kitchen", "good", ""),
            ("windows", "bad", "Too low"),
        ]
        assert (opinion.touchpoint.code, opinion.photos.count()) == ("site-open-day", 1)

    def test_who_did_not_come_says_nothing(self):
        for state in ({}, {"missed": True}, {"cancelled": True}):
            with pytest.raises(BookingError, match="once you have been there"):
                leave(BookingFactory(**state))

    def test_a_second_one_of_the_booking_edits_the_first(self):
        booking = BookingFactory(has_left=True)
        first = leave(booking, areas={"kitchen": ("good", "")})
        again = leave(booking, rating=2, areas={"balcony": ("bad", "")})
        assert (again.pk, again.rating, again.version) == (first.pk, 2, 2)
        assert [said.area for said in again.areas.all()] == ["balcony"]

    def test_a_tenant_and_a_former_owner_have_no_say(self):
        booking = BookingFactory(has_left=True)
        tenant = OwnershipFactory(home=booking.home, role=Role.TENANT).owner.user
        former = OwnershipFactory(home=booking.home, former=True).owner.user
        for user in (tenant, former):
            with pytest.raises(BookingError, match="not part of your home"):
                leave(booking, by=user)

    def test_a_rating_is_one_to_five_even_without_the_action(self):
        for rating in (0, 6):
            with pytest.raises(IntegrityError), transaction.atomic():
                OpinionFactory(rating=rating)


class TestAsking:
    @pytest.fixture
    def booking(self):
        return BookingFactory(has_left=True)

    def test_the_morning_after_once(self, booking, told):
        for moment in (SATURDAY + timedelta(hours=3), SUNDAY_NINE - timedelta(minutes=1)):
            ask_for_opinions(at=moment)
        assert told() == []
        for moment in (SUNDAY_NINE, SUNDAY_NINE + timedelta(days=1)):
            ask_for_opinions(at=moment)
        assert told() == [(booking.owner, "opinion-wanted")]

    def test_neither_at_night_nor_after_a_week_nor_who_did_not_come_or_has_said_it(self, booking, told):
        ask_for_opinions(at=SUNDAY_NINE + timedelta(hours=13))  # ten in the evening, the worker was down all day
        ask_for_opinions(at=SUNDAY_NINE + timedelta(days=8))
        leave(booking)
        BookingFactory(missed=True)
        ask_for_opinions(at=SUNDAY_NINE)
        assert told() == []


class TestAnswering:
    def test_whoever_said_it_is_told_and_it_stays_as_it_is(self, told):
        opinion = OpinionFactory()
        answer(opinion)
        assert told() == [(opinion.owner, "opinion-answered")]
        with pytest.raises(BookingError, match="answered this already"):
            leave(opinion.booking)

    def test_what_was_edited_meanwhile_must_be_read_first(self):
        opinion = OpinionFactory()
        leave(opinion.booking, text="No, it is wide.")
        with pytest.raises(OvertakenError):
            answer(opinion, seen=1)
        assert answer(opinion, seen=2).is_answered


class TestCiting:
    def cite(self, opinion, words=("Where do the shoes go?", "鞋子放哪里?")):
        author = UserFactory()
        given = {"update_id": uuid4(), "texts": TEXTS, "by": author}
        return actions.cite_opinions(open_day=opinion.open_day, words={opinion: words}, **given)

    def test_those_cited_are_told_when_it_is_published_and_not_before(self, told):
        opinion = OpinionFactory()
        update = self.cite(opinion)
        assert told() == []
        publish_update(update, by=update.author, at=NOW)
        assert (opinion.owner, "opinion-cited") in told()
        assert kinds.get("opinion-cited").still_concerns(Citation.objects.get(), opinion.owner)

    def test_the_words_stand_in_the_news_without_a_name(self, client):
        opinion = OpinionFactory()
        client.force_login(OwnershipFactory(home__building=opinion.home.building).owner.user)
        update = publish_update(self.cite(opinion), by=None, at=NOW)
        page = client.get(reverse("home:update", args=[update.pk])).content.decode()
        assert "Where do the shoes go?" in page
        assert opinion.owner.name not in page

    def test_opinions_of_another_open_day_are_refused(self):
        opinion = OpinionFactory()
        with pytest.raises(BookingError, match="another open day"):
            actions.cite_opinions(
                update_id=uuid4(), open_day=OpenDayFactory(), texts=TEXTS, words={opinion: ("a", "")}, by=None
            )


def test_figures_count_each_opinion_once_however_many_areas_it_speaks_of():
    slot = SlotFactory()
    for rating in (5, 5, 2):
        opinion = OpinionFactory(booking__slot=slot, rating=rating)
        for area in ("kitchen", "balcony"):
            AreaOpinionFactory(opinion=opinion, area=area, verdict="good" if rating == 5 else "bad")
    figures = figures_of(slot.open_day)
    assert (figures.total, figures.average, figures.ratings) == (3, 4.0, {1: 0, 2: 1, 3: 0, 4: 0, 5: 2})
    assert {str(area): list(numbers.values()) for area, numbers in figures.areas.items()} == {
        "kitchen": [2, 0, 1],
        "balcony": [2, 0, 1],
    }


class TestScope:
    def test_neither_a_former_owner_nor_whoever_bought_the_home_sees_it(self):
        opinion = OpinionFactory()
        photo = OpinionPhotoFactory(opinion=opinion)
        assert set(OpinionPhoto.objects.for_user(opinion.owner.user)) == {photo}
        ended = Ownership.objects.filter(home=opinion.home, owner=opinion.owner)
        ended.update(state="ended", until=NOW.date())
        assert not OpinionPhoto.objects.for_user(opinion.owner.user).exists()

    def test_photos_of_others_are_not_found(self, client, stranger):
        photo = OpinionPhotoFactory()
        client.force_login(stranger)
        for name in ("home:opinion-photo", "desk_opinion:photo"):
            assert client.get(reverse(name, args=[photo.pk, "thumb"])).status_code == 404
        client.force_login(StaffFactory(group="Site managers", development=OpenDayFactory().development))
        assert client.get(reverse("desk_opinion:photo", args=[photo.pk, "thumb"])).status_code == 404

    def test_photos_go_after_two_years_with_their_bytes(self):
        photo = OpinionPhotoFactory()
        run_for(60, at=NOW + timedelta(days=731))
        assert (Opinion.objects.count(), OpinionPhoto.objects.count()) == (1, 0)
        assert PrivateFile.objects.get(pk=photo.file_id).deleted_at


class TestDesk:
    @pytest.fixture
    def manager(self, client):
        opinion = OpinionFactory()
        client.force_login(StaffFactory(group="Site managers", development=opinion.open_day.development))
        client.opinion = opinion
        return client

    def test_answer_is_sent_from_its_page(self, manager):
        opinion = manager.opinion
        assert manager.get(reverse("desk_opinion:inspect", args=[opinion.pk])).status_code == 200
        sent = manager.post(reverse("desk_opinion:answer", args=[opinion.pk]), {"seen": 1, "text": "A niche."})
        opinion.refresh_from_db()
        assert (sent.status_code, opinion.answer) == (302, "A niche.")

    def test_results_and_the_draft_that_cites(self, manager):
        opinion = manager.opinion
        page = manager.get(reverse("desk_opinion:results", args=[opinion.open_day_id])).content.decode()
        assert "4.0 of 5, from 1 opinion" in page
        words = {f"{opinion.pk}-en": "Where do the shoes go?", "update_id": uuid4()}
        manager.post(reverse("desk_opinion:changed", args=[opinion.open_day_id]), TEXTS | words)
        assert [str(citation.words) for citation in opinion.citations.all()] == ["Where do the shoes go?"]

    def test_the_list_asks_as_often_for_three_as_for_one(self, manager, django_assert_num_queries):
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        url = reverse("desk_opinion:index")
        manager.get(url)
        with CaptureQueriesContext(
            connection,
        ) as one:
            manager.get(url)
        for _each in range(2):
            OpinionFactory(booking__slot=manager.opinion.booking.slot)
        with CaptureQueriesContext(connection) as three:
            manager.get(url)
        assert len(three) == len(one)


class TestOwnersPage:
    def test_form_is_sent_and_the_answer_is_read_there(self, client):
        booking = BookingFactory(has_left=True)
        client.force_login(booking.owner.user)
        url = reverse("home:opinion", args=[booking.pk])
        assert client.get(url).status_code == 200
        refused = client.post(url, {"opinion_id": uuid4(), "rating": "5", "kitchen-text": "Dark"})
        assert "what you think of it, too" in refused.content.decode()
        client.post(url, {"opinion_id": uuid4(), "rating": "5", "kitchen-text": "Dark", "kitchen-verdict": "mixed"})
        answer(Opinion.objects.get())
        assert "There will be a niche." in client.get(url).content.decode()
