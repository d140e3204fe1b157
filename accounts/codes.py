"""Proving once more that it is you, by a code: for logins that have neither a password nor an authenticator app."""

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.code_verification import AbstractCodeVerificationProcess
from allauth.account.internal.flows.login import record_authentication
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa import app_settings as mfa
from django.core.cache import cache

from .sms import sms_available

SESSION_KEY = "account_proof"


def use_once(user, code):
    """Note that this code of the authenticator app has been shown. Returns whether it was for the first time.

    allauth remembers a code for one period, but takes it for as many as clocks may differ.
    """
    valid = mfa.TOTP_PERIOD * (2 * mfa.TOTP_TOLERANCE + 1)
    return cache.add(f"app-code:{user.pk}:{normalize_user_code(code)}", True, timeout=valid)


def can_be_sent_to(user):
    """Whether this login can get a code at all."""
    return bool(user.email or (user.phone and sms_available()))


class ProofByCode(AbstractCodeVerificationProcess):
    """The code lives in the session, for ten minutes and three attempts."""

    def __init__(self, request):
        self.request = request
        super().__init__(
            max_attempts=app_settings.LOGIN_BY_CODE_MAX_ATTEMPTS,
            timeout=app_settings.LOGIN_BY_CODE_TIMEOUT,
            state=request.session.get(SESSION_KEY) or self.initial_state(request.user),
            user=request.user,
        )
        if not self.is_valid():
            self.abort()

    @property
    def recipient(self):
        return self.user.email or self.user.phone.as_international

    def send(self):
        """Make a new code and send it by e-mail, or to the telephone of whoever has none."""
        self.state = self.initial_state(self.user) | {"code": get_adapter().generate_login_code()}
        if self.user.email:
            get_adapter().send_mail("account/email/login_code", self.user.email, {"code": self.code})
        else:
            get_adapter().send_verification_code_sms(self.user, self.user.phone.as_e164, self.code)
        self.persist()

    def finish(self):
        """Note in the session that it was them, and forget the code."""
        record_authentication(self.request, self.user, method="code", reauthenticated=True)
        self.abort()

    def persist(self):
        self.request.session[SESSION_KEY] = self.state

    def abort(self):
        self.request.session.pop(SESSION_KEY, None)
        self.state = self.initial_state(self.user)
