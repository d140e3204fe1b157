"""A member of staff's own page on the desk: language and look. Addresses and passwords are kept behind the one door."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.views.account import AccountView, BaseSettingsPanel, ThemeSettingsPanel
from wagtail.users.models import UserProfile

from accounts.models import User
from accounts.notices.forms import PreferencesForm


class PersonForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["name", "language"]

    def save(self, commit=True):
        """Only these fields: the row may have changed meanwhile, as when the login is being closed."""
        self.instance.save(update_fields=self.Meta.fields)
        return self.instance


class PersonPanel(BaseSettingsPanel):
    name = "person"
    title = _("You")
    order = 100
    form_class = PersonForm


class MessagesForm(PreferencesForm):
    """How colleagues hear of their work."""

    def __init__(self, *args, instance, **kwargs):
        super().__init__(*args, person=instance, **kwargs)

    def save(self):
        super().save(by=self.person, at=timezone.now())


class MessagesPanel(BaseSettingsPanel):
    name = "messages"
    title = _("Messages by e-mail")
    help_text = _("Whatever you choose, every message stands in your inbox.")
    order = 150
    form_class = MessagesForm


class DeskAccountView(AccountView):
    def get_panels(self):
        user = self.request.user
        profile = UserProfile.get_for_user(user)
        panels = (PersonPanel, MessagesPanel, ThemeSettingsPanel)
        return [panel(self.request, user, profile) for panel in panels]
