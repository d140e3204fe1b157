"""How allauth treats our people: doors open to the invited only, telephone numbers, languages, secrets."""

import logging
import re
import time
from base64 import urlsafe_b64encode
from datetime import timedelta
from io import BytesIO
from urllib.parse import urlsplit

import qrcode
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.app_settings import REAUTHENTICATION_TIMEOUT
from allauth.core import context
from allauth.core.exceptions import ReauthenticationRequired
from allauth.core.internal.httpkit import clean_client_ip
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from qrcode.image.svg import SvgPathFillImage

from . import sms
from .actions import login_at, move_address
from .again import recently_proved
from .codes import can_be_sent_to
from .forms import TelephoneField
from .invitations import company_name
from .models import Channel, User
from .notices.messages import Line, one_line
from .templatetags.accounts import device

log = logging.getLogger(__name__)

MISMATCH = gettext_lazy("This does not match. Please check both, or have a code sent to you.")


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": MISMATCH,
        "phone_password_mismatch": MISMATCH,
        "username_password_mismatch": MISMATCH,
        "incorrect_code": gettext_lazy("This is not the code we sent. Please look again."),
        "too_many_login_attempts": gettext_lazy("That was too often. Please wait a few minutes, or ring us."),
        "rate_limited": gettext_lazy("That was too often. Please wait a minute, and try again."),
    }

    # --- who may come in ---------------------------------------------------------------------------------

    def is_open_for_signup(self, request):
        return False

    def is_safe_url(self, url):
        """allauth's own breaks over what is no address at all."""
        try:
            return super().is_safe_url(url)
        except ValueError:
            return False

    def get_login_stages(self):
        """Addresses were proved by accepting the invitation: no stage asks for them again."""
        not_ours = {
            "allauth.account.stages.PhoneVerificationStage",
            "allauth.account.stages.EmailVerificationStage",
        }
        return [stage for stage in super().get_login_stages() if stage not in not_ours]

    def can_delete_email(self, email_address):
        return not email_address.primary

    def get_client_ip(self, request):
        """The address that our own outermost proxy saw. What is further left in X-Forwarded-For, anyone can write."""
        hops = request.headers.get("X-Forwarded-For", "").split(",")
        trusted = settings.TRUSTED_PROXIES
        address = hops[-trusted] if 0 < trusted <= len(hops) and hops[-trusted] else request.META.get("REMOTE_ADDR", "")
        ip = clean_client_ip(address)
        if not ip:
            raise PermissionDenied("No client address.")
        return ip

    def _get_login_attempts_cache_key(self, request, **credentials):
        """allauth's own leaves the telephone out, so that all numbers would share one count, and has the host in,
        whose port anyone can write."""
        return (credentials.get("email") or credentials.get("phone") or "").lower()

    # --- proving it once more ----------------------------------------------------------------------------

    def is_reauthentication_required(self, *, app, **kwargs):
        """For what matters: unless they proved it in the last minutes. Whoever has neither password nor second
        factor is sent a code. Raises instead of answering yes: allauth would then be content with a password."""
        request = context.request
        if recently_proved(request, within=timedelta(seconds=REAUTHENTICATION_TIMEOUT)):
            return False
        if not self.get_reauthentication_methods(request.user):
            raise PermissionDenied("This login can't be asked again.")
        raise ReauthenticationRequired

    def get_reauthentication_methods(self, user):
        methods = super().get_reauthentication_methods(user)
        second = [method for method in methods if method["id"].startswith("mfa")]
        if second:
            return second
        if user.is_authenticated and can_be_sent_to(user):
            methods.append({"id": "code", "description": _("Send me a code"), "url": reverse("accounts:prove")})
        return methods

    # --- telephone numbers -------------------------------------------------------------------------------

    def phone_form_field(self, **kwargs):
        return TelephoneField(**kwargs)

    def get_phone(self, user):
        return (user.phone.as_e164, user.phone_verified) if user.phone else None

    def set_phone(self, user, phone, verified):
        user.phone, user.phone_verified = phone, verified
        user.save(update_fields=["phone", "phone_verified"])

    def set_phone_verified(self, user, phone):
        before = user.phone.as_e164 if user.phone else None
        if before == phone and user.phone_verified:
            return
        self.set_phone(user, phone, True)
        move_address(user=user, channel=Channel.SMS, old=before, new=phone, at=timezone.now())

    def get_user_by_phone(self, phone):
        """Whoever has it, with a closed login too: it is nobody else's."""
        return User.objects.filter(phone=phone).first()

    def send_verification_code_sms(self, user, phone, code, **kwargs):
        if not sms.sms_available():
            return
        with translation.override(language_of(user)):
            text = _(
                "%(code)s is your code for %(company)s. It is good for ten minutes. Nobody of ours will ask for it."
            )
            text %= {"code": code, "company": company_name()}
        reference = f"code:{user.pk}:{time.time_ns()}"
        language = language_of(user)
        send_later(lambda: sms.gateway().send_code(phone, text, reference, code=code, language=language))

    # --- mail --------------------------------------------------------------------------------------------

    def confirm_email(self, request, email_address):
        before = email_address.user.email
        confirmed = super().confirm_email(request, email_address)
        if confirmed:
            move_address(
                user=email_address.user,
                channel=Channel.EMAIL,
                old=before,
                new=email_address.email,
                at=timezone.now(),
            )
        return confirmed

    def get_reset_password_from_key_url(self, key):
        """Ours, whatever the request calls our host: its port, too, is what the visitor wrote."""
        path = urlsplit(super().get_reset_password_from_key_url(key)).path
        return settings.BASE_URL.rstrip("/") + path

    def format_email_subject(self, subject):
        return _("%(company)s: %(subject)s") % {"company": company_name(), "subject": subject}

    def send_mail(self, template_prefix, email, context):
        """In the language of whoever is reached there, and after the answer has gone out."""
        reader = login_at(email, Channel.EMAIL)
        with translation.override(language_of(reader) if reader else translation.get_language()):
            context = {"email": email, "hotline": settings.COMPANY_HOTLINE} | context
            message = self.render_mail(template_prefix, email, context | {"reader": reader})
        send_later(message.send)

    def render_mail(self, template_prefix, email, context, headers=None):
        """allauth's templates hold the words, a paragraph a block; the frame is that of all our mail."""
        subject = one_line(render_to_string(f"{template_prefix}_subject.txt", context))
        body = render_to_string(f"{template_prefix}_message.txt", context)
        name = one_line(context["reader"].name) if context["reader"] else ""
        frame = {
            "lang": "zh-Hans" if translation.get_language() == "zh-hans" else "en",
            "title": Line(context.get("code") or capfirst(subject)),
            "paragraphs": [Line(paragraph) for paragraph in re.split(r"\n\s*\n", body.strip())],
            "greeting": _("Dear %(name)s,") % {"name": name} if name else _("Hello,"),
            "action": _("Choose a new password"),
            "url": context.get("password_reset_url", ""),
            "why": _("You receive this message because it concerns signing in to our portal."),
            "company": company_name(),
            "hotline": settings.COMPANY_HOTLINE,
        }
        text = render_to_string("emails/notice.txt", frame)
        message = EmailMultiAlternatives(self.format_email_subject(subject), text, to=[email], headers=headers)
        message.attach_alternative(render_to_string("emails/notice.html", frame), "text/html")
        return message


def language_of(user):
    """The language in which this login is written to."""
    owner = getattr(user, "owner", None)
    return user.language or (owner.language if owner else settings.LANGUAGE_CODE)


def send_later(send):
    """Send when the visitor has the answer. A failure is logged and not shown: it would say that somebody is known."""

    def quietly():
        try:
            send()
        except Exception:
            log.exception("A code or a message about a login could not be sent.")

    if context.request:
        context.request.send_later.append(quietly)
    else:
        quietly()


class MfaAdapter(DefaultMFAAdapter):
    """Secrets of authenticator apps are encrypted: whoever reads the database alone can't use them."""

    def get_totp_issuer(self):
        return company_name()

    def build_totp_svg(self, url):
        """On white, so that it can be scanned from a dark page."""
        buffer = BytesIO()
        qrcode.make(url, image_factory=SvgPathFillImage).save(buffer)
        return buffer.getvalue().decode()

    def get_totp_label(self, user):
        return user.email or str(user.phone)

    def get_public_key_credential_rp_entity(self):
        return super().get_public_key_credential_rp_entity() | {"name": company_name()}

    def get_public_key_credential_user_entity(self, user):
        names = {"name": self.get_totp_label(user), "display_name": str(user)}
        return super().get_public_key_credential_user_entity(user) | names

    def generate_authenticator_name(self, user, type):  # noqa: A002  allauth calls it so
        """What it was made with says more than a number."""
        return device(context.request.headers.get("User-Agent", ""))

    def encrypt(self, text):
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text):
        return _cipher().decrypt(encrypted_text.encode()).decode()


def _cipher():
    """Encrypts with a key drawn from SECRET_KEY; reads what the keys in SECRET_KEY_FALLBACKS have written."""
    return MultiFernet([_fernet(secret) for secret in [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]])


def _fernet(secret):
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"accounts.adapters.MfaAdapter").derive(secret.encode())
    return Fernet(urlsafe_b64encode(key))
