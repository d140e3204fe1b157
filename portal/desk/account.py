"""A member of staff's own page on the desk: language and look. Addresses and passwords are kept behind the one door."""

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.views.account import AccountView, BaseSettingsPanel, ThemeSettingsPanel
from wagtail.users.models import UserProfile

from accounts.models import User


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


class DeskAccountView(AccountView):
    def get_panels(self):
        user = self.request.user
        profile = UserProfile.get_for_user(user)
        return [PersonPanel(self.request, user, profile), ThemeSettingsPanel(self.request, user, profile)]
