from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class ProfileForm(forms.ModelForm):
    """What people change about themselves without a second look; addresses are changed where they are verified."""

    class Meta:
        model = User
        fields = ["name", "language"]
        widgets = {"language": forms.RadioSelect}
        help_texts = {"language": _("For these pages and for what we send you.")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].required = True
        self.fields["language"].required = True
        self.fields["language"].choices = [choice for choice in self.fields["language"].choices if choice[0]]

    def save(self, commit=True):
        """Only these fields: the row may have changed meanwhile, as when the login is being closed."""
        self.instance.save(update_fields=self.Meta.fields)
        return self.instance
