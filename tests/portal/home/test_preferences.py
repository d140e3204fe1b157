"""The page on which people choose how they hear of what."""

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.urls import reverse

from accounts.models import Channel
from accounts.notices import topics
from accounts.notices.choosing import choose
from accounts.notices.topics import Mode
from tests.factories import NOW, OwnerFactory, OwnershipFactory, StaffFactory, UserFactory

pytestmark = pytest.mark.django_db
PAGE = reverse("home:preferences")


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as travelled:
        yield travelled


@pytest.fixture
def owner(client):
    owner = OwnershipFactory().owner
    client.force_login(owner.user)
    return owner


def page_of(client):
    return BeautifulSoup(client.get(PAGE).content, "html.parser")


def chosen_on(page):
    """{name of the question: what is chosen}."""
    return {
        select["name"]: next((option["value"] for option in select.select("option[selected]")), None)
        for select in page.select("main select")
    }


def modes(person):
    return {(row.topic, row.channel): row.mode for row in person.preferences.all()}


class TestPage:
    def test_asks_by_e_mail_for_each_topic_that_is_optional(self, client, owner):
        asked = chosen_on(page_of(client))
        assert {"home-news-email", "home-dates-email", "home-announcements-email", "home-questions-email"} <= set(asked)
        assert set(asked.values()) == {"now"}
        assert "home-documents-email" not in asked
        assert not [name for name in asked if name.endswith("inbox") or name == "home-news-sms"]

    def test_shows_what_always_comes_and_why(self, client, owner):
        text = page_of(client).select_one("[aria-labelledby=always]").get_text(" ", strip=True)
        for words in (
            topics.ACCOUNT.label,
            topics.ACCOUNT.because,
            topics.DOCUMENTS.because,
            topics.ANNOUNCEMENTS.because,
            "Emergencies",
            "Urgent announcements",
        ):
            assert str(words) in text

    def test_shows_what_was_chosen(self, client, owner):
        choose(owner, topics.NEWS, Channel.EMAIL, Mode.WEEKLY, by=owner.user, at=NOW)
        asked = chosen_on(page_of(client))
        assert (asked["home-news-email"], asked["home-dates-email"]) == ("weekly", "now")

    def test_asks_about_text_messages_where_there_is_no_address_for_mail(self, client, settings):
        settings.SMS_GATEWAY = "accounts.sms.FileGateway"
        owner = OwnerFactory(user=UserFactory(email=None, phone="+8613800000001"))
        client.force_login(owner.user)
        select = page_of(client).select_one("[name=home-news-sms]")
        assert [option["value"] for option in select.select("option")] == ["now", "off"]
        assert not [name for name in chosen_on(page_of(client)) if name.endswith("email")]

    def test_says_that_there_are_no_summaries_by_text_and_that_the_inbox_has_all(self, client, owner):
        text = page_of(client).select_one("main").get_text(" ", strip=True)
        assert "Every message stands in your inbox" in text
        assert "never as a summary" in text

    def test_of_staff_is_about_their_work(self, client):
        client.force_login(StaffFactory(group="Site managers"))
        page = page_of(client)
        assert set(chosen_on(page)) == {"work-duties-email", "work-desk-email", "work-desk-sms"}
        options = page.select("[name=work-duties-email] option")
        assert [option["value"] for option in options] == ["now", "daily"]

    def test_of_a_customer_who_works_for_us_has_both(self, client):
        user = StaffFactory(group="Site managers")
        OwnershipFactory(owner__user=user)
        client.force_login(user)
        assert {name.split("-")[0] for name in chosen_on(page_of(client))} == {"home", "work"}

    def test_of_somebody_who_is_neither_says_so(self, client):
        client.force_login(UserFactory())
        assert "There is nothing to choose yet" in page_of(client).get_text()
        assert client.post(PAGE).status_code == 200

    def test_is_found_from_the_profile(self, client, owner):
        assert PAGE in client.get(reverse("home:profile")).content.decode()


class TestSaving:
    def test_keeps_what_was_changed_and_only_that(self, client, owner):
        asked = chosen_on(page_of(client)) | {"home-news-email": "off", "home-dates-email": "daily"}
        assert client.post(PAGE, asked).status_code == 302
        assert modes(owner) == {("news", "email"): "off", ("dates", "email"): "daily"}
        assert chosen_on(page_of(client)) == asked

    def test_is_for_nobody_but_oneself(self, client, owner):
        other = OwnershipFactory().owner
        client.post(PAGE, chosen_on(page_of(client)) | {"home-news-email": "off", "owner": str(other.pk)})
        assert modes(other) == {}

    def test_switches_on_again_what_a_link_switched_off(self, client, owner):
        choose(owner, topics.NEWS, Channel.EMAIL, Mode.OFF, by=None, at=NOW)
        client.post(PAGE, chosen_on(page_of(client)) | {"home-news-email": "now"})
        assert modes(owner) == {("news", "email"): "now"}
        assert owner.preferences.get().version == 2

    @pytest.mark.parametrize("mode", ["hourly", "", "OFF"])
    def test_what_is_not_offered_is_refused_and_nothing_kept(self, client, owner, mode):
        answer = client.post(PAGE, chosen_on(page_of(client)) | {"home-news-email": mode, "home-dates-email": "off"})
        assert (answer.status_code, modes(owner)) == (200, {})
        assert BeautifulSoup(answer.content, "html.parser").select("[aria-invalid=true]")

    def test_what_is_locked_cannot_be_posted(self, client, owner):
        client.post(PAGE, chosen_on(page_of(client)) | {"home-documents-email": "off", "home-news-inbox": "off"})
        assert modes(owner) == {}


class TestDesk:
    ACCOUNT = reverse("wagtailadmin_account")

    @pytest.fixture
    def staff(self, client):
        user = StaffFactory(group="Site managers")
        client.force_login(user)
        return user

    def test_colleagues_choose_on_their_own_page_too(self, client, staff):
        page = BeautifulSoup(client.get(self.ACCOUNT).content, "html.parser")
        fields = {each["name"]: each.get("value", "") for each in page.select("form input[name]")}
        fields |= {each["name"]: chosen_option(each) for each in page.select("form select[name]")}
        assert client.post(self.ACCOUNT, fields | {"messages-duties-email": "daily"}).status_code == 302
        assert modes(staff) == {("duties", "email"): "daily"}


def chosen_option(select):
    option = select.select_one("option[selected]") or select.select_one("option")
    return option["value"]
