from smtplib import SMTPServerDisconnected

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import SESSION_KEY, get_user
from django.core import mail
from django.core.cache import cache
from django.urls import reverse

from accounts.models import User
from tests.accounts.conftest import PASSWORD, code_in, mailed_code, token_free
from tests.factories import OwnerFactory, UserFactory

PHONE = "+8613800138000"


@pytest.fixture
def owner(db):
    return UserFactory(email="shen@example.com", phone=PHONE, phone_verified=True, password=PASSWORD, name="Shen Yue")


def post(client, url_name, data, **extra):
    return client.post(reverse(url_name), data, **extra)


def ask_code(client, login, **extra):
    return post(client, "account_request_login_code", {"login": login}, **extra)


class TestPassword:
    @pytest.mark.parametrize("login", ["shen@example.com", " Shen@Example.com ", PHONE, "138 0013 8000"])
    def test_email_and_telephone_open_however_they_are_written(self, client, owner, login):
        response = post(client, "account_login", {"login": login, "password": PASSWORD})
        assert (response.status_code, response.url, get_user(client)) == (302, "/my/", owner)

    @pytest.mark.parametrize("known", ["shen@example.com", PHONE])
    def test_a_wrong_password_and_an_unknown_login_look_alike(self, client, owner, known):
        unknown = {"shen@example.com": "nobody@example.com", PHONE: "+8613900139000"}[known]
        pages = [post(client, "account_login", {"login": who, "password": "wrong"}) for who in (known, unknown)]
        assert [page.status_code for page in pages] == [200, 200]
        assert token_free(pages[0]).replace(known, "…") == token_free(pages[1]).replace(unknown, "…")

    @pytest.mark.parametrize(
        "next_url", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"]
    )
    def test_an_open_redirect_in_next_leads_home(self, client, owner, next_url):
        url = reverse("account_login", query={"next": next_url})
        response = client.post(url, {"login": owner.email, "password": PASSWORD})
        assert response.url == "/my/"

    def test_a_page_of_ours_in_next_is_where_they_wanted_to_go(self, client, owner):
        url = reverse("account_login", query={"next": "/my/inbox/"})
        assert client.post(url, {"login": owner.email, "password": PASSWORD}).url == "/my/inbox/"

    def test_a_closed_login_says_so_only_to_who_knows_the_password(self, client, owner):
        User.objects.update(is_active=False)
        right = post(client, "account_login", {"login": owner.email, "password": PASSWORD})
        wrong = post(client, "account_login", {"login": owner.email, "password": "wrong"})
        assert (right.status_code, right.url, wrong.status_code) == (302, reverse("account_inactive"), 200)
        assert SESSION_KEY not in client.session


class TestCode:
    def test_a_code_by_email_opens(self, client, owner):
        response = ask_code(client, "Shen@Example.com")
        assert response.url == reverse("account_confirm_login_code")
        response = post(client, "account_confirm_login_code", {"code": mailed_code()})
        assert (response.url, get_user(client)) == ("/my/", owner)

    def test_a_code_by_text_message_opens(self, client, owner, texts):
        ask_code(client, "138 0013 8000")
        ((number, text),) = texts()
        post(client, "account_confirm_login_code", {"code": code_in(text)})
        assert (number, get_user(client)) == (PHONE, owner)

    def test_without_a_gateway_no_code_goes_to_telephones(self, client, owner, settings):
        settings.SMS_GATEWAY = ""
        assert ask_code(client, PHONE).status_code == 200

    @pytest.mark.parametrize(
        ("known", "unknown"), [("shen@example.com", "nobody@example.com"), (PHONE, "+8613900139000")]
    )
    def test_who_is_known_does_not_show(self, client, owner, texts, known, unknown):
        pages = []
        for who in (known, unknown):
            client.logout()
            first = ask_code(client, who)
            second = client.get(first.url)
            third = client.post(first.url, {"code": "nonsense"})
            pages.append(
                [first.status_code, first.url, *(token_free(page).replace(who, "…") for page in (second, third))]
            )
        assert pages[0] == pages[1]

    def test_unknown_addresses_are_told_how_to_get_in_and_unknown_numbers_nothing(self, client, owner, texts):
        ask_code(client, "nobody@example.com")
        ask_code(client, "+8613900139000")
        assert [message.to for message in mail.outbox] == [["nobody@example.com"]]
        assert texts() == []

    def test_codes_go_out_when_the_answer_is_given(self, client, owner, monkeypatch):
        """How long the mail server takes must not show, nor that it is down."""
        monkeypatch.setattr("django.core.mail.EmailMessage.send", _down)
        assert ask_code(client, owner.email).status_code == ask_code(client, "nobody@example.com").status_code == 302

    def test_the_third_wrong_code_ends_it(self, client, owner):
        ask_code(client, owner.email)
        code = mailed_code()
        for _attempt in range(3):
            response = post(client, "account_confirm_login_code", {"code": "000000" if code != "000000" else "1"})
        assert response.url == reverse("account_request_login_code")
        post(client, "account_confirm_login_code", {"code": code})
        assert SESSION_KEY not in client.session

    def test_after_ten_minutes_it_no_longer_opens(self, client, owner, time_machine):
        time_machine.move_to("2026-11-22T10:00:00Z")
        ask_code(client, owner.email)
        time_machine.move_to("2026-11-22T10:10:01Z")
        post(client, "account_confirm_login_code", {"code": mailed_code()})
        assert SESSION_KEY not in client.session

    @pytest.mark.parametrize(("language", "word"), [("en", "Dear Shen Yue"), ("zh-hans", "Shen Yue")])
    def test_it_is_written_in_the_persons_own_language(self, client, owner, language, word):
        User.objects.update(language=language)
        ask_code(client, owner.email, headers={"accept-language": "en" if language != "en" else "zh-hans"})
        html = mail.outbox[0].alternatives[0].content
        assert f'<html lang="{ {"en": "en", "zh-hans": "zh-Hans"}[language] }"' in html
        assert mail.outbox[0].subject.startswith({"en": "Yanxia Homes: ", "zh-hans": "檐下："}[language])
        assert word in html

    def test_an_owners_record_says_the_language_where_the_login_does_not(self, client, owner):
        User.objects.update(language="")
        OwnerFactory(user=owner, language="zh-hans")
        ask_code(client, owner.email)
        assert mail.outbox[0].subject.startswith("檐下：")


def _down(message):
    raise SMTPServerDisconnected


class TestReset:
    def link(self):
        words = mail.outbox[-1].body.split()
        return next(word for word in words if "/account/password/reset/key/" in word).removeprefix(
            "http://localhost:8000"
        )

    def test_a_link_opens_once(self, client, owner):
        post(client, "account_reset_password", {"email": "Shen@example.com"})
        link = self.link()
        form = client.get(link)
        new = {"password1": "a roof over our heads", "password2": "a roof over our heads"}
        assert client.post(form.url, new).url == reverse("account_reset_password_from_key_done")
        assert "no longer opens" in client.get(link).content.decode()
        assert User.objects.get().check_password("a roof over our heads")

    def test_who_is_known_does_not_show(self, client, owner):
        pages = [
            client.post(reverse("account_reset_password"), {"email": who}, follow=True)
            for who in ("shen@example.com", "nobody@example.com")
        ]
        assert pages[0].redirect_chain == pages[1].redirect_chain
        assert token_free(pages[0]) == token_free(pages[1])
        assert [message.to for message in mail.outbox] == [["shen@example.com"], ["nobody@example.com"]]

    @pytest.mark.parametrize("password", ["short", "password1234", "shen@example.com"])
    def test_weak_passwords_are_refused(self, client, owner, password):
        post(client, "account_reset_password", {"email": owner.email})
        form = client.get(self.link())
        assert client.post(form.url, {"password1": password, "password2": password}).status_code == 200
        assert User.objects.get().check_password(PASSWORD)


class TestLimits:
    """They bite by account and by address of the network, and are counted in the shared cache."""

    def wrong(self, client, login, ip="192.0.2.1", **extra):
        response = post(client, "account_login", {"login": login, "password": "wrong"}, REMOTE_ADDR=ip, **extra)
        return response.status_code == 429 or "too often" in response.content.decode()

    @pytest.mark.parametrize("who", ["shen@example.com", "nobody@example.com", PHONE])
    def test_the_sixth_wrong_password_of_an_account_waits_wherever_it_comes_from(self, client, owner, who):
        refused = [self.wrong(client, who, ip=f"192.0.2.{n}") for n in range(6)]
        assert refused == [False] * 5 + [True]

    def test_one_telephone_does_not_use_up_the_attempts_of_another(self, client, owner):
        for _attempt in range(6):
            self.wrong(client, "+8613900139000")
        assert not self.wrong(client, PHONE)

    def test_the_eleventh_wrong_password_from_one_address_waits(self, client, db):
        refused = [self.wrong(client, f"person{n}@example.com") for n in range(11)]
        assert refused == [False] * 10 + [True]

    def test_the_right_password_waits_too(self, client, owner):
        for _attempt in range(6):
            self.wrong(client, owner.email)
        post(client, "account_login", {"login": owner.email, "password": PASSWORD})
        assert SESSION_KEY not in client.session

    def test_the_fourth_code_within_a_minute_waits(self, client, owner):
        statuses = []
        for _request in range(4):
            client.logout()
            statuses.append(ask_code(client, owner.email).status_code)
        assert (statuses, len(mail.outbox)) == ([302] * 3 + [200], 3)

    def test_the_sixth_reset_within_a_minute_gets_a_page_in_our_look(self, client, db):
        for _request in range(6):
            response = post(client, "account_reset_password", {"email": "shen@example.com"})
        assert response.status_code == 429
        assert 'class="door"' in response.content.decode()

    def test_they_are_counted_in_the_shared_cache(self, client, owner):
        for _attempt in range(6):
            self.wrong(client, owner.email)
        cache.clear()
        assert not self.wrong(client, owner.email)

    @pytest.mark.parametrize(
        ("proxies", "refused"), [(0, True), (1, False)], ids=["written by anyone", "written by our proxy"]
    )
    def test_a_forwarded_address_counts_only_behind_our_proxies(self, client, db, settings, proxies, refused):
        settings.TRUSTED_PROXIES = proxies
        for n in range(10):
            self.wrong(client, f"person{n}@example.com", HTTP_X_FORWARDED_FOR="198.51.100.1")
        assert self.wrong(client, "other@example.com", HTTP_X_FORWARDED_FOR="198.51.100.2") == refused

    def test_what_a_visitor_writes_left_of_our_proxy_changes_nothing(self, client, db, settings):
        settings.TRUSTED_PROXIES = 1
        for n in range(10):
            self.wrong(client, f"person{n}@example.com", HTTP_X_FORWARDED_FOR=f"203.0.113.{n}, 198.51.100.1")
        assert self.wrong(client, "other@example.com", HTTP_X_FORWARDED_FOR="203.0.113.99, 198.51.100.1")

    def test_fewer_hops_than_proxies_fall_back_to_the_connection(self, client, owner, settings):
        settings.TRUSTED_PROXIES = 3
        response = post(
            client,
            "account_login",
            {"login": owner.email, "password": PASSWORD},
            HTTP_X_FORWARDED_FOR="198.51.100.1",
        )
        assert response.status_code == 302


class TestSignUp:
    def test_nobody_signs_up(self, client, db):
        form = {"email": "new@example.com", "password1": PASSWORD, "password2": PASSWORD}
        pages = [client.get(reverse("account_signup")), post(client, "account_signup", form)]
        assert all("Your invitation came with your contract" in page.content.decode() for page in pages)
        assert not User.objects.filter(email="new@example.com").exists()


class TestNewAddress:
    """Owners change where they sign in, after proving that it is they and that the address is theirs."""

    @pytest.fixture
    def record(self, owner):
        record = OwnerFactory(user=owner)
        record.addresses.create(channel="email", value=owner.email)
        return record

    def change_email(self, client, email):
        response = post(client, "account_email", {"action_add": "1", "email": email})
        assert response.url == reverse("account_email_verification_sent")
        return post(client, "account_email_verification_sent", {"code": mailed_code()})

    def test_a_new_email_moves_the_login_and_the_record(self, client, owner, record, sign_in):
        sign_in(owner)
        self.change_email(client, "New@example.com")
        owner.refresh_from_db()
        assert owner.email == "new@example.com"
        assert list(EmailAddress.objects.values_list("email", "verified")) == [("new@example.com", True)]
        (address,) = record.addresses.all()
        assert (address.value, bool(address.verified_at)) == ("new@example.com", True)

    def test_the_old_address_is_told(self, client, owner, record, sign_in):
        sign_in(owner)
        EmailAddress.objects.create(user=owner, email=owner.email, verified=True, primary=True)
        self.change_email(client, "new@example.com")
        assert mail.outbox[-1].to == ["shen@example.com"]

    def test_an_address_of_somebody_else_is_refused_only_to_who_reads_its_mail(self, client, owner, sign_in):
        other = UserFactory(email="other@example.com")
        sign_in(owner)
        assert "already" in self.change_email(client, other.email).content.decode()
        owner.refresh_from_db()
        assert owner.email == "shen@example.com"

    def test_a_new_telephone_moves_the_login_and_the_record(self, client, owner, record, sign_in, texts):
        sign_in(owner)
        post(client, "account_change_phone", {"phone": "139 0013 9000"})
        post(client, "account_verify_phone", {"code": code_in(texts()[0][1])})
        owner.refresh_from_db()
        assert (owner.phone.as_e164, owner.phone_verified) == ("+8613900139000", True)
        assert record.addresses.get(channel="sms").value == "+8613900139000"

    def test_asking_again_at_once_waits(self, client, owner, sign_in, texts):
        sign_in(owner)
        responses = [post(client, "account_change_phone", {"phone": "13900139000"}) for _request in range(2)]
        assert [response.status_code for response in responses] == [302, 200]

    def test_the_only_email_can_not_be_taken_away(self, client, owner, sign_in):
        EmailAddress.objects.create(user=owner, email=owner.email, verified=True, primary=True)
        sign_in(owner)
        post(client, "account_email", {"action_remove": "1", "email": owner.email})
        owner.refresh_from_db()
        assert owner.email == "shen@example.com"


class TestProof:
    """Before what matters, they prove once more that it is they, unless they just have."""

    @pytest.fixture
    def later(self, time_machine):
        time_machine.move_to("2026-11-22T10:00:00Z")
        return lambda: time_machine.move_to("2026-11-22T10:05:01Z")

    def test_the_password_is_asked_again_after_five_minutes(self, client, owner, sign_in, later):
        sign_in(owner)
        later()
        response = post(client, "account_email", {"action_add": "1", "email": "new@example.com"})
        assert response.url == reverse("account_reauthenticate", query={"next": reverse("account_email")})
        post(client, "account_reauthenticate", {"password": PASSWORD, "next": reverse("mfa_activate_totp")})
        assert client.get(reverse("mfa_activate_totp")).status_code == 200

    def test_who_has_no_password_is_sent_a_code(self, client, owner, later):
        User.objects.update(password="!")
        ask_code(client, owner.email)
        post(client, "account_confirm_login_code", {"code": mailed_code()})
        later()
        prove = reverse("accounts:prove", query={"next": reverse("mfa_activate_totp")})
        assert client.get(reverse("mfa_activate_totp")).url == prove
        client.post(prove)
        assert client.post(prove, {"code": "nonsense"}).status_code == 200
        assert client.post(prove, {"code": mailed_code()}).url == reverse("mfa_activate_totp")
        assert client.get(reverse("mfa_activate_totp")).status_code == 200

    def test_a_session_that_never_proved_anything_has_to(self, client, owner):
        User.objects.update(password="!")
        client.force_login(owner)
        assert client.get(reverse("mfa_activate_totp")).status_code == 302

    def test_a_login_that_nothing_reaches_is_refused_without_a_loop(self, client, settings, db):
        settings.SMS_GATEWAY = ""
        client.force_login(UserFactory(email=None, phone=PHONE))
        assert client.get(reverse("mfa_activate_totp")).status_code == 403
