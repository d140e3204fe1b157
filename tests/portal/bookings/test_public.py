"""What the public site tells of open days, and when it forgets what it told."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.urls import reverse
from wagtail.models import Locale

from cms.found import generations
from portal.bookings import publishing
from portal.bookings.models import OpenDay
from tests.cms import factories as pages
from tests.factories import NOW, UserFactory

from .factories import SATURDAY, BookingFactory, OpenDayFactory, SafetyRuleFactory, SlotFactory, household_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def page():
    return pages.open_day(title="Stand at your own window", lead="Before the walls close.")


@pytest.fixture
def day(page):
    """Published, with 16 of 18 places left, described by the page."""
    development = page.get_parent().specific.development
    guide = UserFactory(name="Zhou Ning")
    day = OpenDayFactory(development=development, page=page, guide=guide, meeting_point_en="North gate")
    BookingFactory(slot=SlotFactory(open_day=day))
    return day


def read(client, url, at=NOW):
    with time_machine.travel(at, tick=False):
        return client.get(url).content.decode()


def test_the_developments_page_lists_those_to_come_and_leads_to_their_page(client, page, day):
    for hidden in (OpenDayFactory(development=day.development, draft=True, title_en="Draft"), OpenDayFactory()):
        SlotFactory(open_day=hidden)
    listed = read(client, page.get_parent().url)
    assert (day.title_en in listed, "16 places left" in listed, "Draft" in listed) == (True, True, False)
    assert f'href="{page.url}"' in listed
    assert day.title_en not in read(client, page.get_parent().url, at=SATURDAY + timedelta(hours=3))


def test_its_page_tells_the_facts_in_both_languages_and_nobodys_name(client, page, day):
    SafetyRuleFactory(open_day=day, text_en="Stay with the group.", icon="group")
    shown = read(client, page.url)
    for words in ("16 of 18 places left", "North gate", "Stay with the group."):
        assert words in shown
    assert reverse("home:open-day-anywhere", args=[day.pk]) in shown
    assert "Zhou Ning" not in shown
    chinese = page.copy_for_translation(Locale.objects.get(language_code="zh-hans"), copy_parents=True)
    chinese.save_revision().publish()
    assert day.meeting_point_zh in read(client, chinese.url)


def test_of_several_the_next_one_is_shown_and_one_called_off_says_so(client, page, day):
    later = OpenDayFactory(development=day.development, page=page, meeting_point_en="South gate")
    SlotFactory(open_day=later, starts=SATURDAY + timedelta(days=7))
    assert "North gate" in read(client, page.url)
    publishing.cancel_open_day(day, reason_en="Storm.", by=None, at=NOW)
    assert "South gate" in read(client, page.url)
    publishing.cancel_open_day(later, reason_en="Storm again.", by=None, at=NOW + timedelta(minutes=1))
    assert "Storm" in read(client, page.url)


def test_whatever_staff_publish_change_or_call_off_is_shown_at_once(django_capture_on_commit_callbacks):
    day = OpenDayFactory(draft=True)
    household_at(day.development)
    slot = SlotFactory(open_day=day)
    acts = [
        lambda: publishing.publish_open_day(day, by=None, at=NOW),
        lambda: publishing.change_open_day(day, changes={"meeting_point_en": "South gate"}, by=None, at=NOW),
        lambda: publishing.cancel_slot(slot, reason_en="The crane.", by=None, at=NOW),
        lambda: publishing.cancel_open_day(day, reason_en="Storm.", by=None, at=NOW),
    ]
    for act in acts:
        before = generations.current()
        connection.run_on_commit.clear()  # a test's transaction never ends: what was carried out still lies there
        with django_capture_on_commit_callbacks(execute=True):
            act()
        assert generations.current() != before


def test_the_owners_page_shows_the_words_of_the_public_one_where_it_has_none(client, page, day):
    tie = household_at(day.development)
    client.force_login(tie.owner.user)
    url = reverse("home:open-day", args=[tie.home.pk, day.pk])
    assert "Before the walls close." not in read(client, url)
    OpenDay.objects.update(summary_en="", summary_zh="")
    assert "Before the walls close." in read(client, url)
