"""As much of a browser as the tests behind nginx need: cookies, forms, TLS, and no redirects unless asked."""

import http.client
import ssl
from http.cookiejar import CookieJar
from types import SimpleNamespace
from urllib.parse import urljoin, urlsplit
from urllib.request import HTTPCookieProcessor, HTTPErrorProcessor, HTTPSHandler, Request, build_opener

from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import reverse

from tests.accounts.conftest import totp_of

CSRF_COOKIE = "__Host-csrf"
LOGIN, SECOND_FACTOR = reverse("account_login"), reverse("mfa_authenticate")


class _TakeEveryAnswer(HTTPErrorProcessor):
    def http_response(self, request, response):
        return response

    https_response = http_response


class Browser:
    """`get` and `post` return the status, the headers and the body; a redirect is an answer like others."""

    def __init__(self, url, certificate):
        self.url, self.cookies = url, CookieJar()
        trusted = ssl.create_default_context(cafile=str(certificate))
        self._opener = build_opener(
            HTTPSHandler(context=trusted), HTTPCookieProcessor(self.cookies), _TakeEveryAnswer()
        )

    def get(self, path, **headers):
        return self._answer(_request(self.url, path, _named(headers)))

    def post(self, path, data, **headers):
        """A form, with files as `SimpleUploadedFile`s; the page with its token was opened before."""
        token = {"X-CSRFToken": self.cookie(CSRF_COOKIE), "Referer": urljoin(self.url, path)}
        body = encode_multipart(BOUNDARY, data)
        named = {"Content-Type": MULTIPART_CONTENT} | token | _named(headers)
        return self._answer(_request(self.url, path, named, body))

    def cookie(self, name):
        return next((cookie.value for cookie in self.cookies if cookie.name == name), "")

    def come_in(self, email, password, secret=""):
        """By password, and with the authenticator app that has this secret. Returns the last answer."""
        self.get(LOGIN)
        answer = self.post(LOGIN, {"login": email, "password": password})
        if secret and answer.to == SECOND_FACTOR:
            self.get(SECOND_FACTOR)
            answer = self.post(SECOND_FACTOR, {"code": totp_of(secret)})
        return answer

    def _answer(self, request):
        try:
            with self._opener.open(request, timeout=30) as response:
                return SimpleNamespace(
                    status=response.status, headers=response.headers, body=response.read(), to=_path(response)
                )
        except (ConnectionError, http.client.HTTPException, OSError) as error:
            return SimpleNamespace(status=0, headers={}, body=b"", to="", error=error)


def _request(url, path, headers, body=None):
    return Request(urljoin(url, path), data=body, headers=headers)  # noqa: S310  a loopback address of the test's own


def _named(headers):
    return {name.replace("_", "-"): value for name, value in headers.items()}


def _path(response):
    parts = urlsplit(response.headers.get("Location", ""))
    return parts._replace(scheme="", netloc="").geturl()
