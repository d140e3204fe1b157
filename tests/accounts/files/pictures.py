"""Photos for tests, good and bad, made on the spot."""

import struct
import zlib
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import ExifTags, Image

CLIENT_NAME = "IMG_0042.jpg"


def picture(width=64, height=48, *, color=(200, 30, 30), mode="RGB"):
    return Image.new(mode, (width, height), color)


def encoded(image=None, kind="JPEG", **options):
    file = BytesIO()
    (image or picture()).save(file, kind, **options)
    return file.getvalue()


def upload(content, name=CLIENT_NAME, content_type="image/jpeg"):
    return SimpleUploadedFile(name, content, content_type)


def photo(name=CLIENT_NAME, **options):
    """An upload that is a sound JPEG."""
    return upload(encoded(picture(**options)), name)


def noise(width, height):
    """A picture that does not compress."""
    return Image.effect_noise((width, height), 90).convert("RGB")


def exif(*, orientation=None, taken=None, offset=None, gps=False):
    data = Image.Exif()
    data[ExifTags.Base.Make] = "Phone"
    if orientation:
        data[ExifTags.Base.Orientation] = orientation
    inner = data.get_ifd(ExifTags.IFD.Exif)
    if taken:
        inner[ExifTags.Base.DateTimeOriginal] = taken
    if offset:
        inner[ExifTags.Base.OffsetTimeOriginal] = offset
    if gps:
        place = data.get_ifd(ExifTags.IFD.GPSInfo)
        place[ExifTags.GPS.GPSLatitudeRef], place[ExifTags.GPS.GPSLatitude] = "N", (31.0, 14.0, 9.0)
    return data


def png(width, height, *rows):
    """A grey PNG whose header says so, whatever its pixels say: `rows` are compressed as they are."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    pixels = zlib.compress(b"".join(rows), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def huge_png():
    """13,000² black pixels in about 20 KiB, complete and correct."""
    row = bytes(1 + 13_000 // 8)
    return png(13_000, 13_000, row * 13_000)


def many_scans(count):
    """A correct progressive JPEG that refines its last bit `count` times more."""
    whole = encoded(picture(mode="L", color=128), progressive=True)
    scan = whole[whole.rindex(b"\xff\xda") : -2]
    return whole[:-2] + scan * count + whole[-2:]


def video(size):
    """As much of an MP4 as anything looks at, `size` bytes long."""
    head = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom"
    return head + bytes(size - len(head))
