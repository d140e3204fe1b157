"""Signatures: drawn on the phone's glass, or on paper that was photographed. Both become the bytes of a PNG."""

import base64
import binascii
from io import BytesIO

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from PIL import Image

from accounts.files.checks import FileError
from accounts.files.images import read_photo

PREFIX = "data:image/png;base64,"
LARGEST = 400_000  # characters of a drawing; one has some thousands
PAPER = (1600, 1000, 600)  # longest side of a photographed sheet that is kept: the largest that is small enough
MOST_BYTES = 300_000
MAGIC = b"\x89PNG\r\n\x1a\n"


class DrawnField(forms.CharField):
    """What signature.js puts into its hidden field. Cleans to the bytes of a PNG, or None."""

    widget = forms.HiddenInput
    default_error_messages = {"invalid": _("The signature could not be read. Please sign once more.")}

    def clean(self, value):
        drawn = super().clean(value)
        if not drawn:
            return None
        if len(drawn) > LARGEST or not drawn.startswith(PREFIX):
            raise ValidationError(self.error_messages["invalid"])
        try:
            png = base64.b64decode(drawn.removeprefix(PREFIX), validate=True)
        except (binascii.Error, ValueError) as error:
            raise ValidationError(self.error_messages["invalid"]) from error
        if not png.startswith(MAGIC):
            raise ValidationError(self.error_messages["invalid"])
        return png


class PaperField(forms.FileField):
    """A photo of the signed sheet, checked as every photo is. Cleans to the bytes of a PNG, or None."""

    def clean(self, data, initial=None):
        data = data[0] if isinstance(data, list) and data else data  # as the widget of many photos gives them
        if not data:
            return super().clean(None, initial)
        try:
            photo = read_photo(data)
        except FileError as error:
            raise ValidationError(str(error)) from error
        photo.content.seek(0)
        with Image.open(photo.content) as sheet:
            sizes = [png for side in PAPER if len(png := _in_grey(sheet, side)) <= MOST_BYTES]
        if not sizes:
            raise ValidationError(_("This photo could not be made small enough. Please take it in better light."))
        return sizes[0]


def _in_grey(sheet, side):
    """As few shades as ink on paper needs: a photo in all of them would be ten times as large."""
    small, made = sheet.convert("L"), BytesIO()
    small.thumbnail((side, side))
    small.quantize(16).save(made, "PNG", optimize=True)
    return made.getvalue()
