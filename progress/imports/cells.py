"""What may stand in a cell, by kind of column. Each kind reads one value, or says plainly what is wrong with it."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import cached_property
from zoneinfo import available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import override
from phonenumber_field.phonenumber import to_python as read_phone
from phonenumbers import PhoneMetadata

# A spreadsheet would take a text that begins so for a formula. Exports put an apostrophe before it.
RISKY = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)
SERIAL_ZERO = date(1899, 12, 30)  # Excel counts days from here
DATE = re.compile(r"(\d{4})(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|年(\d{1,2})月(\d{1,2})日|(\d\d)(\d\d))")
WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}


class CellError(Exception):
    """One cell can't be used. The message says why, worded for whoever filled in the workbook."""


def neutral(text):
    """`text` as an export writes it: never a formula, and read back by `plain` as it was."""
    return f"'{text}" if text.lstrip("'").startswith(RISKY) else text


def narrow(text):
    """With full-width letters, digits and signs as their ordinary forms: １２３ is 123."""
    return text if text.isascii() else text.translate(WIDE)


def shown(value, longest=40):
    """A cell's value as a sentence may quote it."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = " ".join("".join(c if c.isprintable() else " " for c in str(value)).split())
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def plain(raw):
    """The cell as text: whole numbers without a point, spaces tidied. Raises CellError for dates and the like."""
    if isinstance(raw, bool) or not isinstance(raw, str | int | float | Decimal):
        raise CellError(_("“%(value)s” is not text. Please format the cell as text.") % {"value": shown(raw)})
    if isinstance(raw, float):
        raw = f"{raw:.0f}" if raw.is_integer() and abs(raw) < 1e15 else f"{raw:.15g}"
    text = str(raw).strip(" \u3000\xa0")
    if text.startswith("'") and text.lstrip("'").startswith(RISKY):
        text = text[1:]
    elif text.startswith("="):
        raise CellError(_("This is a formula. Please write its value instead."))
    if not text.isprintable() and any(unicodedata.category(c) in {"Cc", "Zl", "Zp"} for c in text):
        raise CellError(_("Please write this in one line, without invisible characters."))
    return " ".join(text.split())


@dataclass(frozen=True)
class Text:
    """Words. `number` columns (home 302, customer 1001, building 3) take full-width digits for ordinary ones."""

    longest: int
    number: bool = False

    @property
    def hint(self):
        return _("text, at most %(count)s characters") % {"count": self.longest}

    def read(self, raw):
        text = narrow(plain(raw)) if self.number else plain(raw)
        if len(text) > self.longest:
            raise CellError(
                _("This has %(count)s characters; at most %(limit)s fit.") % {"count": len(text), "limit": self.longest}
            )
        return text


@dataclass(frozen=True)
class Amount:
    """A number above zero with at most two decimals."""

    limit: int = 1_000_000

    @property
    def hint(self):
        return _("a number, such as 89.5")

    def read(self, raw):
        text = narrow(plain(raw)).removesuffix("m²").removesuffix("㎡").strip()
        try:
            number = Decimal(text)
        except InvalidOperation:
            number = None
        if number is None or not number.is_finite():
            raise CellError(_("“%(value)s” is not a number.") % {"value": shown(raw)})
        if not 0 < number < self.limit:
            raise CellError(_("“%(value)s” is too small or too large.") % {"value": shown(raw)})
        rounded = number.quantize(Decimal("0.01"))
        if abs(rounded - number) > Decimal("0.000001"):  # what a spreadsheet's arithmetic leaves behind
            raise CellError(_("“%(value)s” has more than two decimals.") % {"value": shown(raw)})
        return rounded


@dataclass(frozen=True)
class Day:
    """A date: a cell formatted as one, or 2026-02-28, 2026/2/28, 20260228, 2026年2月28日."""

    @property
    def hint(self):
        return _("a date, such as 2026-02-28")

    def read(self, raw):
        if isinstance(raw, datetime):
            raw = raw.date()
        day = raw if isinstance(raw, date) else self._from_text(raw)
        if not FIRST_DAY <= day <= LAST_DAY:
            raise CellError(_("“%(value)s” lies too far away.") % {"value": shown(raw)})
        return day

    def _from_text(self, raw):
        text = narrow(plain(raw)).replace(" ", "")
        if match := DATE.fullmatch(text):
            year, *rest = (int(part) for part in match.groups() if part)
            try:
                return date(year, *rest)
            except ValueError:
                raise CellError(_("“%(value)s” is no day of the calendar.") % {"value": shown(raw)}) from None
        if text.isdecimal() and 10_000 <= int(text) <= 99_999:
            meant = SERIAL_ZERO + timedelta(days=int(text))
            raise CellError(
                _("“%(value)s” is a number. If it stands for %(day)s, please write it so.")
                % {"value": shown(raw), "day": meant.isoformat()}
            )
        raise CellError(_("“%(value)s” is not a date. Please write it as 2026-02-28.") % {"value": shown(raw)})


@dataclass(frozen=True)
class Choice:
    """One of a few words: (code, label) pairs; written as the code or as the label in either language."""

    choices: tuple
    more: tuple = ()

    @property
    def hint(self):
        return _("one of: %(words)s") % {"words": ", ".join(code for code, _label in self.choices)}

    @cached_property
    def words(self):
        """What may be written for each: its code, its name in either language, and `more`."""
        known = {}
        for language in ("en", "zh-hans"):
            with override(language):
                known |= {str(label).lower(): code for code, label in self.choices}
        return known | {str(code).lower(): code for code, _label in self.choices} | dict(self.more)

    def read(self, raw):
        text = plain(raw)
        found = self.words.get(narrow(text).lower())
        if found is None:
            raise CellError(
                _("“%(value)s” is not known here. Please write one of: %(words)s.")
                % {"value": shown(text), "words": ", ".join(code for code, _label in self.choices)}
            )
        return found


@dataclass(frozen=True)
class Email:
    @property
    def hint(self):
        return _("an e-mail address")

    def read(self, raw):
        text = narrow(plain(raw)).lower()
        try:
            validate_email(text)
        except ValidationError:
            raise CellError(_("“%(value)s” is not an e-mail address.") % {"value": shown(text)}) from None
        if len(text) > 254:
            raise CellError(_("“%(value)s” is not an e-mail address.") % {"value": shown(text)})
        return text


@dataclass(frozen=True)
class Phone:
    """A telephone number, kept as +8613800000000."""

    @property
    def hint(self):
        return _("a telephone number")

    @cached_property
    def at_home(self):
        """Mobile numbers of the own region by the same rules, without the long way that tells all regions apart."""
        rules = PhoneMetadata.metadata_for_region(settings.PHONENUMBER_DEFAULT_REGION)
        return re.compile(rf"(?:\+{rules.country_code})?({rules.mobile.national_number_pattern})"), rules.country_code

    def read(self, raw):
        text = narrow(plain(raw))
        pattern, country = self.at_home
        if match := pattern.fullmatch(text):
            return f"+{country}{match[1]}"
        phone = read_phone(text) if len(text) <= 40 else None
        if phone is None or not phone.is_valid():
            raise CellError(_("“%(value)s” is not a telephone number.") % {"value": shown(text)})
        return phone.as_e164


@dataclass(frozen=True)
class Zone:
    @property
    def hint(self):
        return _("a time zone, such as Asia/Shanghai")

    def read(self, raw):
        text = plain(raw)
        if text not in available_timezones():
            raise CellError(_("“%(value)s” is not a time zone. An example: Asia/Shanghai.") % {"value": shown(text)})
        return text
