"""Requests that no browser of ours sends: forged hosts, addresses, tokens, methods, encodings, cookies."""

import re

import pytest
from django.test import Client, RequestFactory
from django.test.client import FakePayload
from django.urls import reverse

from portal.wsgi import application
from tests.accounts.conftest import PASSWORD
from tests.factories import NOW, InvitationFactory, OwnershipFactory, StaffFactory, UserFactory
from tests.test_urls import persons, row_of, world  # noqa: F401  (fixtures)
from tests.urls_table import ROWS

pytestmark = pytest.mark.django_db
EVIL = [
    *["https://evil.example/", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example"],
    *[
        "http:///evil.example",
        "https:evil.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "\thttps://evil.example",
    ],
    *[
        "https://testserver@evil.example/",
        "https://testserver.evil.example",
        "http://[::1",
        "/\t/evil.example",
        "\x00/my",
    ],
]


def leads_away(response):
    location = response.headers.get("Location", "/")
    return not re.match(r"/(?![/\\])", location) and not location.startswith(("http://testserver/", "?"))


class TestHost:
    def test_another_host_is_refused(self, client):
        for host in ("evil.example", "testserver.evil.example", "testserver@evil.example", "", "testserver:80:80"):
            assert client.get("/account/login/", headers={"Host": host}).status_code == 400, host

    def test_a_forwarded_host_is_not_looked_at(self, client):
        headers = {"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example", "X-Host": "evil.example"}
        assert "evil.example" not in client.get("/account/login/", headers=headers).content.decode()

    def test_the_link_of_a_reset_leads_to_our_address_whatever_the_port(self, client, settings, mailoutbox):
        settings.BASE_URL = "https://homes.example.com"
        user = UserFactory(password=PASSWORD)
        headers = {"Host": "testserver:1337", "X-Forwarded-Host": "evil.example"}
        client.post(reverse("account_reset_password"), {"email": user.email}, headers=headers)
        links = re.findall(r"https?://[^\s\"<]+", mailoutbox[-1].body)
        assert {link.split("/account/")[0] for link in links} == {"https://homes.example.com"}
        path = links[0].removeprefix("https://homes.example.com")
        assert "form" in client.get(path, follow=True).context

    def test_another_port_does_not_start_the_count_of_passwords_again(self, client):
        user = UserFactory(password=PASSWORD)
        for port in range(8000, 8010):
            client.post(
                reverse("account_login"),
                {"login": user.email, "password": "guessed"},
                headers={"Host": f"testserver:{port}"},
                REMOTE_ADDR=f"192.0.2.{port - 8000}",
            )
        client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
        assert "_auth_user_id" not in client.session

    def test_forged_hops_do_not_start_the_count_again(self, client):
        """Without a proxy of ours the header says nothing."""
        for n in range(12):
            data = {"login": f"somebody{n}@example.com", "password": "guessed"}
            client.post(reverse("account_login"), data, headers={"X-Forwarded-For": f"198.51.100.{n}"})
        user = UserFactory(password=PASSWORD)
        data = {"login": user.email, "password": PASSWORD}
        client.post(reverse("account_login"), data, headers={"X-Forwarded-For": "198.51.100.99"})
        assert "_auth_user_id" not in client.session


class TestRedirects:
    @pytest.mark.parametrize("evil", EVIL)
    def test_none_leads_away(self, client, evil):
        user = UserFactory(password=PASSWORD)
        came = [
            client.get("/desk/login/", {"next": evil}),
            client.get("/en/_util/login/", {"next": evil}),
            client.post("/language/", {"language": "en", "next": evil}),
            client.post("/language/", {"language": "en"}, headers={"Referer": evil}),
            client.post("/account/login/", {"login": user.email, "password": PASSWORD, "next": evil}),
            client.get("/account/login/", {"next": evil}),  # already in
            client.get("/account/reauthenticate/", {"next": evil}),
            client.post("/account/reauthenticate/", {"password": PASSWORD, "next": evil}),
            client.post("/account/prove/", {"next": evil}),
            client.post("/account/logout/", {"next": evil}),
        ]
        assert [answer.request["PATH_INFO"] for answer in came if leads_away(answer)] == []

    def test_after_proving_by_code(self, client):
        from tests.accounts.conftest import mailed_code

        client.force_login(UserFactory())
        client.post("/account/prove/?next=//evil.example", {"next": "//evil.example"})
        answer = client.post("/account/prove/?next=//evil.example", {"code": mailed_code(), "next": "//evil.example"})
        assert (answer.status_code, leads_away(answer)) == (302, False)


class TestTokens:
    def test_nothing_is_posted_without_one(self, world, persons):  # noqa: F811
        """Every address of ours that takes a POST, as somebody who may."""
        posts = ["home:profile", "site:update-new", "site:update-edit", "site:update-correct", "site:photo-caption"]
        names = {name.removeprefix("POST "): words for name, words, _answers in ROWS if name.startswith("POST ")}
        names |= {name: words for name, words, _answers in ROWS if name in posts or name.endswith((":add", ":edit"))}
        del names["accounts:unsubscribe"]  # the link is the proof, as RFC 8058 wants it
        assert len(names) > 30
        client = Client(enforce_csrf_checks=True)
        client.force_login(StaffFactory(group="Supervisors", everywhere=True))
        paths = [row_of(world, name, words)[1] for name, words in names.items()]
        doors = ["account_login", "account_logout", "account_change_password", "account_request_login_code"]
        paths += [reverse(name) for name in doors] + [InvitationFactory().path, "/desk/logout/"]
        assert [path for path in paths if client.post(path).status_code != 403] == []

    def test_one_of_another_site_is_none(self):
        client = Client(enforce_csrf_checks=True)
        client.force_login(UserFactory())
        token = client.get("/my/profile/").cookies["csrftoken"].value
        data = {"name": "x", "language": "en", "csrfmiddlewaretoken": token}
        assert client.post("/my/profile/", data, headers={"Origin": "https://evil.example"}).status_code == 403
        assert client.post("/my/profile/", data, headers={"Origin": "null"}).status_code == 403
        assert client.post("/my/profile/", data).status_code == 302


class TestLooking:
    @pytest.mark.parametrize("method", ["get", "head", "put", "delete", "patch", "options"])
    def test_what_is_to_be_posted_is_not_done_by_looking(self, world, persons, method):  # noqa: F811
        client = persons["supervisor here"]
        pages = {name for name, _words, _answers in ROWS}
        posts = [row for row in ROWS if row[0].startswith("POST ") and row[0].removeprefix("POST ") not in pages]
        paths = [row_of(world, name, words)[1] for name, words, _answers in posts]
        codes = {path: getattr(client, method)(path).status_code for path in paths}
        assert {path: code for path, code in codes.items() if code != 405} == {}
        world["draft"].refresh_from_db()
        world["invitation"].refresh_from_db()
        assert (world["draft"].state, world["invitation"].version, world["invitation"].revoked_at) == ("draft", 1, None)

    def test_a_method_in_a_header_is_not_believed(self, world, persons):  # noqa: F811
        path = reverse("site:update-publish", args=[world["draft"].pk])
        headers = {"X-HTTP-Method-Override": "POST", "X-Method-Override": "POST"}
        assert persons["supervisor here"].get(path, headers=headers).status_code == 405


FOR_EVERYBODY = {"robots", "sitemap", "news-feed"}  # files without a person in them


class TestHeaders:
    @pytest.mark.parametrize("person", ["the owner", "site manager here", "supervisor here", "nobody"])
    def test_no_answer_is_for_shared_caches_frames_or_guessing(self, world, persons, person):  # noqa: F811
        for name, words, _answers in ROWS:
            method, path = row_of(world, name, words)
            if path.startswith("/en/") or name in FOR_EVERYBODY:
                continue
            response = getattr(persons[person], method)(path)
            list(response)
            assert "private" in response.headers["Cache-Control"], name
            assert "public" not in response.headers["Cache-Control"], name
            assert response.headers["X-Content-Type-Options"] == "nosniff", name
            assert response.headers["X-Frame-Options"] in {"DENY", "SAMEORIGIN"}, name
            sandboxed = "sandbox" in response.headers["Content-Security-Policy"]
            assert sandboxed or "frame-ancestors 'self'" in response.headers["Content-Security-Policy"], name

    def test_those_of_the_door_too(self, client):
        client.force_login(OwnershipFactory().owner.user)
        for name in ("account_email", "account_change_phone", "mfa_index", "account_logout", "account_reauthenticate"):
            assert "private" in client.get(reverse(name)).headers["Cache-Control"], name

    def test_a_public_page_may_be_kept(self, client):
        assert "private" not in client.get("/en/").headers.get("Cache-Control", "")

    def test_cookies_can_not_be_read_by_scripts(self, client):
        client.post("/account/login/", {"login": UserFactory(password=PASSWORD).email, "password": PASSWORD})
        client.get("/my/profile/")
        for name in ("sessionid", "csrftoken"):
            cookie = client.cookies[name]
            assert (bool(cookie["httponly"]), cookie["samesite"], cookie["path"]) == (True, "Lax", "/")


MULTIPART = b'--X\r\nContent-Disposition: form-data; name="login"\r\n\r\nabc\r\n--X--\r\n'
BODIES = [
    ("multipart/form-data", MULTIPART),
    ("multipart/form-data; boundary=", MULTIPART),
    ("multipart/form-data; boundary=X", b"--X"),
    ("multipart/form-data; boundary=X", b"--X\r\nContent-Disposition: form-data\r\n\r\n"),
    ("multipart/form-data; boundary=X", MULTIPART.replace(b'"login"', b'"photos"; filename="\x00\xff.jpg"')),
    ("multipart/form-data; boundary=X", MULTIPART.replace(b"abc", b"\x00\xff\xfe")),
    (
        "multipart/form-data; boundary=X",
        MULTIPART.replace(b"\r\n\r\n", b"\r\nContent-Transfer-Encoding: base64\r\n\r\n!"),
    ),
    ("multipart/form-data; boundary=" + "x" * 300, MULTIPART),
    ("multipart/form-data; boundary=\xff", MULTIPART),
    ("multipart/mixed; boundary=X", MULTIPART),
    ("application/x-www-form-urlencoded", b"login=%00&login=%ff%ED%A0%80&=&&a=%"),
    ("application/x-www-form-urlencoded", b"&".join(b"a=1" for _n in range(1500))),
    ("application/x-www-form-urlencoded", b"login=" + b"x" * 3_000_000),
    ("application/json", b'{"login": "\\ud800"}'),
    ("application/json", b"{"),
    ("text/xml", b'<!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]><x>&y;</x>'),
    ("", b"\x00"),
    ("\\;;;=;", b"login=1"),
]
CHARSETS = ["zlib", "undefined", "idna", "punycode", "rot13", "hex", "unicode_escape", "utf-16", "nothing-such"]


class TestBodies:
    @pytest.mark.parametrize("kind", ["nobody", "owner", "staff"])
    def test_a_malformed_one_breaks_nothing(self, kind):
        client = Client(raise_request_exception=False)
        user = {"owner": OwnershipFactory().owner.user, "staff": StaffFactory(everywhere=True)}.get(kind)
        if user:
            client.force_login(user)
        paths = ["/account/login/", "/language/", "/my/profile/", "/site/updates/new/", "/desk/account/"]
        results = [
            (path, content_type, client.generic("POST", path, body, content_type=content_type).status_code)
            for path in paths
            for content_type, body in BODIES
        ]
        assert [result for result in results if result[-1] >= 500] == []

    @pytest.mark.parametrize("charset", CHARSETS)
    def test_an_encoding_that_is_not_ours_is_passed_over(self, charset):
        """As the web process reads it: Django decodes while it makes the request, before any middleware."""
        for kind in ("multipart/form-data; boundary=X", "application/x-www-form-urlencoded", "text/plain"):
            content_type = f"{kind}; charset={charset}"
            environ = RequestFactory().post("/x?next=%ff").environ | {"wsgi.input": FakePayload(MULTIPART)}
            environ |= {"CONTENT_TYPE": content_type, "CONTENT_LENGTH": str(len(MULTIPART))}
            request = application.request_class(environ)
            assert request.GET == {"next": ["\ufffd"]}
            assert request.POST.get("login", "abc") == "abc"


COOKIES = [
    *['sessionid="aaaaaaaaaaaa\\000bbbb"', 'sessionid="\\000\\000\\000\\000\\000\\000\\000\\000\\000"', "=;;=\xff"],
    *['csrftoken="\\000"', 'django_language="\\000"', 'django_language="../../etc"', 'messages="\\000\\777"'],
    *["sessionid=" + "a" * 5000, "sessionid=../../x", "messages=[[1]]:x:y", "sessionid=\xe4\xb8\xad"],
]


@pytest.mark.parametrize("cookie", COOKIES)
def test_a_broken_cookie_is_passed_over(client, cookie):
    for path in ("/account/login/", "/my/", "/en/", "/", "/site/", "/desk/", "/health/live"):
        assert client.get(path, headers={"Cookie": cookie}).status_code < 500, path


@pytest.mark.parametrize("number", ["0", "-1", "1e9", "9" * 5000, "NaN", "\uff11", "%00", "1%0a", "last"])
def test_a_page_number_that_is_none_shows_a_page(client, number):
    ownership = OwnershipFactory()
    client.force_login(ownership.owner.user)
    for path in (reverse("home:journey", args=[ownership.home_id]), reverse("home:inbox")):
        assert client.get(f"{path}?page={number}").status_code == 200
    client.force_login(StaffFactory(everywhere=True, group="Supervisors"))
    for path in ("/site/", "/desk/home/", "/desk/owner/", "/desk/choose-home/"):
        assert client.get(f"{path}?page={number}&p={number}").status_code in {200, 404}, path


@pytest.mark.parametrize(
    "path", ["/my/%00/", "/en/%00/", "/my/homes/%00/", "/%ff%fe/", "/desk/%00/", "/site/../%2e%2e/"]
)
def test_an_address_that_is_none_is_not_found(client, path):
    client.force_login(StaffFactory(everywhere=True))
    assert client.get(path).status_code == 404


def test_an_invitation_is_not_accepted_by_guessing(client, time_machine):
    time_machine.move_to(NOW)
    path = InvitationFactory().path
    for wrong in (path[:-2] + "x/", path[:-2] + "%00/", path[:-2] + "%ED%A0%80/", path[:-2] + "\u4e2d/"):
        assert client.post(wrong, {"password": "", "language": "en"}).status_code == 404
    assert "_auth_user_id" not in client.session
