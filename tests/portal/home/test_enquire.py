"""The page on which anybody asks for work: no login, no script, no cache, and hard to misuse."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import signing
from django.urls import reverse

from progress.enquiries.models import ConsentText, Enquiry
from progress.enquiries.tickets import SALT, make_ticket
from tests.cms.factories import place as page_of
from tests.factories import DevelopmentFactory, EnquiryFactory

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
URL = "/enquire/"


@pytest.fixture(autouse=True)
def monday(time_machine):
    time_machine.move_to(MONDAY, tick=False)


def filled_in(*, opened=MONDAY - timedelta(minutes=2), **data):
    asked = {"kind": "renovation", "name": "Lin Yue", "phone": "13800138000", "call_when": "any", "agreed": "on"}
    return asked | {"consent_version": "1", "ticket": make_ticket(at=opened)} | data


def html_of(response, status=200):
    assert response.status_code == status
    return response.content.decode()


class TestForm:
    def test_no_cache_keeps_it_and_no_robot_lists_it(self, client):
        response = client.get(URL)
        assert response.headers["Cache-Control"] == "private, no-store"
        assert '<meta name="robots" content="noindex">' in html_of(response)
        assert "script-src" not in response.headers["Content-Security-Policy"]  # 'self' is the default

    @pytest.mark.parametrize(
        ("query", "accepts", "words"),
        [
            ("", "en", "Tell us what you have in mind"),
            ("?lang=zh-hans", "en", 'lang="zh-Hans"'),
            ("?lang=en", "zh-hans", 'lang="en"'),
            ("?lang=../../x", "en", 'lang="en"'),
        ],
    )
    def test_it_speaks_the_language_asked_for_else_the_reader_s(self, client, query, accepts, words):
        assert words in html_of(client.get(URL + query, headers={"accept-language": accepts}))

    def test_it_offers_the_developments_that_the_public_knows_and_marks_the_one_one_came_from(self, client):
        place, secret = DevelopmentFactory(name_en="Willow Lane"), DevelopmentFactory(name_en="Not announced")
        page_of(development=place, slug="the-place")
        page_of(development=secret, live=False)
        for asked in (place.pk, "the-place"):
            page = html_of(client.get(URL, {"development": asked}))
            assert f'<option value="{place.pk}" selected>Willow Lane</option>' in page
            assert "Not announced" not in page
        assert " selected>Not" not in html_of(client.get(URL, {"development": secret.pk}))

    @pytest.mark.parametrize("asked", ["x" * 10_000, "%00", "'; DROP TABLE", "00000000-0000-4000-8000-000000000000"])
    def test_it_opens_whatever_the_address_asks_for(self, client, asked):
        assert client.get(f"{URL}?development={asked}").status_code == 200

    def test_it_shows_the_hotline_and_the_words_to_agree_to(self, client, settings):
        page = html_of(client.get(URL))
        assert (settings.COMPANY_HOTLINE in page, str(ConsentText.objects.current().text_en) in page) == (True, True)


class TestSending:
    def test_it_ends_on_a_page_with_the_number_and_when_we_call(self, client):
        response = client.post(URL + "?lang=en", filled_in(survey_on="2026-11-24", survey_part="morning"))
        enquiry = Enquiry.objects.get()
        assert (response.status_code, enquiry.language) == (302, "en")
        thanks = client.get(response.url)
        page = html_of(thanks)
        assert all(words in page for words in (enquiry.reference, "23 November 2026", "24 November 2026"))
        assert ("Lin Yue" in page, "13800138000" in page) == (False, False)
        assert thanks.headers["Cache-Control"] == "private, no-store"

    def test_the_language_of_the_page_is_the_one_we_write_and_call_in(self, client):
        client.post(URL + "?lang=zh-hans", filled_in())
        assert Enquiry.objects.get().language == "zh-hans"

    def test_in_an_emergency_the_thanks_begin_with_the_hotline(self, client, settings):
        page = html_of(client.get(client.post(URL, filled_in(kind="repair", emergency="on")).url))
        assert page.index(settings.COMPANY_HOTLINE) < page.index(Enquiry.objects.get().reference, page.index("<dl"))
        assert "We call you at once" in page

    def test_what_is_wrong_is_said_and_nothing_is_lost(self, client):
        page = html_of(client.post(URL, filled_in(phone="12", budget="30万", focus="Two desks")))
        assert all(words in page for words in ("Two desks", "30万", 'aria-invalid="true"', "nothing is lost"))
        assert (Enquiry.objects.count(), '<details class="more-less" open' in page) == (0, True)

    def test_a_day_on_which_nobody_can_come_is_said_at_its_field(self, client):
        page = html_of(client.post(URL, filled_in(survey_on="2026-11-23", survey_part="morning")))
        assert ("24 November 2026 at the earliest" in page, Enquiry.objects.count()) == (True, 0)

    def test_sent_twice_it_leads_to_the_same_page(self, client):
        form = filled_in()
        assert client.post(URL, form).url == client.post(URL, form).url
        assert Enquiry.objects.count() == 1

    def test_new_words_of_consent_are_shown_and_must_be_agreed_to_anew(self, client):
        ConsentText.objects.create(version=2, text_en="Other words", text_zh="新", since=MONDAY)
        page = html_of(client.post(URL, filled_in()))
        assert ("Other words" in page, 'name="consent_version" value="2"' in page) == (True, True)
        assert (Enquiry.objects.count(), 'id="id_agreed" required checked' in page) == (0, False)


class TestAgainstPrograms:
    def test_what_nobody_sees_must_stay_empty(self, client):
        page = html_of(client.post(URL, filled_in(website="http://spam.example")))
        assert ("filled in by a program" in page, "spam.example" in page, Enquiry.objects.count()) == (True, False, 0)

    @pytest.mark.parametrize(
        ("ticket", "words"),
        [
            (make_ticket(at=MONDAY - timedelta(seconds=1)), "very quick"),
            (make_ticket(at=MONDAY - timedelta(hours=25)), "open for a long time"),
            (make_ticket(at=MONDAY - timedelta(minutes=1))[:-1] + "!", "not quite as we sent it"),
            (signing.dumps(["00" * 16, int(MONDAY.timestamp()) - 60], salt="other"), "not quite as we sent it"),
            (signing.dumps("x", salt=SALT), "not quite as we sent it"),
            ("", "not quite as we sent it"),
            ("x" * 10_000, "not quite as we sent it"),
        ],
        ids=["quick", "old", "forged", "another form's", "nonsense", "none", "long"],
    )
    def test_the_form_must_be_one_of_ours_neither_too_new_nor_too_old(self, client, ticket, words):
        page = html_of(client.post(URL, filled_in(ticket=ticket)))
        assert (words in page, Enquiry.objects.count()) == (True, 0)

    def test_after_a_refusal_a_person_only_sends_it_again(self, client, time_machine):
        page = html_of(client.post(URL, filled_in(ticket="")))
        ticket = page.split('name="ticket" value="')[1].split('"')[0]
        time_machine.move_to(MONDAY + timedelta(seconds=10))
        assert client.post(URL, filled_in(ticket=ticket)).status_code == 302

    def test_a_replayed_form_makes_no_second_enquiry_for_another_number(self, client):
        form = filled_in()
        client.post(URL, form)
        page = html_of(client.post(URL, form | {"phone": "13900139000"}))
        assert ("sent already" in page, Enquiry.objects.count()) == (True, 1)

    def test_a_thousand_a_minute_end_as_a_friendly_429_and_few_rows(self, client, settings):
        answers = [client.post(URL, filled_in(phone=f"138001380{number:02d}")).status_code for number in range(40)]
        assert (answers.count(302), answers.count(429), Enquiry.objects.count()) == (6, 34, 6)
        page = html_of(client.post(URL, filled_in()), status=429)
        assert (settings.COMPANY_HOTLINE in page, "One moment" in page) == (True, True)

    def test_the_limit_is_of_the_address_that_our_proxy_saw(self, client, settings):
        settings.TRUSTED_PROXIES = 1

        def post(number, said):
            form = filled_in(phone=f"138001380{number:02d}")
            return client.post(URL, form, headers={"x-forwarded-for": said}).status_code

        assert [post(number, f"9.9.9.{number}, 1.2.3.4") for number in range(8)].count(429) == 2
        assert post(50, "9.9.9.9, 4.3.2.1") == 302

    def test_there_is_a_limit_in_all_whatever_the_addresses(self, client, settings):
        settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"enquiry_kept": "9/h/ip,3/h/key"}
        answers = [
            client.post(URL, filled_in(phone=f"138001380{number:02d}"), REMOTE_ADDR=f"10.0.0.{number}").status_code
            for number in range(5)
        ]
        assert answers == [302, 302, 302, 429, 429]

    def test_another_site_can_t_send_it_in_a_visitor_s_name(self, client):
        client.handler.enforce_csrf_checks = True
        assert (client.post(URL, filled_in()).status_code, Enquiry.objects.count()) == (403, 0)


class TestThanks:
    def test_it_opens_with_its_own_address_only_and_for_a_week(self, client, time_machine):
        enquiry, other = EnquiryFactory(created_at=MONDAY), EnquiryFactory(created_at=MONDAY)
        good = reverse("enquire-thanks", args=[enquiry.pk, enquiry.mac])
        guessed = [
            reverse("enquire-thanks", args=[other.pk, enquiry.mac]),
            reverse("enquire-thanks", args=[enquiry.pk, enquiry.reference]),
            reverse("enquire-thanks", args=[enquiry.pk, enquiry.mac[:-1] + "A" if enquiry.mac[-1] != "A" else "B"]),
            f"/enquire/{enquiry.reference}/",
        ]
        assert [client.get(url).status_code for url in (good, *guessed)] == [200, 404, 404, 404, 404]
        assert client.post(good).status_code == 405
        time_machine.move_to(MONDAY + timedelta(days=7, seconds=1))
        assert client.get(good).status_code == 404
