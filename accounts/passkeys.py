"""Passkeys: what allauth's forms take, in our words. A passkey comes in by itself, so it asks for finger or PIN."""

from allauth.account.internal.flows.login import record_authentication
from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import forms as webauthn
from allauth.mfa.webauthn.internal.auth import parse_authentication_response
from django import forms
from django.utils.translation import gettext_lazy as _

from .models import one_line

NAME = {"label": _("Its name"), "max_length": 60, "validators": [one_line]}


class AddPasskeyForm(webauthn.AddWebAuthnForm):
    """Adding one shows it, so the session counts as having passed the second factor."""

    name = forms.CharField(**NAME, required=False, help_text=_("So that you know it again in the list."))
    passwordless = forms.BooleanField(initial=True, widget=forms.CheckboxInput(attrs={"hidden": True}))

    def clean(self):
        try:
            cleaned = super().clean()
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise get_adapter().validation_error("incorrect_code") from error
        if cleaned.get("credential") and not self.errors:
            record_authentication(context.request, self.user, method="mfa", type=Authenticator.Type.WEBAUTHN)
        return cleaned


class NamePasskeyForm(webauthn.EditWebAuthnForm):
    name = forms.CharField(**NAME)


class Shown:
    """Whatever is posted instead of a passkey's answer is a wrong answer."""

    def clean_credential(self):
        try:
            return super().clean_credential()
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise get_adapter().validation_error("incorrect_code") from error


class ComeInForm(Shown, webauthn.LoginWebAuthnForm):
    """A finger or a PIN was shown, whatever page the challenge comes from: others are content with a touch."""

    def clean_credential(self):
        answer = self.cleaned_data["credential"]
        authenticator = super().clean_credential()  # has checked the signature
        if not parse_authentication_response(answer).response.authenticator_data.is_user_verified():
            raise get_adapter().validation_error("incorrect_code")
        return authenticator


class SecondFactorForm(Shown, webauthn.AuthenticateWebAuthnForm):
    pass


class AgainForm(Shown, webauthn.ReauthenticateWebAuthnForm):
    pass
