"""Editions: what of a guide is in force, in which language, and what changed since it was read."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction

from accounts.events.models import Event
from cms.guides.actions import note_read, publish_edition
from cms.guides.models import Edition, EditionText, GuideReading
from cms.guides.reading import guides_for
from cms.guides.tasks import keep_missed_editions
from tests.cms.guides.factories import GuidePageFactory
from tests.factories import NOW, TODAY, OwnerFactory

pytestmark = pytest.mark.django_db
TOMORROW = TODAY + timedelta(days=1)
BRING = ("text", "<h2>What to bring</h2><p>Your identity card.</p>")
LOOK = ("text", "<h2>What to look at</h2><p>Windows.</p>")


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(NOW, tick=False):
        yield


def again(page, **changes):
    """Publish `page` once more, changed."""
    page.refresh_from_db()
    for name, value in changes.items():
        setattr(page, name, value)
    page.save_revision().publish()
    return page


def read(key, *, owner=None, on=TODAY, language="en"):
    """The guide as somebody finds it on that day."""
    editions = Edition.objects.in_force(on=on).filter(guide_key=key)
    guides = guides_for(editions, owner=owner, on=on, language=language, with_body=True)
    return guides[0] if guides else None


class TestInForce:
    def test_what_is_published_is_read_at_once(self):
        page = GuidePageFactory()
        assert (read(page.translation_key).title, read(page.translation_key).number) == (page.title, 1)

    def test_a_draft_is_not_read(self):
        page = GuidePageFactory(published=False)
        assert read(page.translation_key) is None

    def test_until_the_next_one_is_valid_the_older_edition_is_read(self):
        page = GuidePageFactory(title="Old")
        again(page, version=2, valid_from=TOMORROW, title="New", what_changed="All.")
        key = page.translation_key
        shown = [read(key, on=day) for day in (TODAY, TOMORROW)]
        assert [(guide.number, guide.title) for guide in shown] == [(1, "Old"), (2, "New")]

    def test_a_first_edition_of_tomorrow_is_not_read_today(self):
        page = GuidePageFactory(valid_from=TOMORROW)
        assert [bool(read(page.translation_key, on=day)) for day in (TODAY, TOMORROW)] == [False, True]

    def test_one_that_is_valid_from_a_day_in_the_past_counts_from_its_publication(self):
        page = GuidePageFactory()
        again(page, version=2, valid_from=date(2020, 1, 1), what_changed="All.")
        assert read(page.translation_key).number == 2

    def test_a_withdrawn_guide_is_read_no_more(self):
        page = GuidePageFactory()
        page.unpublish()
        assert read(page.translation_key) is None

    def test_a_scheduled_page_is_no_edition_until_it_goes_live(self):
        page = GuidePageFactory(published=False)
        page.go_live_at = NOW + timedelta(hours=2)
        page.save_revision().publish()
        assert Edition.objects.count() == 0

    def test_a_page_that_went_live_without_a_word_is_kept_by_the_sweep(self):
        page = GuidePageFactory(published=False)
        type(page).objects.filter(pk=page.pk).update(live=True, last_published_at=NOW)
        keep_missed_editions(at=NOW)
        keep_missed_editions(at=NOW)
        assert EditionText.objects.filter(page=page).count() == 1


class TestNumbers:
    def test_a_correction_of_the_wording_amends_the_edition(self):
        page = again(GuidePageFactory(title="Handowver"), title="Handover")
        edition = Edition.objects.get(guide_key=page.translation_key)
        assert [(text.title, text.amended_at) for text in edition.texts.all()] == [("Handover", NOW)]
        assert list(Event.objects.filter(subject_id=str(edition.pk)).values_list("verb", flat=True)) == [
            "amended",
            "published",
        ]

    def test_a_new_number_keeps_the_edition_before(self):
        page = again(GuidePageFactory(title="One"), version=2, title="Two", what_changed="The title.")
        texts = EditionText.objects.filter(page=page).order_by("edition__number")
        assert [(text.edition.number, text.title) for text in texts] == [(1, "One"), (2, "Two")]

    def test_two_editors_who_publish_the_same_number_make_one_edition(self):
        page = GuidePageFactory()
        first, second = (type(page).objects.get(pk=page.pk) for _ in range(2))
        for editor, title in ((first, "First"), (second, "Second")):
            editor.version, editor.title, editor.what_changed = 2, title, "The title."
            editor.save_revision().publish()
        assert [read(page.translation_key).title, Edition.objects.count()] == ["Second", 2]

    def test_a_number_of_a_guide_is_there_once_even_without_the_action(self):
        page = GuidePageFactory()
        with pytest.raises(IntegrityError), transaction.atomic():
            Edition.objects.create(guide_key=page.translation_key, number=1, published_at=NOW)


class TestLanguages:
    def test_a_translation_is_a_text_of_the_same_edition(self):
        page = GuidePageFactory()
        GuidePageFactory(of=page, language="zh-hans", title="收房")
        guide = read(page.translation_key, language="zh-hans")
        assert (guide.title, guide.is_fallback, Edition.objects.count()) == ("收房", False, 1)

    def test_without_a_translation_the_other_language_is_shown_as_such(self):
        guide = read(GuidePageFactory().translation_key, language="zh-hans")
        assert (guide.title.lang, guide.title.is_fallback) == ("en", True)

    def test_a_withdrawn_translation_gives_way_to_the_other_language(self):
        page = GuidePageFactory()
        GuidePageFactory(of=page, language="zh-hans").unpublish()
        assert read(page.translation_key, language="zh-hans").is_fallback

    def test_an_alias_is_no_translation(self):
        page = GuidePageFactory()
        other = GuidePageFactory(language="zh-hans").get_parent()
        page.create_alias(parent=other, update_slug="alias", update_locale=other.locale, reset_translation_key=False)
        again(page, title="Once more")
        texts = EditionText.objects.filter(edition__guide_key=page.translation_key)
        assert [(text.language, text.title) for text in texts] == [("en", "Once more")]

    def test_who_reads_an_older_edition_in_their_language_hears_of_the_newer_one(self):
        page = GuidePageFactory()
        GuidePageFactory(of=page, language="zh-hans", title="收房")
        again(page, version=2, what_changed="Fees.")
        guide = read(page.translation_key, language="zh-hans")
        assert (guide.title, guide.number, guide.newer.edition.number) == ("收房", 1, 2)
        assert read(page.translation_key, language="en").newer is None


class TestWhatChanged:
    def test_sections_are_named_beside_the_editors_words(self):
        page = GuidePageFactory(body=[BRING, LOOK])
        owner, key = OwnerFactory(), page.translation_key
        note_read(read(key, owner=owner), owner=owner, at=NOW)
        bring = (BRING[0], BRING[1].replace("card", "card and the contract"))
        again(page, version=2, what_changed="More to bring.", body=[bring, ("text", "<h2>Fees</h2><p>None.</p>")])
        guide = read(key, owner=owner)
        changes = guide.changes
        assert (changes.added, changes.changed, changes.gone) == (["Fees"], ["What to bring"], ["What to look at"])
        assert (guide.is_changed, guide.words) == (True, ["More to bring."])

    def test_a_correction_of_the_wording_is_no_change(self):
        page = GuidePageFactory()
        owner, key = OwnerFactory(), page.translation_key
        note_read(read(key, owner=owner), owner=owner, at=NOW)
        again(page, title="Another")
        assert not read(key, owner=owner).is_changed

    def test_two_editions_later_both_editors_words_are_told(self):
        page = GuidePageFactory()
        owner, key = OwnerFactory(), page.translation_key
        note_read(read(key, owner=owner), owner=owner, at=NOW)
        for number in (2, 3):
            again(page, version=number, what_changed=f"In {number}.")
        assert read(key, owner=owner).words == ["In 3.", "In 2."]

    def test_who_has_never_read_it_sees_it_as_new_for_a_month(self):
        key, owner = GuidePageFactory().translation_key, OwnerFactory()
        guide = read(key, owner=owner)
        later = [read(key, owner=owner, on=TODAY + timedelta(days=days)).is_new for days in (0, 29, 30)]
        assert later == [True, True, False]
        assert (guide.is_changed, guide.changes) == (False, None)

    def test_reading_again_is_noted_once(self):
        page, owner = GuidePageFactory(), OwnerFactory()
        guide = read(page.translation_key, owner=owner)
        note_read(guide, owner=owner, at=NOW)
        note_read(guide, owner=owner, at=NOW + timedelta(days=1))
        assert list(GuideReading.objects.values_list("number", "at")) == [(1, NOW)]


def test_the_action_says_who_published(django_user_model):
    page, editor = GuidePageFactory(published=False), OwnerFactory().user
    edition = publish_edition(page=page, by=editor, at=NOW)
    assert Event.objects.get(subject_id=str(edition.pk)).actor == editor
