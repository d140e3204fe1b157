"""What people type at the door. allauth's forms keep their checks and get our words."""

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.account.app_settings import LoginMethod
from allauth.account.internal.flows.login import derive_login_method, record_authentication
from allauth.core import context, ratelimit
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from django import forms
from django.conf import settings
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _
from phonenumber_field.formfields import PhoneNumberField

from .codes import use_once
from .models import Channel, User
from .sms import sms_available

EMAIL = _("E-mail")
TELEPHONE = _("Telephone")
CODE = _("Six digits")
PASSWORD = _("Password")
NEW_PASSWORD = _("New password")
ONCE_MORE = _("The new password once more")
GUESSED = _("At least 10 characters, and nothing that others would guess.")
# allauth's own: a link to the reset, which our pages have elsewhere, and a list of all that is forbidden.
HINTS = {"password": "", "oldpassword": "", "password1": GUESSED}


class TelephoneField(PhoneNumberField):
    """A telephone number, however it is typed; cleaned to the text `+8613800000000`."""

    def clean(self, value):
        phone = super().clean(value)
        return phone.as_e164 if phone else ""


def in_our_words(form_class, **labels):
    """`form_class` with these labels and without placeholders, which would only repeat them."""

    class Form(form_class):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            for name, field in self.fields.items():
                field.label = labels.get(name, field.label)
                field.widget.attrs.pop("placeholder", None)
                if name == "code":
                    field.widget.attrs["inputmode"] = "numeric"
                if name in HINTS:
                    field.help_text = HINTS[name]

    return Form


class LoginForm(in_our_words(account.LoginForm, login=_("E-mail or telephone"), password=PASSWORD)):
    """E-mail or telephone, and the password."""

    sms_available = staticmethod(sms_available)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs["autocomplete"] = "username"

    def user_credentials(self):
        credentials = super().user_credentials()
        if phone := credentials.get(LoginMethod.PHONE):
            credentials[LoginMethod.PHONE] = TelephoneField().clean(phone)
        return credentials


class RequestCodeForm(forms.Form):
    """Where to send a code. It answers alike whether or not anybody is known there."""

    login = forms.CharField(max_length=254, widget=forms.TextInput(attrs={"autocomplete": "username"}))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("E-mail or telephone") if sms_available() else EMAIL

    def clean_login(self):
        """Hand it to allauth's form, which finds the login and counts the requests."""
        login = self.cleaned_data["login"].strip()
        method = derive_login_method(login)
        if method == LoginMethod.USERNAME or (method == LoginMethod.PHONE and not sms_available()):
            raise forms.ValidationError(_("Please check what you typed."))
        form = account.RequestLoginCodeForm({method.value: login})
        if not form.is_valid():
            raise forms.ValidationError([error for errors in form.errors.values() for error in errors])
        self._user = form._user if form._user and form._user.is_active else None
        self._reached_at = {method.value: form.cleaned_data[method.value]}
        return login

    def clean(self):
        return super().clean() | getattr(self, "_reached_at", {})


class ChangePhoneForm(in_our_words(account.ChangePhoneForm, phone=_("New number"))):
    sms_available = staticmethod(sms_available)

    def clean_phone(self):
        phone = super().clean_phone()
        if not sms_available():
            raise forms.ValidationError(_("We can't send text messages at present. Please ring us."))
        if not ratelimit.consume(context.request, action="verify_phone", key=phone, dry_run=True):
            raise get_adapter().validation_error("rate_limited")
        return phone


class AddAppForm(in_our_words(totp.ActivateTOTPForm, code=CODE)):
    def clean_code(self):
        """Setting up the app shows a code of it, so the session counts as having passed the second factor."""
        code = super().clean_code()
        use_once(self.user, code)
        record_authentication(context.request, self.user, method="mfa", type="totp")
        return code


class OnceOnly:
    """A code that somebody looked at opens nothing any more once it was used."""

    def clean_code(self):
        code = super().clean_code()
        if not use_once(self.user, code):
            raise get_adapter().validation_error("incorrect_code")
        return code


class SecondFactorForm(OnceOnly, in_our_words(mfa.AuthenticateForm, code=_("Six digits, or a recovery code"))):
    pass


class SecondFactorAgainForm(OnceOnly, in_our_words(mfa.ReauthenticateForm, code=_("Six digits, or a recovery code"))):
    pass


ConfirmCodeForm = in_our_words(account.ConfirmLoginCodeForm, code=CODE)
ConfirmEmailForm = in_our_words(account.ConfirmEmailVerificationCodeForm, code=CODE)
ConfirmPhoneForm = in_our_words(account.VerifyPhoneForm, code=CODE)
ChangeEmailForm = in_our_words(account.AddEmailForm, email=_("New e-mail"))
ResetPasswordForm = in_our_words(account.ResetPasswordForm, email=EMAIL)
NewPasswordForm = in_our_words(account.ResetPasswordKeyForm, password1=NEW_PASSWORD, password2=ONCE_MORE)
SetPasswordForm = in_our_words(account.SetPasswordForm, password1=NEW_PASSWORD, password2=ONCE_MORE)
ChangePasswordForm = in_our_words(
    account.ChangePasswordForm, oldpassword=_("Present password"), password1=NEW_PASSWORD, password2=ONCE_MORE
)
PasswordAgainForm = in_our_words(account.ReauthenticateForm, password=PASSWORD)


class AcceptForm(forms.Form):
    """An invited person chooses a password, or none, and the language we write in."""

    password = forms.CharField(
        label=_("Choose a password"),
        help_text=GUESSED,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
    )
    language = forms.ChoiceField(
        label=_("We write to you in"),
        choices=[(code, get_language_info(code)["name_local"]) for code, _name in settings.LANGUAGES],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args, invitation, **kwargs):
        super().__init__(*args, **kwargs)
        self.invitation = invitation
        if invitation.channel == Channel.EMAIL or sms_available():
            self.fields["password"].required = False
            self.fields["password"].help_text = _(
                "At least 10 characters. Or leave it empty: we send you a code each time you sign in."
            )

    def clean_password(self):
        password = self.cleaned_data["password"]
        if not password:
            return None
        person = User(name=self.invitation.name)
        if self.invitation.channel == Channel.EMAIL:
            person.email = self.invitation.address
        return get_adapter().clean_password(password, user=person)


class ClaimForm(forms.Form):
    """Where whoever scanned a printed code is reached."""

    address = forms.CharField(max_length=254, widget=forms.TextInput(attrs={"autocomplete": "email"}))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["address"].label = _("E-mail or telephone") if sms_available() else EMAIL

    def clean_address(self):
        address = self.cleaned_data["address"]
        if "@" not in address and not sms_available():
            raise forms.ValidationError(_("This is not an e-mail address."))
        return address
