"""What staff fill in to transfer a home."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Owner, one_line
from progress.models import Home

from .choosers import home_chooser
from .people import DAY
from .scoped import narrow


class TransferForm(forms.Form):
    """Cleaned: `home`, `on`, `to` (Owners, a new one unsaved among them), and `new_record`, that one or None."""

    home = forms.ModelChoiceField(Home.objects.none(), label=gettext_lazy("Home"), widget=home_chooser.widget_class)
    on = forms.DateField(
        label=gettext_lazy("Day"),
        widget=DAY,
        help_text=gettext_lazy("From this day on it is theirs. On a later day it happens by itself."),
    )
    numbers = forms.CharField(
        label=gettext_lazy("Customer numbers of the new owners"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("One a line. The first becomes owner, the others co-owners."),
    )
    new_name = forms.CharField(
        label=gettext_lazy("Or a new customer: name"), max_length=150, required=False, validators=[one_line]
    )
    new_number = forms.CharField(
        label=gettext_lazy("Customer number of the new customer"), max_length=40, required=False, validators=[one_line]
    )
    new_language = forms.ChoiceField(
        label=gettext_lazy("Language of the new customer"), choices=settings.LANGUAGES, required=False
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["home"].queryset = narrow(Home.objects.select_related("development"), user)
        self.fields["home"].widget.user = user

    def clean_numbers(self):
        """The Owners by number, in the order written. A number says who is meant; a name never does."""
        wanted = [line.strip() for line in self.cleaned_data["numbers"].splitlines() if line.strip()]
        known = {owner.customer_no: owner for owner in Owner.objects.filter(customer_no__in=wanted)}
        self.existing = [known[number] for number in wanted if number in known]
        if missing := [number for number in wanted if number not in known]:
            raise forms.ValidationError(_("No customer has the number %(number)s.") % {"number": missing[0]})
        return self.cleaned_data["numbers"]

    def clean_new_number(self):
        number = self.cleaned_data["new_number"]
        if number and Owner.objects.filter(customer_no=number).exists():
            raise forms.ValidationError(_("This number belongs to a customer already. Write it in the list above."))
        return number

    def clean(self):
        given = super().clean()
        name, number = given.get("new_name"), given.get("new_number")
        if bool(name) != bool(number) and not self.errors:
            raise forms.ValidationError(_("A new customer needs a name and a customer number."))
        language = given.get("new_language") or settings.LANGUAGE_CODE
        record = Owner(name=name, customer_no=number, language=language) if name and number else None
        given["new_record"] = record
        given["to"] = [*getattr(self, "existing", []), *([record] if record else [])]
        return given
