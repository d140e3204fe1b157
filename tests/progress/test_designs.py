"""Design changes: written, published for homes that stay the same, amended in the open, withdrawn with a reason."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.events.models import Event
from accounts.files.forms import CheckedUpload
from accounts.files.images import read_photo
from accounts.files.models import PrivateFile
from accounts.notices import kinds
from progress.designs import drafting, publishing
from progress.designs.errors import DesignError, TextChangedError
from progress.designs.models import DesignChange
from progress.models import Home, Role
from tests.factories import (
    NOW,
    TINY_JPEG,
    TODAY,
    AnswerFactory,
    BuildingFactory,
    DesignChangeFactory,
    HomeFactory,
    OwnershipFactory,
    StaffFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

TEXTS = {
    "title_en": "Balcony rail",
    "what_en": "Steel",
    "why_en": "No more glass",
    "means_en": "Less view",
    "title_zh": "",
    "what_zh": "",
    "why_zh": "",
    "means_zh": "",
}
NEW = TEXTS | {"what_en": "Steel, painted green"}
DAY = TODAY + timedelta(days=14)


def a_drawing(name="rail.jpg"):
    return CheckedUpload(name, read_photo(SimpleUploadedFile(name, TINY_JPEG)), "")


def draft(*places, texts=TEXTS, answer_by=DAY, drawings=(), change_id=None):
    return drafting.draft_change(
        change_id=change_id or uuid4(),
        places=places or [HomeFactory()],
        texts=texts,
        answer_by=answer_by,
        drawings=drawings,
        by=UserFactory(),
        today=TODAY,
    )


def amended(change, *, texts=NEW, at=NOW, answer_by=DAY, by=None, **more):
    given = {"notes": {"note_en": "The colour", "note_zh": ""}, "drawings": (), "without": (), "seen": 1} | more
    return publishing.amend_change(change, texts=texts, answer_by=answer_by, by=by or change.author, at=at, **given)


class TestDrafting:
    def test_a_form_sent_twice_makes_one_draft(self):
        home, change_id = HomeFactory(), uuid4()
        assert draft(home, change_id=change_id) == draft(home, change_id=change_id)

    @pytest.mark.parametrize("days", [-1, 0, 4])
    def test_too_little_time_to_answer_is_refused(self, days):
        with pytest.raises(DesignError, match="at least 5 days"):
            draft(answer_by=TODAY + timedelta(days=days))

    def test_five_days_are_enough(self):
        assert draft(answer_by=TODAY + timedelta(days=5)).is_draft

    def test_the_year_9999_is_refused(self):
        with pytest.raises(DesignError, match="within a year"):
            draft(answer_by=date(9999, 12, 31))

    def test_places_of_two_developments_are_refused(self):
        with pytest.raises(DesignError, match="one development"):
            draft(HomeFactory(), HomeFactory())

    def test_nobody_but_staff_sees_a_draft(self):
        ownership = OwnershipFactory()
        change = draft(ownership.home)
        assert not DesignChange.objects.for_user(ownership.owner.user).exists()
        here = StaffFactory(development=ownership.home.development)
        assert list(DesignChange.objects.for_user(here)) == [change]

    def test_thrown_away_its_drawings_go_along(self):
        change = draft(drawings=[a_drawing(), a_drawing("the same again.jpg")])
        assert [drawing.name for drawing in change.drawings.all()] == ["rail.jpg"]
        drafting.discard_change(change, by=None)
        assert not DesignChange.objects.exists()
        assert not PrivateFile.objects.kept().exists()

    def test_published_it_is_neither_edited_nor_thrown_away(self):
        change = DesignChangeFactory(homes=[HomeFactory()])
        for act in (
            lambda: drafting.discard_change(change, by=None),
            lambda: drafting.edit_change(
                change, places=[HomeFactory()], texts=NEW, answer_by=DAY, drawings=(), by=None, today=TODAY
            ),
        ):
            with pytest.raises(DesignError, match="Amend it instead"):
                act()


class TestPublishing:
    def test_exactly_the_owners_and_co_owners_are_asked_once(self, told):
        ours = OwnershipFactory()
        co_owner = OwnershipFactory(home=ours.home, role=Role.CO_OWNER)
        OwnershipFactory(home__building=ours.home.building, owner=ours.owner)
        for role in (Role.FAMILY, Role.TENANT):
            OwnershipFactory(home=ours.home, role=role)
        OwnershipFactory(home=ours.home, former=True)
        OwnershipFactory(home__building=BuildingFactory(development=ours.home.development))
        publishing.publish_change(draft(ours.home.building), by=None, at=NOW)
        asked = {(ours.owner, "design-change-published"), (co_owner.owner, "design-change-published")}
        assert (set(told()), len(told())) == (asked, 2)

    def test_the_homes_stay_those_of_the_day(self):
        home = HomeFactory()
        change = publishing.publish_change(draft(home.building), by=None, at=NOW)
        HomeFactory(building=home.building, development=home.development)
        assert list(change.homes.all()) == [home]

    def test_twice_changes_nothing(self, told):
        change = publishing.publish_change(draft(OwnershipFactory().home), by=None, at=NOW)
        publishing.publish_change(change, by=None, at=NOW + timedelta(hours=1))
        assert (len(told()), Event.objects.filter(verb="published").count(), change.texts.count()) == (1, 1, 1)

    def test_when_the_draft_lay_too_long_there_is_too_little_time(self):
        with pytest.raises(DesignError, match="at least 5 days"):
            publishing.publish_change(draft(), by=None, at=NOW + timedelta(days=10))

    def test_one_language_must_be_whole(self):
        half = TEXTS | {"means_en": "", "title_zh": "栏杆", "means_zh": "视野"}
        with pytest.raises(DesignError, match="at least one language"):
            publishing.publish_change(draft(texts=half), by=None, at=NOW)

    def test_without_homes_it_is_refused(self):
        with pytest.raises(DesignError, match="no homes"):
            publishing.publish_change(draft(BuildingFactory()), by=None, at=NOW)

    def test_whoever_sold_before_the_message_left_is_not_told(self):
        ownership = OwnershipFactory()
        change = publishing.publish_change(draft(ownership.home), by=None, at=NOW)
        kind = kinds.get("design-change-published")
        assert kind.still_concerns(change, ownership.owner)
        ownership.state, ownership.until = "ended", TODAY
        ownership.save()
        assert not kind.still_concerns(change, ownership.owner)


class TestAmending:
    @pytest.fixture
    def change(self):
        return DesignChangeFactory(homes=[OwnershipFactory().home], **TEXTS)

    def test_the_earlier_text_stays_and_the_owners_are_told(self, change, told):
        after = amended(change)
        texts = [(text.version, text.what_en) for text in after.texts.all()]
        assert texts == [(1, "Steel"), (2, "Steel, painted green")]
        assert [kind for _who, kind in told()] == ["design-change-amended"]

    def test_an_answer_to_the_earlier_text_is_none_to_the_new_one(self, change):
        home = change.homes.get()
        AnswerFactory(change=change, home=home)
        assert not change.waiting_homes().exists()
        assert list(amended(change).waiting_homes()) == [home]

    def test_sent_twice_it_amends_once(self, change):
        amended(change)
        assert (amended(change).text_version, change.texts.count()) == (2, 2)

    def test_a_colleague_who_comes_second_does_not_overwrite_it(self, change):
        amended(change)
        with pytest.raises(TextChangedError, match="A colleague"):
            amended(change, texts=NEW | {"what_en": "Wood"}, by=UserFactory())

    def test_without_saying_what_is_new_it_is_refused(self, change):
        with pytest.raises(DesignError, match="what is new"):
            amended(change, notes={"note_en": " ", "note_zh": ""})

    def test_it_gives_days_to_answer_anew(self, change):
        with pytest.raises(DesignError, match="at least 5 days"):
            amended(change, at=NOW + timedelta(days=12))

    def test_drawings_that_no_longer_hold_stay_with_the_earlier_text(self, change):
        drafting.add_drawings(change, [a_drawing()], version=1, by=None)
        old = change.drawings.get()
        after = amended(change, without=[old.pk])
        assert (list(after.drawings_of(1)), list(after.drawings_now())) == ([old], [])

    def test_a_draft_is_not_amended(self):
        with pytest.raises(DesignError, match="edit it instead"):
            amended(draft(), seen=0)


class TestWithdrawing:
    def test_the_owners_are_told_why(self, told):
        change = DesignChangeFactory(homes=[OwnershipFactory().home])
        after = publishing.withdraw_change(change, reason_en="Glass is back", by=None, at=NOW)
        publishing.withdraw_change(change, reason_en="Again", by=None, at=NOW)
        assert (after.state, str(after.reason)) == ("withdrawn", "Glass is back")
        assert [kind for _who, kind in told()] == ["design-change-withdrawn"]
        assert kinds.get("design-change-withdrawn").paragraphs(after)[0] == "Glass is back"

    def test_without_a_reason_it_is_refused(self):
        with pytest.raises(DesignError, match="say why"):
            publishing.withdraw_change(DesignChangeFactory(homes=[HomeFactory()]), reason_en=" ", by=None, at=NOW)

    def test_what_was_published_before_is_no_longer_said(self):
        change = DesignChangeFactory(homes=[OwnershipFactory().home])
        after = publishing.withdraw_change(change, reason_en="Glass is back", by=None, at=NOW)
        assert not kinds.get("design-change-published").still_true(after)


class TestImpossible:
    @pytest.mark.parametrize(
        "values",
        [
            {"state": "published"},
            {"text_version": 1},
            {"state": "withdrawn", "published_at": NOW, "withdrawn_at": NOW, "text_version": 1},
            {"title_en": "", "title_zh": ""},
        ],
    )
    def test_in_the_database_too(self, values):
        change = DesignChangeFactory()
        with pytest.raises(IntegrityError), transaction.atomic():
            DesignChange.objects.filter(pk=change.pk).update(**values)

    @pytest.mark.parametrize("values", [{"comment": ""}, {"ended_at": NOW}])
    def test_an_objection_says_why_and_an_answer_ends_for_a_reason(self, values):
        change = DesignChangeFactory(homes=[HomeFactory()])
        answer = AnswerFactory(change=change, home=change.homes.get(), answer="objected", comment="No.")
        with pytest.raises(IntegrityError), transaction.atomic():
            type(answer).objects.filter(pk=answer.pk).update(**values)

    def test_two_answers_of_a_home_stand_never(self):
        change = DesignChangeFactory(homes=[HomeFactory()])
        home = Home.objects.get(design_changes=change)
        AnswerFactory(change=change, home=home)
        with pytest.raises(IntegrityError), transaction.atomic():
            AnswerFactory(change=change, home=home)
        AnswerFactory(change=change, home=home, ended_at=NOW, ended_because="anew")


@pytest.mark.parametrize("code", ["published", "amended", "reminder", "last-reminder"])
def test_each_message_says_something_and_leads_to_the_change(code):
    change = DesignChangeFactory(homes=[OwnershipFactory().home], **TEXTS)
    kind = kinds.get(f"design-change-{code}")
    assert "Balcony rail" in kind.title(change)
    assert "Silence is not consent" in kind.paragraphs(change)[-1]
    assert kind.url(change) == reverse("home:design", args=[change.pk])
    assert kind.zone(change) == change.development.time_zone
