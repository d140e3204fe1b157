"""A signature drawn on a screen: a small PNG, looked at before it is taken for one, and made anew."""

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext as _
from PIL import Image

from accounts.files.checks import FileError
from accounts.files.images import read_photo
from portal.tickets.errors import TicketError

LARGEST = 400 * 1024  # bytes
LONGEST_SIDE = 2400  # pixels
LEAST_INK = 40  # pixels that differ from the ground: a dot is no signature
PNG = b"\x89PNG\r\n\x1a\n"


def read_signature(data):
    """The Photo to be stored of what was drawn, bytes of a PNG. Takes a moment: call it outside a transaction.

    Raises TicketError for anything but a drawn signature.
    """
    if not data:
        raise TicketError(_("Please sign."))
    if len(data) > LARGEST or not data.startswith(PNG):
        raise TicketError(_("This signature could not be read. Please sign once more."))
    try:
        with Image.open(BytesIO(data), formats=["PNG"]) as image:
            small = max(image.size) <= LONGEST_SIDE
        photo = read_photo(SimpleUploadedFile("signature.png", data, "image/png")) if small else None
    except (FileError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise TicketError(_("This signature could not be read. Please sign once more.")) from error
    if photo is None:
        raise TicketError(_("This signature could not be read. Please sign once more."))
    if _ink(photo) < LEAST_INK:
        raise TicketError(_("Please sign."))
    return photo


def _ink(photo):
    """How many pixels are drawn upon, on the white ground that it was put on."""
    photo.content.seek(0)
    with Image.open(photo.content, formats=["JPEG"]) as image:
        dark = image.convert("L").histogram()[:160]
    photo.content.seek(0)
    return sum(dark)
