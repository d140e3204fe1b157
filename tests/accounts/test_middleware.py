"""The second factor of staff is in test_second_factor.py."""

import pytest
from django.urls import reverse

from accounts.models import User
from tests.factories import UserFactory

LOGIN = reverse("account_login")
EMAIL = reverse("account_email")


def lang(response):
    return response.headers["Content-Language"]


class TestLanguage:
    def test_strangers_get_what_their_browser_asks_for(self, client, db):
        assert lang(client.get(LOGIN, headers={"accept-language": "zh-CN,zh;q=0.9"})) == "zh-hans"

    def test_what_they_chose_comes_before_the_browser(self, client, db):
        client.post(reverse("set_language"), {"language": "en"})
        assert lang(client.get(LOGIN, headers={"accept-language": "zh-CN"})) == "en"

    def test_the_profile_comes_before_both(self, client, db):
        client.post(reverse("set_language"), {"language": "en"})
        client.force_login(UserFactory(language="zh-hans"))
        assert lang(client.get(EMAIL, headers={"accept-language": "en"})) == "zh-hans"

    def test_a_profile_that_says_nothing_leaves_it_to_the_browser(self, client, db):
        client.force_login(UserFactory(language=""))
        assert lang(client.get(EMAIL, headers={"accept-language": "zh-CN"})) == "zh-hans"

    @pytest.mark.parametrize(("path", "expected"), [("/en/", "en"), ("/zh-hans/", "zh-hans")])
    def test_the_address_of_a_public_page_wins_and_nobody_is_looked_up(self, client, db, path, expected):
        client.force_login(UserFactory(language="zh-hans" if expected == "en" else "en"))
        response = client.get(path)
        assert lang(response) == expected
        assert "Cookie" not in response.headers.get("Vary", "")

    def test_a_choice_is_kept_in_the_profile(self, client, db):
        client.force_login(UserFactory(language="en"))
        response = client.post(reverse("set_language"), {"language": "zh-hans", "next": EMAIL})
        assert (response.url, User.objects.get().language) == (EMAIL, "zh-hans")

    @pytest.mark.parametrize("language", ["fr", "", "../../etc"])
    def test_a_language_we_do_not_have_changes_nothing(self, client, db, language):
        client.force_login(UserFactory(language="en"))
        client.post(reverse("set_language"), {"language": language})
        assert User.objects.get().language == "en"

    def test_choosing_on_a_public_page_leads_to_its_other_language(self, client, db):
        response = client.post(reverse("set_language"), {"language": "zh-hans", "next": "/en/"})
        assert response.url == "/zh-hans/"

    @pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/"])
    def test_it_leads_nowhere_else(self, client, db, elsewhere):
        response = client.post(reverse("set_language"), {"language": "en", "next": elsewhere})
        assert response.url == "/"

    def test_it_is_no_link(self, client, db):
        assert client.get(reverse("set_language")).status_code == 405
