"""A form field for many photos at once."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from .checks import MAX_PHOTO_BYTES, MAX_PHOTOS, FileError, check_count, check_photo
from .images import read_photo


class PhotosInput(forms.FileInput):
    allow_multiple_selected = True

    def __init__(self, attrs=None):
        limits = {"data-max-files": MAX_PHOTOS, "data-max-bytes": MAX_PHOTO_BYTES}  # for a warning before sending
        super().__init__({"accept": "image/*,.heic,.heif", **limits, **(attrs or {})})


class PhotosField(forms.FileField):
    """Cleans to a list of photos that `store_image` takes, checked and re-encoded: no work is left for the transaction.

    Each bad file is an error of its own that names it. Size, type and header of all are checked
    before the first is decoded.
    """

    widget = PhotosInput
    default_error_messages = {"required": _("Please choose at least one photo.")}

    def clean(self, data, initial=None):
        uploads = data if isinstance(data, list) else [data] if data else []
        if not uploads:
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return []
        _each(check_count, [uploads])
        _each(check_photo, uploads)
        return _each(read_photo, uploads)


def _each(step, items):
    """What `step` returns for each of `items`, or one ValidationError with all that was wrong."""
    results, errors = [], []
    for item in items:
        try:
            results.append(step(item))
        except FileError as error:
            errors.append(str(error))
    if errors:
        raise ValidationError(list(dict.fromkeys(errors)))
    return results
