"""Short videos for tests, made on the spot."""

from io import BytesIO

import av
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

PLACE = "+31.2350+121.4900/"


def clip(kind="mp4", codec="libx264", *, width=64, height=48, frames=5, rate=5, sound="", turned=0):
    """The bytes of a video that says where it was taken."""
    file = BytesIO()
    with av.open(file, "w", format=kind) as made:
        made.metadata.update({"location": PLACE, "title": "Phone"})
        picture = made.add_stream(codec, rate=rate)
        picture.width, picture.height, picture.pix_fmt = width, height, "yuv420p"
        noise = made.add_stream(sound, rate=48_000) if sound else None
        if turned:
            picture.set_display_rotation(turned)
        for number in range(frames):
            shown = av.VideoFrame.from_image(Image.new("RGB", (width, height), (200, 40 + number, 30)))
            made.mux(picture.encode(shown))
        made.mux(picture.encode())
        if noise:
            made.mux(noise.encode(_silence()))
            made.mux(noise.encode())
    return file.getvalue()


def _silence():
    frame = av.AudioFrame(format="fltp", layout="stereo", samples=1024)
    frame.rate, frame.pts = 48_000, 0
    for plane in frame.planes:
        plane.update(bytes(plane.buffer_size))
    return frame


def video(content=None, name="IMG_0043.MOV", **options):
    """An upload that is a sound video."""
    return SimpleUploadedFile(name, clip(**options) if content is None else content, "video/mp4")
