"""Times as staff write them: by the clocks of the development, which only the whole form knows."""

from datetime import UTC

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _

from ..site_announcements import LocalTimeField

YEARS = range(1970, 2200)  # others don't exist in UTC, or not some hours later
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class WallClockField(LocalTimeField):
    """Cleans to a time without a zone; `by_the_clock` puts it into one. Shown again in the zone that is active."""

    def __init__(self, **kwargs):
        super().__init__(**({"required": True} | kwargs))


def by_the_clock(naive, zone):
    """This moment where the clocks show `naive`. Raises ValidationError for one far off, or skipped in spring."""
    if naive.year not in YEARS:
        raise forms.ValidationError(forms.DateTimeField.default_error_messages["invalid"])
    moment = naive.replace(tzinfo=zone)
    if moment.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != naive:
        raise forms.ValidationError(_("The clocks are put forward then: this time does not exist there."))
    return moment


class InZone(forms.Form):
    """Mixed into a form, before it: `clean` calls `to_zone` once it is known where it is for."""

    clock_fields = ()

    def to_zone(self, cleaned, zone):
        for name in self.clock_fields:
            if cleaned.get(name) is None:
                continue
            try:
                cleaned[name] = by_the_clock(cleaned[name], zone)
            except forms.ValidationError as error:
                self.add_error(name, error)


def shown(moment, zone):
    """What a field shows of a moment."""
    return moment and timezone.make_naive(moment, zone)
