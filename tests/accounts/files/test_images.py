from datetime import UTC, datetime
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from PIL import Image, ImageCms, PngImagePlugin

from accounts.files import images
from accounts.files.images import fitted, read_photo

from .pictures import encoded, exif, picture, upload

RED, WHITE = (200, 30, 30), (255, 255, 255)


def kept(content):
    """The photo that comes of it, as Pillow opens it."""
    return Image.open(BytesIO(read_photo(upload(content)).content.read()))


def near(pixel, wanted):
    return all(abs(a - b) <= 6 for a, b in zip(pixel, wanted, strict=True))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_position_and_camera_are_gone(kind):
    content = encoded(kind=kind, exif=exif(gps=True, taken="2026:11:20 09:30:00"))
    assert b"2026:11:20" in content
    with Image.open(BytesIO(content)) as image:
        assert image.getexif().get_ifd(0x8825) != {}
    clean = read_photo(upload(content)).content.read()
    assert b"Exif" not in clean
    assert b"2026:11:20" not in clean
    with Image.open(BytesIO(clean)) as image:
        assert (dict(image.getexif()), set(image.info)) == (
            {},
            {"jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive", "progression"},
        )


def test_xmp_comment_profile_and_text_are_gone():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    jpeg = encoded(xmp=b"<x:xmpmeta>secret</x:xmpmeta>", comment=b"secret", icc_profile=profile)
    text = PngImagePlugin.PngInfo()
    text.add_text("Author", "secret")
    for content in (jpeg, encoded(kind="PNG", pnginfo=text, icc_profile=profile)):
        clean = read_photo(upload(content)).content.read()
        assert [mark for mark in (b"secret", b"xmp", b"ICC_PROFILE", b"acsp") if mark in clean] == []


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_photo_comes_out_upright(orientation):
    upright = picture(60, 40, color=WHITE)
    upright.paste(RED, (0, 0, 30, 20))  # the red quarter is at the top left
    turned_back = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # what a camera held that way stores
    stored = upright.transpose(turned_back[orientation]) if orientation > 1 else upright
    image = kept(encoded(stored, exif=exif(orientation=orientation), quality=95))
    assert image.size == (60, 40)
    assert [near(image.getpixel(at), RED) for at in ((8, 6), (50, 6), (8, 34), (50, 34))] == [True, False, False, False]


def test_transparency_becomes_white():
    image = picture(64, 48, mode="RGBA", color=(200, 30, 30, 0))
    image.paste((*RED, 255), (32, 0, 64, 48))
    image = kept(encoded(image, "PNG"))
    assert near(image.getpixel((8, 8)), WHITE)
    assert near(image.getpixel((56, 8)), RED)


@pytest.mark.parametrize("mode", ["L", "P", "RGB"])
def test_one_transparent_colour_becomes_white(mode):
    transparent = (0, 0, 0) if mode == "RGB" else 0
    image = kept(encoded(picture(mode=mode, color=transparent), "PNG", transparency=transparent))
    assert near(image.getpixel((8, 8)), WHITE)


def test_cmyk_becomes_rgb():
    image = kept(encoded(picture(mode="CMYK", color=(0, 255, 255, 0))))
    assert image.mode == "RGB"
    assert near(image.getpixel((8, 8)), (255, 0, 0))


def test_sixteen_bits_keep_their_brightness():
    image = kept(encoded(picture(mode="I;16", color=0x8000), "PNG"))
    assert near(image.getpixel((8, 8)), (128, 128, 128))


def test_a_profile_is_applied_before_it_goes(monkeypatch):
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    applied = []
    real = ImageCms.profileToProfile
    monkeypatch.setattr(ImageCms, "profileToProfile", lambda *args, **kw: applied.append(1) or real(*args, **kw))
    assert near(kept(encoded(icc_profile=srgb, quality=95)).getpixel((8, 8)), RED)
    assert applied == [1]


def test_a_broken_profile_counts_as_srgb():
    assert near(kept(encoded(icc_profile=b"no profile", quality=95)).getpixel((8, 8)), RED)


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
def test_a_broken_exif_block_is_no_reason_to_refuse():
    assert kept(encoded(exif=b"Exif\x00\x00MM\x00*\xff\xff\xff\xff")).size == (64, 48)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_of_an_animation_the_first_frame_is_kept(kind):
    content = encoded(picture(), kind, save_all=True, append_images=[picture(color=(0, 0, 255))], lossless=True)
    image = kept(content)
    assert (image.format, getattr(image, "n_frames", 1)) == ("JPEG", 1)
    assert near(image.getpixel((8, 8)), RED)


def test_of_a_phones_two_pictures_in_one_the_first_is_kept():
    image = kept(encoded(picture(), "MPO", save_all=True, append_images=[picture(color=(0, 0, 255))]))
    assert (image.format, near(image.getpixel((8, 8)), RED)) == ("JPEG", True)


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_the_long_side_is_4096_at_most(kind):
    assert kept(encoded(picture(100, 5000), kind)).size == (82, 4096)


def test_a_line_of_pixels_survives():
    assert kept(encoded(picture(1, 9000), "PNG")).size == (1, 4096)


def test_the_same_photo_gives_the_same_bytes():
    assert read_photo(upload(encoded())).sha256 == read_photo(upload(encoded())).sha256


@pytest.mark.parametrize(
    ("taken", "offset", "moment"),
    [
        ("2026:11:20 09:30:00", "+09:00", datetime(2026, 11, 20, 0, 30, tzinfo=UTC)),
        ("2026:11:20 09:30:00", "-03:30", datetime(2026, 11, 20, 13, 0, tzinfo=UTC)),
        ("2026:11:20 09:30:00", None, datetime(2026, 11, 20, 1, 30, tzinfo=UTC)),  # the portal's zone: Shanghai
        ("2026:11:20 09:30:00", "+99:00", datetime(2026, 11, 20, 1, 30, tzinfo=UTC)),
        ("1970:01:01 00:00:00", None, None),
        ("0000:00:00 00:00:00", None, None),
        ("yesterday", None, None),
        (None, None, None),
    ],
)
def test_when_the_photo_was_taken(taken, offset, moment):
    assert read_photo(upload(encoded(exif=exif(taken=taken, offset=offset)))).taken_at == moment


def test_two_photos_are_never_decoded_at_once(monkeypatch):
    seen = []
    real = images._cleaned
    monkeypatch.setattr(images, "_cleaned", lambda image: seen.append(images._one_at_a_time.locked()) or real(image))
    read_photo(upload(encoded()))
    assert (seen, images._one_at_a_time.locked()) == ([True], False)


@pytest.mark.parametrize(("size", "box", "fits"), [((1000, 500), 480, (480, 240)), ((100, 50), 480, (100, 50))])
def test_a_variant_fits_its_box_and_is_never_enlarged(size, box, fits):
    jpeg, width, height = fitted(ContentFile(encoded(picture(*size))), box)
    assert ((width, height), Image.open(BytesIO(jpeg)).size) == (fits, fits)
