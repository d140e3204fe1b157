"""What people type in a hurry: full-width digits, units, ten thousands. All of it becomes plain numbers."""

import re
import unicodedata
from decimal import Decimal, InvalidOperation

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.forms import TelephoneField

LONGEST_NUMBER = 40
NUMBER = re.compile(r"(\d{1,12}(?:\.\d{1,4})?)(.*)", re.ASCII)
TEN_THOUSAND = 10_000


def plain(text):
    """`text` with full-width letters, digits and signs as everybody else writes them."""
    return unicodedata.normalize("NFKC", text) if isinstance(text, str) else text


class Plain:
    """Reads full-width characters as plain ones."""

    def to_python(self, value):
        return super().to_python(plain(value))


class PlainTelephoneField(TelephoneField):
    def clean(self, value):
        return super().clean(plain(value))


class PlainEmailField(Plain, forms.EmailField):
    pass


class PlainDateField(Plain, forms.DateField):
    pass


class UnitField(forms.CharField):
    """A number with or without its unit. `units`: {what may stand behind it: what it multiplies by}."""

    def __init__(self, *, units, least, most, whole=True, **kwargs):
        super().__init__(max_length=LONGEST_NUMBER, **kwargs)
        self.units, self.least, self.most, self.whole = units, Decimal(least), Decimal(most), whole
        self.widget.attrs["inputmode"] = "numeric" if whole else "decimal"

    def clean(self, value):
        text = super().clean(plain(value))
        return self._number(re.sub(r"[\s,，¥￥]", "", text)) if text else None

    def _number(self, text):
        found = NUMBER.fullmatch(text)
        factor = self.units.get(found[2].lower()) if found else None
        if factor is None:
            raise ValidationError(_("Please give a number."))
        try:
            number = Decimal(found[1]) * factor
        except InvalidOperation as error:
            raise ValidationError(_("Please give a number.")) from error
        if not self.least <= number <= self.most:
            raise ValidationError(_("This can't be right. Please look at the number again."))
        return int(number) if self.whole else round(number, 1)


def area_field(**kwargs):
    units = dict.fromkeys(["", "m", "m2", "qm", "sqm", "平", "平米", "平方", "平方米"], 1)
    return UnitField(units=units, least=1, most=100_000, whole=False, **kwargs)


def budget_field(**kwargs):
    units = dict.fromkeys(["", "元", "rmb", "yuan"], 1) | dict.fromkeys(["万", "万元", "w"], TEN_THOUSAND)
    return UnitField(units=units | {"k": 1000}, least=1, most=1_000_000_000, **kwargs)


def residents_field(**kwargs):
    return UnitField(units={"": 1, "人": 1, "口": 1, "口人": 1}, least=1, most=100, **kwargs)
