import pytest
from django.utils.translation import override
from PIL import Image, ImageFile

from accounts.files import checks
from accounts.files.checks import FileError, check_count, check_photo, shown_name
from accounts.files.images import read_photo

from .pictures import encoded, huge_png, many_scans, photo, picture, png, upload, video

NOT_A_PHOTO = "“{}” is not a photo that we can read. Please choose a JPEG, PNG, WebP or HEIC file."
DAMAGED = "“{}” is damaged or incomplete. Please choose the photo again."
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def refused(content, name="IMG_0042.jpg", content_type="image/jpeg"):
    """What the uploader is told."""
    with pytest.raises(FileError) as caught:
        read_photo(upload(content, name, content_type))
    return str(caught.value)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_a_photo_of_each_allowed_type_is_taken(kind):
    kept = read_photo(upload(encoded(kind=kind)))
    assert (kept.width, kept.height) == (64, 48)


def test_the_name_says_nothing_about_the_type():
    assert read_photo(upload(encoded(kind="PNG"), "page.html", "text/html")).width == 64


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("html.jpg", b"<!DOCTYPE html><html><script>alert(1)</script></html>"),
        ("text.jpg", b"This is a text that somebody renamed.\n"),
        ("drawing.svg", SVG),
        ("drawing.jpg", b'<?xml version="1.0"?>' + SVG),
        ("plan.pdf", b"%PDF-1.7\n1 0 obj\n"),
        ("gifar.gif", encoded(kind="GIF") + b"PK\x03\x04 an archive"),
        ("archive.jpg", b"PK\x03\x04\x14\x00" + bytes(60)),
        ("bitmap.bmp", encoded(kind="BMP")),
        ("scan.tif", encoded(kind="TIFF")),
        ("noise.jpg", b"\xff\xd8nothing of a photo"),
    ],
)
def test_what_is_no_photo_is_refused_by_name(name, content):
    assert refused(content, name) in {NOT_A_PHOTO.format(name), DAMAGED.format(name)}


@pytest.mark.parametrize(
    ("name", "content"), [("html.jpg", b"<html><body>Hello"), ("drawing.svg", SVG), ("gifar.gif", encoded(kind="GIF"))]
)
def test_the_message_says_what_may_be_chosen(name, content):
    assert refused(content, name) == NOT_A_PHOTO.format(name)


@pytest.mark.parametrize(
    "hidden", [b"<script>alert(1)</script>", b"PK\x03\x04 an archive PK\x05\x06", b"%PDF-1.7 startxref %%EOF", SVG]
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_polyglot_comes_out_clean(kind, hidden):
    kept = read_photo(upload(encoded(kind=kind) + hidden)).content.read()
    assert hidden not in kept
    assert kept.endswith(b"\xff\xd9")


def test_a_script_in_the_comment_comes_out_clean():
    kept = read_photo(upload(encoded(comment=b"<script>alert(1)</script>"))).content.read()
    assert b"script" not in kept


def test_a_png_of_13000_pixels_square_is_refused_by_its_header(monkeypatch):
    content = huge_png()
    assert len(content) < 21 * 1024
    monkeypatch.setattr(ImageFile.ImageFile, "load", lambda image: pytest.fail("decoded"))
    assert refused(content) == "“IMG_0042.jpg” has more than 50 million pixels. Please choose a smaller photo."


def test_pixels_are_counted_below_pillows_own_limit_too():
    row = b"\x00" + b"\xff" * (7_100 // 8 + 1)
    assert "50 million" in refused(png(7_100, 7_100, row * 7_100))


def test_a_webp_with_a_huge_canvas_is_refused(monkeypatch):
    monkeypatch.setattr(checks, "MAX_PIXELS", 64 * 48 - 1)
    assert "million pixels" in refused(encoded(kind="WEBP"))


def test_a_jpeg_of_many_scans_is_refused_before_it_takes_minutes():
    assert refused(many_scans(120)) == NOT_A_PHOTO.format("IMG_0042.jpg")


def test_a_jpeg_of_thousands_of_segments_is_refused():
    whole = encoded()
    assert refused(whole[:2] + b"\xff\xfe\x00\x02" * 2_500 + whole[2:]) == NOT_A_PHOTO.format("IMG_0042.jpg")


def test_an_ordinary_progressive_jpeg_is_taken():
    assert read_photo(upload(many_scans(20))).width == 64


def test_scans_of_a_film_behind_the_photo_do_not_count():
    assert read_photo(upload(encoded() + b"\xff\xda\x00\x02" * 500)).width == 64


def test_a_truncated_jpeg_is_refused():
    whole = encoded(Image.effect_noise((200, 200), 60).convert("RGB"))
    assert refused(whole[: len(whole) // 2]) == DAMAGED.format("IMG_0042.jpg")


def test_a_truncated_heic_is_refused():
    whole = encoded(Image.effect_noise((200, 200), 60).convert("RGB"), "HEIF")
    assert refused(whole[: len(whole) // 2], "photo.heic") == DAMAGED.format("photo.heic")


def test_an_empty_file_is_refused():
    assert refused(b"") == "“IMG_0042.jpg” is empty. Please choose the photo again."


@pytest.mark.parametrize(("width", "height"), [(0, 10), (10, 0), (0, 0)])
def test_a_photo_without_extent_is_refused(width, height):
    assert refused(png(width, height, b"")) == DAMAGED.format("IMG_0042.jpg")


def test_a_small_video_is_refused_by_its_type():
    told = refused(video(2_000), "walk.mp4", "video/mp4")
    assert told == "“walk.mp4” is a video. Please choose photos only."


class Unread:
    """An upload of 60 MB that counts what is read of it."""

    def __init__(self, head, name):
        self.head, self.name, self.size, self.taken = head, name, 60 * 1024 * 1024, 0

    def seek(self, position):
        pass

    def read(self, size):
        self.taken += size
        return self.head[:size]


@pytest.mark.parametrize(
    ("head", "told"),
    [
        (video(5_000), "“big.mp4” is a video. Please choose photos only."),
        (encoded(), "“big.mp4” is larger than 25 MB. Please choose a smaller photo."),
    ],
)
def test_60_mb_are_refused_without_reading_them(head, told):
    unread = Unread(head, "big.mp4")
    with pytest.raises(FileError) as caught:
        check_photo(unread)
    assert (str(caught.value), unread.taken) == (told, 4096)


def test_the_cap_is_25_mb_exactly(monkeypatch):
    content = encoded()
    monkeypatch.setattr(checks, "MAX_PHOTO_BYTES", len(content))
    check_photo(upload(content))
    with pytest.raises(FileError, match="larger than"):
        check_photo(upload(content + b"\x00"))


def test_30_photos_are_the_most():
    check_count([photo()] * 30)
    with pytest.raises(FileError, match=r"^Please choose at most 30 photos at once\.$"):
        check_count([photo()] * 31)


def test_truncated_photos_are_never_patched_up():
    assert ImageFile.LOAD_TRUNCATED_IMAGES is False


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("IMG 1.jpg", "IMG 1.jpg"),
        ("../../etc/passwd", "passwd"),
        (r"C:\photos\roof.jpg", "roof.jpg"),
        ("two\r\nlines\tin.jpg", "two lines in.jpg"),
        ("cod\u202egpj.exe", "codgpj.exe"),
        ("\x00\x1b[31mred.jpg", "[31mred.jpg"),
        ("厨房\u200b.jpg", "厨房.jpg"),
        ("a" * 300 + ".jpg", "a" * 48 + "…" + "a" * 7 + ".jpg"),
        ("", "A photo without a name"),
        (None, "A photo without a name"),
    ],
)
def test_a_clients_file_name_is_shown_as_plain_text(sent, shown):
    with override("en"):
        assert shown_name(sent) == shown


def test_a_percent_sign_in_the_name_is_only_a_percent_sign():
    assert refused(b"", "100%(x)s.jpg") == "“100%(x)s.jpg” is empty. Please choose the photo again."


def test_a_photo_in_any_mode_of_its_format_is_taken():
    for mode in ("1", "L", "LA", "P", "RGB", "RGBA", "I;16"):
        assert read_photo(upload(encoded(picture(mode=mode, color=0), "PNG"))).width == 64
