"""What the door asks of every request: the person's language, and the second factor of staff."""

from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation

STAFF_PATHS = ("/desk/", "/site/")
# What counts, and where it is asked for: whoever has both is offered the other there.
SECOND_FACTORS = {
    Authenticator.Type.TOTP: "mfa_reauthenticate",
    Authenticator.Type.WEBAUTHN: "mfa_reauthenticate_webauthn",
}


class ProfileLanguageMiddleware:
    """Whoever is logged in reads the language of their profile; others what cookie or browser say.

    Public pages have their language in the address, which always wins; there the login is not even looked at,
    so that shared caches may keep them.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not translation.get_language_from_path(request.path_info):
            language = getattr(request.user, "language", "")
            if language:
                translation.activate(language)
                request.LANGUAGE_CODE = translation.get_language()
        return self.get_response(request)


class StaffSecondFactorMiddleware:
    """Sends staff whose session has not passed a second factor to pass it, or to set one up, before their pages."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if settings.STAFF_SECOND_FACTOR and request.path_info.startswith(STAFF_PATHS) and self.is_staff_page(request):
            has = set(Authenticator.objects.filter(user=request.user).values_list("type", flat=True))
            if not (has & SECOND_FACTORS.keys() and passed_second_factor(request)):
                where = next((page for kind, page in SECOND_FACTORS.items() if kind in has), "mfa_activate_totp")
                return redirect(f"{reverse(where)}?{urlencode({'next': request.get_full_path()})}")
        return self.get_response(request)

    def is_staff_page(self, request):
        is_way_out = request.path_info == reverse("wagtailadmin_logout")
        return getattr(request.user, "is_staff", False) and not is_way_out


def passed_second_factor(request):
    """Whether the log-in has shown a code of the authenticator app, a recovery code, or a passkey."""
    return any(record["method"] == "mfa" for record in get_authentication_records(request, request.user))


class SendLaterMiddleware:
    """Runs what views put into `request.send_later` once the visitor has the whole answer.

    Codes go out that way: how long an answer takes tells nobody whether a login exists, and a slow mail server
    keeps nobody waiting.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.send_later = []
        response = self.get_response(request)
        response._resource_closers.extend(request.send_later)
        return response
