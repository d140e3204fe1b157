"""From a checked upload to the photo that is kept: upright, sRGB, at most 4096 pixels, and nothing in it but pixels."""

import hashlib
import re
import threading
from datetime import datetime, timedelta, timezone
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import NamedTuple

from django.core.files import File
from django.utils import timezone as django_timezone
from PIL import ExifTags, Image, ImageCms

from .checks import DAMAGED, FileError, check_photo, opened, refusal

CONTENT_TYPE = "image/jpeg"
LONG_SIDE = 4096
BOXES = {"thumb": 480, "large": 1600}  # the variants, by the square they fit into
KEPT_IN_MEMORY = 512 * 1024  # of a photo that waits to be stored; the rest of it waits on disk
LARGEST_PROFILE = 1024 * 1024

# Fifty million pixels are 200 MB, twice that with transparency: never two at a time in one process.
_one_at_a_time = threading.Lock()

UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
OFFSET = re.compile(r"([+-])(\d\d):(\d\d)")


class Waiting(SpooledTemporaryFile):
    """Closes itself: a form, which may hold it last, closes nothing."""

    def __del__(self):
        self.close()


class Photo(NamedTuple):
    """A photo ready to be stored: re-encoded, so the original is needed no more."""

    name: str  # the client's, for messages only
    content: File
    sha256: str
    size: int
    width: int
    height: int
    taken_at: datetime | None


def read_photo(uploaded):
    """Check and decode an upload, and encode it anew. Takes up to seconds: call it outside a transaction.

    Of several frames the first is kept. Raises FileError, worded for the uploader.
    """
    check_photo(uploaded)
    try:
        with _one_at_a_time, opened(uploaded) as image:
            taken_at = _taken_at(image)
            picture = _cleaned(image)
            jpeg = _encoded(picture, quality=85)
    except FileError:
        raise
    except Exception as error:  # decoders meet hostile bytes here, and raise whatever they find
        raise refusal(DAMAGED, uploaded.name) from error
    sha256 = hashlib.sha256(jpeg).hexdigest()
    return Photo(uploaded.name, _spooled(jpeg), sha256, len(jpeg), picture.width, picture.height, taken_at)


def fitted(file, box):
    """The stored photo `file` fitted into a square of `box` pixels: (JPEG bytes, width, height)."""
    file.seek(0)
    with Image.open(file, formats=["JPEG"]) as image:
        image.thumbnail((box, box), Image.Resampling.LANCZOS, reducing_gap=3.0)
        return _encoded(image, quality=80), image.width, image.height


def _cleaned(image):
    orientation, profile = _orientation(image), image.info.get("icc_profile")
    image = _resizable(image)
    scale = LONG_SIDE / max(image.size)
    if scale < 1:  # a JPEG is decoded at half its size already, which saves three quarters of the memory
        image.draft(None, (max(1, int(image.width * scale)), max(1, int(image.height * scale))))
    image.thumbnail((LONG_SIDE, LONG_SIDE), Image.Resampling.LANCZOS, reducing_gap=1.0)
    if orientation in UPRIGHT:
        image = image.transpose(UPRIGHT[orientation])
    image = _in_srgb(_on_white(image), profile)
    image.info = {}  # whatever a format would carry over: comments, XMP, EXIF, profiles
    return image


def _resizable(image):
    """In a mode whose pixels can be averaged: palettes, bitmaps and 16 bits cannot."""
    if image.mode.startswith("I"):
        return image.point(lambda value: value * (1 / 256)).convert("L")
    if image.mode in {"P", "PA"} or "transparency" in image.info:
        return image.convert("RGBA")
    return image.convert("L") if image.mode == "1" else image


def _on_white(image):
    if not image.has_transparency_data:
        return image
    white = Image.new("RGB", image.size, "white")
    image = image.convert("RGBA")
    white.paste(image, mask=image.getchannel("A"))
    return white


def _in_srgb(image, profile):
    """Colours as they were meant, since the profile goes. One that can't be read counts as sRGB."""
    if profile and len(profile) <= LARGEST_PROFILE:
        try:
            meant = ImageCms.ImageCmsProfile(BytesIO(profile))
            return ImageCms.profileToProfile(image, meant, ImageCms.createProfile("sRGB"), outputMode="RGB")
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass
    return image if image.mode == "RGB" else image.convert("RGB")


def _encoded(image, *, quality):
    file = BytesIO()
    image.save(file, "JPEG", quality=quality, progressive=True)
    return file.getvalue()


def _spooled(content):
    file = Waiting(max_size=KEPT_IN_MEMORY)
    file.write(content)
    file.seek(0)
    return File(file)


def _orientation(image):
    try:
        return image.getexif().get(ExifTags.Base.Orientation)
    except Exception:  # a broken EXIF block is no reason to refuse the photo
        return None


def _taken_at(image):
    """When the camera says the photo was taken; None when it says nothing, or nothing sensible."""
    try:
        exif = image.getexif().get_ifd(ExifTags.IFD.Exif)
        local = datetime.strptime(str(exif[ExifTags.Base.DateTimeOriginal]).strip("\0 "), "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007
        zone = _zone(str(exif.get(ExifTags.Base.OffsetTimeOriginal, "")))
    except Exception:  # as above
        return None
    return local.replace(tzinfo=zone) if local.year >= 2000 else None


def _zone(offset):
    """The zone that "+08:00" means; without a sensible one, the portal's own."""
    match = OFFSET.match(offset)
    if not match or int(match[2]) > 14:
        return django_timezone.get_default_timezone()
    distance = timedelta(hours=int(match[2]), minutes=int(match[3]))
    return timezone(-distance if match[1] == "-" else distance)
